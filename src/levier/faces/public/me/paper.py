"""One's lines on paper sheets, found by the address written there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from levier.faces.public.me.notices import back
from levier.faces.public.private import private_page
from levier.gathering.signing.actions.withdraw_paper_line import withdraw_paper_line
from levier.gathering.signing.queries.paper import paper_lines_of
from levier.gathering.signing.rules.links import mailbox_from_token


@private_page
@require_POST
def withdraw(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Take one's line out of the count, for good."""
    mailbox = mailbox_from_token(token, now=timezone.now())
    line = paper_lines_of(mailbox.person).filter(pk=pk).first()
    if line is None:
        raise Http404
    withdraw_paper_line(line=line, person=mailbox.person, now=timezone.now())
    return back(token, "papier")
