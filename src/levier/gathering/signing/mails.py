"""What signatories are told. Each function writes deliveries in the caller's transaction; the
worker sends them. A delivery is unique by (source, person, ordinal), so that once is once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string

from levier.foundation.accounts.mails import send_account_mail
from levier.foundation.accounts.models import User
from levier.foundation.common.typography import day
from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.actions.queue import Recipient, queue
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.rules.addresses import (
    absolute,
    confirmation_link,
    new_address_link,
    share_link,
)
from levier.foundation.messaging.rules.addresses import my_link as my_page
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.queries import desk_slug, latest_title
from levier.gathering.signing.enums import OrganisationState
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.alerts import sentence_of
from levier.gathering.signing.queries.brought_by import NOTHING, brought_by
from levier.gathering.signing.queries.for_mails import own_contexts, shared_by, who_writes
from levier.gathering.signing.rules.links import (
    AddressChange,
    confirmation_token,
    my_token,
    new_address_token,
    organisation_token,
)

GOOD_FOR = timedelta(days=3)  # a thank-you that could not leave in three days says nothing
LINK_GOOD_FOR = timedelta(hours=12)
MOST_CONFIRMATIONS = 5
REMINDERS_OVER = timedelta(minutes=10)
# One template, three readers: the old mailbox, the new one, and the new one when it is taken.
_NEW_ADDRESS = {"first_name": "", "my_url": None, "confirm_url": None, "taken": False}


def thanks(*, signatures: Iterable[Signature], now: datetime) -> None:
    """Thank, with the number, the share link and, while unconfirmed, the confirm button."""
    _tell("signing/thanks", "thanks", dict.fromkeys(signatures, 0), now=now)


def thanks_elsewhere(*, signatures: Iterable[Signature], now: datetime) -> None:
    """The same, once to each address that a signature has had (P24). One reader calls it, so
    that the ordinals are in order."""
    ordinals = {}
    for row in signatures:
        told = Delivery.objects.filter(source=_source(row, "thanks"), person=row.person_id)
        points = list(told.values_list("contact_point", flat=True))
        if row.contact_point_id not in points:
            ordinals[row] = len(points)
    _tell("signing/thanks", "thanks", ordinals, now=now)


def already(*, signatures: Mapping[Signature, int], now: datetime) -> None:
    """« Vous aviez déjà signé », and what one's link brought since (P46). Each signature comes with
    the ordinal of this mail (P18)."""
    brought = brought_by(row.person_id for row in signatures if row.person_id)
    each = {
        row.pk: {"brought": found.direct, "brought_further": found.further}
        for row in signatures
        for found in [brought.get(row.pk, NOTHING)]
    }
    _tell("signing/already", "already", signatures, now=now, each=each)


def reminder(*, signatures: Iterable[Signature], now: datetime) -> None:
    """The confirm button once more, once. Spread over some minutes: they delay no thank-you."""
    rows = dict.fromkeys(signatures, 0)
    _tell("signing/reminder", "reminder", rows, now=now, over=REMINDERS_OVER)


def confirmation_again(*, signature: Signature, now: datetime) -> None:
    """« Je n’ai rien reçu »: to that one person, at most five times per signature (P34)."""
    source = _source(signature, "confirmation")
    sent = Delivery.objects.filter(source=source, person=signature.person_id).count()
    if sent < MOST_CONFIRMATIONS and signature.confirmed_at is None:
        _tell("signing/confirmation", "confirmation", {signature: sent}, now=now)


def withdrawn(*, signature: Signature, now: datetime) -> None:
    """The receipt of a withdrawal."""
    extra = {"withdrawn_on": day(now), "confirm_url": None}
    _tell("signing/withdrawn", "withdrawn", {signature: 0}, now=now, extra=extra)


def my_link(*, contact_point: ContactPoint, now: datetime) -> None:
    """The personal link, to the mailbox that asked for it and no other (P29)."""
    context = {
        "first_name": contact_point.person.first_name,
        "my_url": my_page(my_token(contact_point.pk, now=now)),
    }
    _tell_mailbox("my_link", contact_point, context, now=now)


def address_asked(*, old: ContactPoint, new: ContactPoint, now: datetime) -> None:
    """To the old mailbox: a change was asked for, and how to stop it (P31)."""
    context = {
        **_NEW_ADDRESS,
        "first_name": old.person.first_name,
        "new_address": new.typed,
        "my_url": my_page(my_token(old.pk, now=now)),
    }
    _tell_mailbox("new_address", old, context, now=now)


def address_to_confirm(*, old: ContactPoint, new: ContactPoint, now: datetime) -> None:
    """To the new mailbox: the button that makes the change. Nothing of the person, since the
    address may be a stranger's."""
    token = new_address_token(AddressChange(old.pk, new.pk), now=now)
    context = {**_NEW_ADDRESS, "new_address": new.typed, "confirm_url": new_address_link(token)}
    _tell_mailbox("new_address", new, context, now=now)


