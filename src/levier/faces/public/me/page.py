"""Everything a mailbox has with an organisation, on one page (P30), and as a file."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.public.me.news import my_news
from levier.faces.public.me.notices import notice_of
from levier.faces.public.private import private_page, see_other
from levier.faces.public.sharing import absolute
from levier.foundation.messaging.rules.addresses import preferences_token
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.queries.addresses import proposed_address_of
from levier.foundation.people.queries.timeline import cards_of
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.queries.mine import file_of, signatures_of
from levier.gathering.signing.queries.paper import paper_lines_of
from levier.gathering.signing.queries.partner_agreements import partner_agreements_of
from levier.gathering.signing.rules.choices import choices_of
from levier.gathering.signing.rules.links import mailbox_from_token
from levier.gathering.updates.actions.forget_answers import forget_answers
from levier.gathering.updates.queries.mine import answers_file

INDENTED = {"indent": 2, "ensure_ascii": False}


@private_page
@require_safe
def me(request: HttpRequest, token: str) -> HttpResponse:
    mailbox = mailbox_from_token(token, now=timezone.now())
    signatures = signatures_of(mailbox.person)
    context = {
        "here": "me",
        "token": token,
        "mailbox": mailbox,
        "organisation": mailbox.organisation,
        "signatures": signatures,
        "choices": choices_of(mailbox.person, mailbox.organisation),
        "preferences": preferences_token(person=mailbox.person_id, now=timezone.now()),
        "share_root": absolute("/s/"),
        "on_paper": paper_lines_of(mailbox.person).exclude(canonical=""),
        "partner_agreements": partner_agreements_of(mailbox.person),
        "proposed": proposed_address_of(mailbox.person),
        "news": my_news(mailbox, now=timezone.now()),
        "notice": notice_of(request),
    }
    return render(request, "public/me/me.html", context)


@private_page
@require_POST
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The whole file, as JSON. A POST, because taking it away is written down."""
    now = timezone.now()
    mailbox = mailbox_from_token(token, now=now)
    record_activity(
        organisation_id=mailbox.organisation_id,
        person_id=mailbox.person_id,
        kind=ActivityKind.EXPORTED,
        subject=f"contact:{mailbox.pk}",
        at=now,
    )
    told = {
        "organisation": mailbox.organisation.legal_name,
        **file_of(mailbox.person),
        "réponses": answers_file(mailbox.person),
    }
    response = JsonResponse(told, json_dumps_params=INDENTED)
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return response


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what happens; POST erases (P64)."""
    mailbox = mailbox_from_token(token, now=timezone.now())
    if request.method == "POST":
        withdraw_too = request.POST.get("withdraw") == "on"
        forget_answers(people=cards_of(mailbox.person), now=timezone.now())
        erase(contact_point=mailbox, withdraw_too=withdraw_too, now=timezone.now())
        return see_other(reverse("me_ask") + "?fait=effacement")
    standing = [mine for mine in signatures_of(mailbox.person) if mine.standing]
    context = {
        "here": "me",
        "token": token,
        "mailbox": mailbox,
        "organisation": mailbox.organisation,
        "standing": standing,
    }
    return render(request, "public/me/forget.html", context)
