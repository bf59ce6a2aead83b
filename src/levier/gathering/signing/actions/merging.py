"""Two people found to be one: their signatures, words and mails follow the card that is kept."""

from datetime import datetime
from typing import Any

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.actions.merging import merge_cards, part_cards
from levier.foundation.people.errors import NotMergeable
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.actions.counting import adjust_tally, uncount
from levier.gathering.signing.actions.numbering import log_numbers
from levier.gathering.signing.actions.paper_counting import settle_apart, settle_people
from levier.gathering.signing.actions.tell_recounted import tell_recounted
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS

BETTER = (
    SignatureState.COUNTED,
    SignatureState.PENDING,
    SignatureState.HELD,
    SignatureState.REJECTED,
)


@transaction.atomic
def merge_people(*, kept: Person, merged: Person, by: User, now: datetime) -> Merge:
    """Make two cards one. Of two signatures of one petition one stays as it is, the better, then
    the earlier; the other is withdrawn « fusion » and leaves the count (P12: its number is given
    to nobody). Their lines on paper count once, and not at all beside a signature online (P55).
    Whoever signs meanwhile waits: nothing is written to the card that goes.

    Raises NotMergeable.
    """
    if kept.organisation_id != merged.organisation_id:
        raise NotMergeable
    hold_everything(kept.organisation_id)
    body = {"act": "people.merge", "kept": kept.pk, "merged": merged.pk}
    append_audit(scope=kept.organisation_id, body=body, by=by.pk, now=now)
    merge = merge_cards(kept=kept, merged=merged, by=by, now=now)
    merge.snapshot["signing"] = {
        "losers": _withdraw_twins(kept, merged, now),
        "signatures": _move(Signature.objects.filter(person=merged), kept),
        "lines": _move(PaperLine.objects.filter(person=merged), kept),
        **_move_comments(kept, merged),
        **_move_mails(kept, merged, now),
    }
    merge.save(update_fields=["snapshot"])
    settle_people([kept], now=now)
    index_people(person_ids=[kept.pk, merged.pk], sources=[SIGNATURE_MARKS])
    return merge


@transaction.atomic
def part_people(*, merge: Merge, by: User, now: datetime) -> Merge:
    """Undo a merge: each card has again what it had; the signature that was withdrawn by it
    counts again, with its number. Raises NotPartable."""
    hold_everything(merge.organisation_id)
    body = {"act": "people.part", "kept": merge.kept_id, "merged": merge.merged_id}
    append_audit(scope=merge.organisation_id, body=body, by=by.pk, now=now)
    merge = part_cards(merge=merge, by=by, now=now)
    taken = merge.snapshot["signing"]
    for model, name in ((Signature, "signatures"), (PaperLine, "lines"), (Comment, "comments")):
        rows = model._default_manager.filter(pk__in=taken[name], person=merge.kept_id)
        rows.update(person=merge.merged_id)
    waiting = Delivery.objects.filter(pk__in=taken["mails"], state=DeliveryState.QUEUED)
    waiting.update(person=merge.merged_id)
    for hidden in taken["hidden"]:
        kept_hidden = Comment.objects.filter(pk=hidden.pop("pk"), state=CommentState.HIDDEN)
        kept_hidden.update(**hidden)
    for loser in taken["losers"]:
        _count_again(loser, now)
    settle_apart([merge.kept, merge.merged], now=now)
    index_people(person_ids=[merge.kept_id, merge.merged_id], sources=[SIGNATURE_MARKS])
    return merge


def hold_everything(organisation: int) -> None:
    """Tallies first, then the log's head (`append_audit`), as whoever signs does: between the two
    cards no signature can be written."""
    tallies = Tally.objects.select_for_update(of=("self",)).order_by("pk")
    list(tallies.filter(petition__campaign__organisation=organisation))


def _withdraw_twins(kept: Person, merged: Person, now: datetime) -> list[dict[str, Any]]:
    rows = Signature.objects.select_for_update(of=("self",), no_key=True).select_related(
        "petition__campaign"
    )
    standing = rows.exclude(state=SignatureState.WITHDRAWN).order_by("petition_id", "pk")
    by_petition: dict[int, list[Signature]] = {}
    for row in standing.filter(person__in=[kept, merged]):
        by_petition.setdefault(row.petition_id, []).append(row)
    return [
        _withdraw_twin(*sorted(twins, key=_worth), now=now)
        for twins in by_petition.values()
        if len(twins) == 2
    ]


