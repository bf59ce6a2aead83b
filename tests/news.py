"""Published news with its ask, made from the models directly."""

from datetime import timedelta
from typing import Any

from levier.foundation.directory.enums import ContactType
from levier.foundation.directory.models import ContactDetail
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.enums import (
    TO_DECISION_MAKER,
    Answer,
    AskKind,
    UpdateKind,
    UpdateState,
)
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.answering import answer_token
from tests.cast import NOW, person_of

ZONE = "Europe/Paris"
KINDS = {
    AskKind.SHARE: UpdateKind.ARTICLE,
    AskKind.ADVISE: UpdateKind.ADVICE,
    AskKind.ATTEND: UpdateKind.EVENT,
    AskKind.TESTIFY: UpdateKind.TESTIMONY,
    AskKind.ENCOURAGE: UpdateKind.MEETING_OBTAINED,
    AskKind.LAUNCH: UpdateKind.LAUNCH,
    AskKind.CELEBRATE: UpdateKind.VICTORY,
}
TYPES = {
    AskKind.EMAIL: (ContactType.EMAIL, "k.diallo@valmont.example"),
    AskKind.CALL: (ContactType.VOICE, "+33 2 00 00 00 00"),
    AskKind.TWEET: (ContactType.X, "@kdiallo_valmont"),
    AskKind.FACEBOOK: (ContactType.FACEBOOK, "https://www.facebook.com/villedevalmont"),
}
TITLE = "La mairie nous reçoit jeudi"


def make_press_link(petition: Petition, **fields: Any) -> PressLink:
    return PressLink.objects.create(
        **{
            "petition": petition,
            "url": f"https://courrier.example/lilas-{PressLink.objects.count()}",
            "title": "Rue des Lilas : les cyclistes attendent",
            "outlet": "Le Courrier de Valmont",
            "day": NOW.date(),
            "added_at": NOW,
            **fields,
        }
    )


def make_contact(petition: Petition, kind: str, **fields: Any) -> ContactDetail:
    means, value = TYPES[AskKind(kind)]
    return ContactDetail.objects.create(
        **{
            "owner": petition.campaign.organisation,
            "person": petition.addressee_person,
            "type": means,
            "value": value,
            "is_public": True,
            **fields,
        }
    )


def make_news(petition: Petition, ask: str = AskKind.SHARE, n: int = 0, **fields: Any) -> Ask:
    """News that left, asking that; the fields of `Ask` are given with `ask__` before them."""
    of_ask = {k.removeprefix("ask__"): v for k, v in fields.items() if k.startswith("ask__")}
    own = {k: v for k, v in fields.items() if not k.startswith("ask__")}
    n = n or Update.objects.filter(petition=petition, n__isnull=False).count() + 1
    at = NOW - timedelta(days=40 - 2 * n)
    left = {"state": UpdateState.SENT, "first_sent_at": at}
    left = {name: own.pop(name, value) for name, value in left.items()}
    update = Update.objects.create(
        **{
            "petition": petition,
            "n": n,
            "kind": KINDS.get(AskKind(ask), UpdateKind.PRESSURE),
            "title": TITLE,
            "body": "<p>Nous avons rendez-vous jeudi. Ce qui s’y dira dépend aussi de vous.</p>",
            "press_link": own.pop("press_link", None) or make_press_link(petition),
            "release_at": at,
            "published_at": at,
            "author": petition.author,
            "edited_by": petition.author,
            "edited_at": at,
            "created_at": at,
            **own,
        }
    )
    if ask in TO_DECISION_MAKER and "contact" not in of_ask:
        of_ask["contact"] = make_contact(petition, ask)
    if ask == AskKind.ATTEND:
        event = {"starts_at": NOW + timedelta(days=57, hours=9), "zone": ZONE}
        of_ask = {**event, "place": "Devant la mairie de Valmont", **of_ask}
    made = Ask.objects.create(update=update, kind=ask, **{"label": "Je participe", **of_ask})
    Update.objects.filter(pk=update.pk).update(**left)  # once it has its ask
    update.refresh_from_db()
    made.update = update
    return made


def make_response(
    ask: Ask, signature: Signature, kind: str = Answer.TEXT, **fields: Any
) -> Response:
    return Response.objects.create(
        **{
            "ask": ask,
            "person": person_of(signature),
            "kind": kind,
            "at": NOW,
            "changed_at": NOW,
            **fields,
        }
    )


def token_of(ask: Ask, signature: Signature) -> str:
    """The personal link of that signatory."""
    return answer_token(update=ask.pk, contact_point=signature.contact_point_id or 0, now=NOW)


def merged_into(person: Person, kept: Person) -> None:
    """Two cards become one, as the merge leaves them."""
    Person.objects.filter(pk=person.pk).update(merged_into=kept)