def address_taken(*, holder: ContactPoint, now: datetime) -> None:
    """To the new mailbox when it has signatures of its own: why nothing changed, told to nobody
    else."""
    context = {
        **_NEW_ADDRESS,
        "first_name": holder.person.first_name,
        "new_address": holder.typed,
        "my_url": my_page(my_token(holder.pk, now=now)),
        "taken": True,
    }
    _tell_mailbox("new_address", holder, context, now=now)


def organisation_to_confirm(*, signed: OrganisationSignature, title: str, now: datetime) -> None:
    """To the contact of an organisation that signs: the page with the button."""
    _tell_organisation("organisation_to_confirm", signed, title, now)


def organisation_decided(*, signed: OrganisationSignature, title: str, now: datetime) -> None:
    """To the same: shown in the list, or not."""
    _tell_organisation("organisation_decided", signed, title, now)


def _tell_organisation(what: str, signed: OrganisationSignature, title: str, now: datetime) -> None:
    ours = signed.petition.campaign.organisation
    context = {
        "name": signed.name,
        "title": title,
        "organisation": ours.name,
        "reply": ours.reply_email or ours.sender_email,
        "published": signed.state == OrganisationState.PUBLISHED,
        "link": absolute(f"/organisations/{organisation_token(signed.pk, now=now)}/"),
    }
    send_account_mail(
        to=signed.email,
        subject=render_to_string(f"mail/signing/{what}.subject.txt", context),
        text=render_to_string(f"mail/signing/{what}.txt", context),
    )


def _tell_mailbox(
    what: str, contact_point: ContactPoint, context: Mapping[str, Any], *, now: datetime
) -> None:
    """What concerns the mailbox itself, whoever it belongs to."""
    organisation, person = contact_point.organisation, contact_point.person
    message = get_message(
        organisation=organisation,
        template=f"signing/{what}",
        source=f"organisation:{organisation.pk}",
        context=who_writes(organisation),
        now=now,
        expires_after=LINK_GOOD_FOR,
    )
    source = f"contact:{contact_point.pk}:{what}"
    recipient = Recipient(
        person=person.pk,
        contact_point=contact_point.pk,
        source=source,
        ordinal=Delivery.objects.filter(source=source, person=person).count(),
        context=context,
    )
    queue(message=message, recipients=[recipient], now=now)


def _source(signature: Signature, what: str) -> str:
    return f"signature:{signature.pk}:{what}"


def _links(row: Signature, code: str | None, now: datetime) -> dict[str, str | None]:
    """Where the buttons lead; None for what there is not, and templates leave it out."""
    token = None if row.confirmed_at else confirmation_token(row, now=now)
    return {
        "share_url": share_link(code) if code else None,
        "confirm_url": confirmation_link(token) if token else None,
        "my_url": my_page(my_token(row.contact_point_id or 0, now=now)),
    }


def _tell(
    template: str,
    what: str,
    ordinals: Mapping[Signature, int],
    *,
    now: datetime,
    extra: Mapping[str, Any] | None = None,
    each: Mapping[int, Mapping[str, Any]] | None = None,
    over: timedelta = timedelta(),
) -> None:
    """One message per petition, one delivery per signature that still has an owner and address;
    they leave one after another `over` that time."""
    rows = [row for row in ordinals if row.person_id and row.contact_point_id]
    shared = shared_by(row.petition_id for row in rows)
    own = own_contexts(rows)
    readers: dict[int, list[Recipient]] = defaultdict(list)
    for place, row in enumerate(rows):
        links = _links(row, own[row.pk]["share_code"], now)
        readers[row.petition_id].append(
            Recipient(
                person=row.person_id or 0,
                contact_point=row.contact_point_id or 0,
                source=_source(row, what),
                ordinal=ordinals[row],
                context={**own[row.pk], **links, **(extra or {}), **(each or {}).get(row.pk, {})},
                not_before=now + over * place / len(rows),
            )
        )
    for petition, recipients in readers.items():
        message = get_message(
            organisation=shared[petition].organisation,
            template=template,
            source=shared[petition].source,
            context=shared[petition].context,
            now=now,
            expires_after=GOOD_FOR,
        )
        queue(message=message, recipients=recipients, now=now)


def alerts_digest(*, to: User, told: Iterable[Sequence[Alert]]) -> None:
    """To somebody of the team: what looks unusual, petition by petition, once a day at most."""
    sections = [
        {
            "title": latest_title(alerts[0].petition),
            "sentences": [sentence_of(alert) for alert in alerts],
            "link": absolute(
                f"/tableau-de-bord/petitions/{desk_slug(alerts[0].petition)}/alertes/"
            ),
        }
        for alerts in told
    ]
    context = {"sections": sections, "count": sum(len(one["sentences"]) for one in sections)}
    send_account_mail(
        to=to.email,
        subject=render_to_string("mail/signing/alerts.subject.txt", context),
        text=render_to_string("mail/signing/alerts.txt", context),
    )
