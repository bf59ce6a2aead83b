"""The templates of mails, as each of a few people would read them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.messages.samples import BY_KEY, PEOPLE, Sample, shown_to
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, Organisation
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.messaging.mails.compiled import Compiled, compiled
from levier.foundation.messaging.mails.sources import source_of, template_keys
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.template import Template

#: It runs nothing, fetches nothing, and its links lead nowhere.
WALL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
WIDTHS = (600, 360)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One template."""

    package: str
    name: str
    subject: str
    last: datetime | None  # when it was last used here


@member_page
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """All of them, by what Paul would see in his mailbox."""
    membership = _membership(request)
    organisation = membership.organisation
    used = Message.objects.filter(organisation=organisation).values_list("template__key")
    last = dict(used.annotate(last=Max("created_at")).order_by())
    lines = []
    for key in template_keys():
        package, _, name = key.partition("/")
        subject = shown_to(PEOPLE[0], _letter(key, organisation), organisation).subject
        lines.append(Line(package=package, name=name, subject=subject, last=last.get(key)))
    context = {"lines": lines, "tab": "letters"}
    return page(
        request, "desk/messages/letters.html", context, membership=membership, here="messages"
    )


@member_page
@require_safe
def letter(request: HttpRequest, package: str, name: str) -> HttpResponse:
    """One template: wide, narrow and in plain text, for the person that is chosen."""
    membership = _membership(request)
    organisation, sample = membership.organisation, _sample(request)
    found = _letter(f"{package}/{name}", organisation)
    context = {
        "package": package,
        "name": name,
        "shown": shown_to(sample, found, organisation),
        "sample": sample,
        "people": PEOPLE,
        "widths": WIDTHS,
        "tab": "letters",
    }
    return page(
        request, "desk/messages/letter.html", context, membership=membership, here="messages"
    )


@member_page
@require_safe
@xframe_options_sameorigin
def html(request: HttpRequest, package: str, name: str) -> HttpResponse:
    """The HTML alone, as its frame shows it."""
    organisation = _membership(request).organisation
    found = _letter(f"{package}/{name}", organisation)
    response = HttpResponse(shown_to(_sample(request), found, organisation).html)
    response["Content-Security-Policy"] = WALL
    response["Referrer-Policy"] = "no-referrer"
    return response


def _membership(request: HttpRequest) -> Membership:
    asked = request.GET.get("organisation", "")
    return organisation_for(user_of(request), asked, CAN_CAMPAIGN)


def _sample(request: HttpRequest) -> Sample:
    """Who is chosen, Paul when it is nobody known."""
    return BY_KEY.get(request.GET.get("personne", ""), PEOPLE[0])


def _letter(key: str, organisation: Organisation) -> Compiled:
    """The current files of a template. Raises Hidden when there is none."""
    if key not in template_keys():
        raise Hidden
    source = source_of(key)
    return compiled(
        Template(
            key=key,
            language=organisation.language,
            subject=source.subject,
            mjml=source.mjml,
            text=source.text,
        )
    )
