"""Who gets an update, and why the others do not: one statement over the signatures (U25, U26).

What counts them and what writes their mails are the same rows of the same judgement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Concat, Length, Upper
from django.db.models.lookups import In

from levier.foundation.common.tokens import key_for
from levier.foundation.directory.models import PostcodeRange
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import REACHABLE, Channel, ContactState, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.rules import scope_of
from levier.gathering.signing.enums import STANDING, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.enums import Excluded
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.hashing import hmac_of

SILENCE = 2  # updates that an address which never gave a sign gets at most
# Left for the mailbox, as far as we know.
SENT = frozenset(
    {
        DeliveryState.CLAIMED,
        DeliveryState.HANDED,
        DeliveryState.DELIVERED,
        DeliveryState.COMPLAINED,
        DeliveryState.UNKNOWN,
    }
)
SOURCE = "update:"


@dataclass(frozen=True, kw_only=True)
class Audience:
    """How an update is narrowed; nothing chosen is everybody who agreed."""

    areas: Sequence[str] = ()  # « FR-35 », or a country that has no table: « DE »
    confirmed_only: bool = False
    silent_since: int | None = None  # an earlier update whose ask they did not answer

    @classmethod
    def kept_in(cls, kept: dict[str, Any]) -> Self:
        """As an update keeps it."""
        return cls(
            areas=tuple(map(str, kept.get("areas") or ())),
            confirmed_only=bool(kept.get("confirmed_only")),
            silent_since=kept.get("silent_since"),
        )

    def kept(self) -> dict[str, Any]:
        """What the update keeps: only what was chosen."""
        told: dict[str, Any] = {"areas": sorted(self.areas)} if self.areas else {}
        if self.confirmed_only:
            told["confirmed_only"] = True
        if self.silent_since is not None:
            told["silent_since"] = self.silent_since
        return told


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some who do not get it, for one reason."""

    reason: str
    n: int

    @property
    def label(self) -> str:
        """« sans accord »."""
        return str(Excluded(self.reason).label)


@dataclass(frozen=True, kw_only=True)
class DryCount:
    """What the sending would do at an hour: `receives` and the parts make `standing` together."""

    receives: int
    excluded: Sequence[Part] = field(default_factory=tuple)

    @property
    def standing(self) -> int:
        """All signatures that stand."""
        return self.receives + sum(part.n for part in self.excluded)


def dry_count(update: Update, *, at: datetime) -> DryCount:
    """Who would get the update if it left at that hour, and each number that would not, with its
    reason (U26; docs/decisions/82). Wants the petition with its campaign; writes nothing."""
    counts = dict(
        judged(update, at=at).values_list("excluded").annotate(n=Count("pk")).order_by("excluded")
    )
    receives = counts.pop("", 0)
    parts = [Part(reason=kind, n=counts[kind]) for kind in Excluded.values if kind in counts]
    return DryCount(receives=receives, excluded=parts)


def audience_of(update: Update, *, at: datetime) -> QuerySet[Any, Any]:
    """The signatures whose owners get the update if it leaves at that hour."""
    return judged(update, at=at).filter(excluded="")


def judged(update: Update, *, at: datetime) -> QuerySet[Any, Any]:
    """Every standing signature made by that hour; `excluded` says why its owner does not get the
    update, the first reason that holds, and is empty for those who do."""
    rows = Signature.objects.filter(
        petition=update.petition_id, state__in=STANDING, signed_at__lte=at
    )
    reasons = [When(condition, then=Value(kind)) for kind, condition in _reasons(update)]
    return rows.annotate(
        excluded=Case(*reasons, default=Value(""), output_field=CharField(max_length=12))
    )


def _reasons(update: Update) -> list[tuple[str, Any]]:
    organisation = update.petition.campaign.organisation_id
    audience = Audience.kept_in(update.audience)
    point, refused = "contact_point__state", (ContactState.COMPLAINT, ContactState.BLOCKED)
    reasons = [
        (Excluded.HELD, Q(state=SignatureState.HELD)),
        (
            Excluded.FORGOTTEN,
            Q(person=None) | Q(contact_point=None) | Q(person__erased_at__isnull=False),
        ),
        (Excluded.NO_CONSENT, ~Exists(_agreement(update.petition_id))),
        (Excluded.SUPPRESSED, Q(**{f"{point}__in": refused})),
        (
            Excluded.UNREACHABLE,
            ~Q(contact_point__channel=Channel.EMAIL) | ~Q(**{f"{point}__in": sorted(REACHABLE)}),
        ),
        (Excluded.SUPPRESSED, _is_suppressed(organisation, update.petition_id)),
    ]
    if audience.areas:
        reasons.append((Excluded.ELSEWHERE, ~_in_areas(audience.areas)))
    if audience.confirmed_only:
        reasons.append((Excluded.UNCONFIRMED, Q(confirmed_at=None)))
    if audience.silent_since is not None:
        answered = Response.objects.filter(ask=audience.silent_since, person=OuterRef("person"))
        reasons.append((Excluded.ANSWERED, Exists(answered)))
    return [*reasons, (Excluded.SILENT, _gave_no_sign())]


def _agreement(petition: int) -> QuerySet[ConsentState]:
    return ConsentState.objects.filter(
        person=OuterRef("person"),
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope=scope_of(Purpose.PETITION_NEWS, f"petition:{petition}"),
        given=True,
    )


def _is_suppressed(organisation: int, petition: int) -> Any:
    """By the keyed hash of the address, which is all that is kept of a refusal."""
    refusals = Suppression.objects.filter(
        organisation=organisation, channel=Channel.EMAIL, scope__in=["", f"petition:{petition}"]
    )
    return In(hashed_address(organisation), refusals.values("canonical_hmac"))


def hashed_address(organisation: int) -> Any:
    """`people.rules.suppression_hmac` of a signature's address, by PostgreSQL."""
    prefix = f"{organisation}\0{Channel.EMAIL}\0".encode()
    return hmac_of(key_for("suppression"), prefix=prefix, text=F("contact_point__canonical"))


def _in_areas(areas: Sequence[str]) -> Q:
    """By postcode where the country has a table of its areas, else by country."""
    code = Upper(
        Func(
            OuterRef("postcode"),
            Value("[^0-9A-Za-z]"),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=CharField(),
        )
    )
    inside = PostcodeRange.objects.annotate(code=code).filter(
        Q(shortest__lte=Length("code")) | Q(area=Concat(F("country"), Value("-"), F("code"))),
        country=OuterRef("country"),
        area__in=[area for area in areas if "-" in area],
        low__lte=F("code"),
        high__gt=F("code"),
    )
    return Q(Exists(inside)) | Q(country__in=[area for area in areas if "-" not in area])


def _gave_no_sign() -> Any:
    """Never confirmed, nothing done since signing, and two updates received already."""
    sent = Delivery.objects.filter(
        person=OuterRef("person"), source__startswith=SOURCE, state__in=sorted(SENT)
    )
    active = SearchEntry.objects.filter(
        person=OuterRef("person"), last_at__gt=OuterRef("signed_at")
    )
    answered = Response.objects.filter(person=OuterRef("person"))
    many = Exists(sent.order_by()[SILENCE - 1 : SILENCE])
    return Q(confirmed_at=None) & many & ~Exists(active) & ~Exists(answered)