def _worth(signature: Signature) -> tuple[int, bool, datetime, int]:
    """The smaller, the better: counted before waiting, confirmed before not, then the earlier."""
    return (
        BETTER.index(SignatureState(signature.state)),
        signature.confirmed_at is None,
        signature.signed_at,
        signature.pk,
    )


def _withdraw_twin(winner: Signature, loser: Signature, *, now: datetime) -> dict[str, Any]:
    """The twin leaves the count; its links and those it brought go to the one that stays."""
    before = {"state": loser.state, "reason": loser.reason}
    if loser.state != SignatureState.REJECTED:  # which had left the count already
        uncount(loser.petition, [loser], now=now)
    Signature.objects.filter(pk=loser.pk).update(
        state=SignatureState.WITHDRAWN, reason=HoldReason.MERGED
    )
    codes = ReferralCode.objects.filter(signature=loser)
    brought = Signature.objects.filter(referred_by=loser)
    brought_ids = list(brought.order_by("pk").values_list("pk", flat=True))
    moved = {
        "codes": list(codes.order_by("pk").values_list("pk", flat=True)),
        "brought": brought_ids,
    }
    codes.update(signature=winner)
    brought.update(referred_by=winner)
    organisation = loser.petition.campaign.organisation_id
    told = [loser.pk, *brought_ids]
    tell_recounted(organisation_id=organisation, signature_ids=told, now=now)
    return {"pk": loser.pk, "winner": winner.pk, **before, **moved}


def _count_again(twin: dict[str, Any], now: datetime) -> None:
    """Unless it was anonymised, or its owner signed again meanwhile."""
    rows = Signature.objects.select_for_update(of=("self",), no_key=True)
    loser = rows.select_related("petition__campaign", "contact_point").get(pk=twin["pk"])
    others = Signature.objects.filter(petition=loser.petition_id, person=loser.person_id)
    stands = others.exclude(pk=loser.pk).exclude(state=SignatureState.WITHDRAWN).exists()
    merged = (loser.state, loser.reason) == (SignatureState.WITHDRAWN, HoldReason.MERGED)
    if stands or not merged or loser.person_id is None:
        return
    Signature.objects.filter(pk=loser.pk).update(state=twin["state"], reason=twin["reason"])
    ReferralCode.objects.filter(pk__in=twin["codes"]).update(signature=loser)
    Signature.objects.filter(pk__in=twin["brought"]).update(referred_by=loser)
    organisation = loser.petition.campaign.organisation_id
    told = [loser.pk, *twin["brought"]]
    tell_recounted(organisation_id=organisation, signature_ids=told, now=now)
    if twin["state"] == SignatureState.REJECTED:
        return
    counted = twin["state"] == SignatureState.COUNTED
    adjust_tally(
        loser.petition_id,
        now=now,
        counted=int(counted),
        confirmed=int(counted and loser.confirmed_at is not None),
        held=int(twin["state"] == SignatureState.HELD),
    )
    if loser.number is not None:
        log_numbers(loser.petition, [loser], now)


def _move_comments(kept: Person, merged: Person) -> dict[str, Any]:
    """One comment per person and petition (P51): where both spoke, the kept card's words stay."""
    theirs = Comment.objects.filter(person=merged)
    spoke = theirs.filter(petition__in=Comment.objects.filter(person=kept).values("petition"))
    twice: list[dict[str, Any]] = [
        {
            "pk": one.pk,
            "state": one.state,
            "featured_at": one.featured_at and one.featured_at.isoformat(),
        }
        for one in spoke.order_by("pk")
    ]
    hidden = [one["pk"] for one in twice]
    Comment.objects.filter(pk__in=hidden).update(state=CommentState.HIDDEN, featured_at=None)
    return {"comments": _move(theirs.exclude(pk__in=hidden), kept), "hidden": twice}


def _move_mails(kept: Person, merged: Person, now: datetime) -> dict[str, Any]:
    """What still waits leaves once, under the kept card's agreements; what both were to receive
    leaves for one."""
    waiting = Delivery.objects.filter(person=merged, state=DeliveryState.QUEUED)
    same = set(Delivery.objects.filter(person=kept).values_list("source", "ordinal"))
    twice = [row.pk for row in waiting if (row.source, row.ordinal) in same]
    Delivery.objects.filter(pk__in=twice).update(
        state=DeliveryState.SUPPRESSED, last_reply="fusion de deux fiches", finished_at=now
    )
    return {"mails": _move(waiting.exclude(pk__in=twice), kept)}


def _move(rows: Any, kept: Person) -> list[int]:
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=moved).update(person=kept)
    return moved
