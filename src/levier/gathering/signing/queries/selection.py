"""Which signatures a filtered list holds: what the desk shows, decides on and takes away."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.utils import timezone

from levier.foundation.people.models.search import SearchWords
from levier.foundation.people.queries.words import found_by
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import STANDING, BulkVerb, SignatureState
from levier.gathering.signing.models.signature import Signature

#: The states from which each verb takes a signature.
ELIGIBLE = {
    BulkVerb.REJECT: STANDING,
    BulkVerb.RELEASE: frozenset({SignatureState.HELD}),
    BulkVerb.RESTORE: frozenset({SignatureState.REJECTED}),
}
FEW = 2_000  # people named one by one


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which signatures; empty means all. Days are in the current time zone, both included."""

    search: str = ""
    state: str = ""
    confirmed: bool | None = None
    since: date | None = None
    until: date | None = None
    source: str = ""
    reason: str = ""
    country: str = ""
    postcode: str = ""  # its beginning: « 35 »
    domain: str = ""  # of the address
    stem: str = ""  # the address with its figures taken out: « a#@exemple.fr »
    name: str = ""  # first and last name together, compared without case
    network: str = ""  # the opaque key, in hexadecimal
    hour: datetime | None = None  # its beginning

    def kept(self) -> dict[str, Any]:
        """What was chosen, ready for JSON."""
        return {k: v if isinstance(v, str | bool) else v.isoformat() for k, v in self._chosen()}

    def _chosen(self) -> list[tuple[str, Any]]:
        return [(name, value) for name, value in asdict(self).items() if value not in ("", None)]


FILTERS = tuple(field.name for field in fields(Filters))


def stem_of(address: Any) -> Func:
    """The address with the figures of its local part taken out: « a#@exemple.fr »."""
    local = Func(address, Value("@"), Value(1), function="split_part", output_field=CharField())
    domain = Func(address, Value("@"), Value(2), function="split_part", output_field=CharField())
    plain = Func(local, Value("[0-9]+"), Value("#"), Value("g"), function="regexp_replace")
    return Func(plain, Value("@"), domain, function="concat", output_field=CharField())


def domain_of(address: Any) -> Func:
    """What follows the @."""
    return Func(address, Value("@"), Value(2), function="split_part", output_field=CharField())


def selected(petition: Petition, filters: Filters) -> QuerySet[Signature]:
    """The signatures of a petition that a list holds, in no order."""
    found = Signature.objects.filter(petition=petition).filter(_plain(filters))
    if filters.search.strip():
        found = found.filter(_searched(petition, filters.search))
    if filters.stem:
        found = found.annotate(stem=stem_of(F("contact_point__canonical"))).filter(
            stem=filters.stem
        )
    return found


def decidable(petition: Petition, filters: Filters, verb: str) -> QuerySet[Signature]:
    """Those of them that a decision would change."""
    return selected(petition, filters).filter(state__in=ELIGIBLE[BulkVerb(verb)])


def _plain(filters: Filters) -> Q:
    """Everything a column says by itself."""
    named = {
        "state": filters.state,
        "source": filters.source,
        "reason": filters.reason,
        "country": filters.country,
        "postcode__startswith": filters.postcode,
        "contact_point__canonical__endswith": filters.domain and f"@{filters.domain}",
    }
    chosen = Q(**{column: value for column, value in named.items() if value})
    if filters.confirmed is not None:
        chosen &= Q(confirmed_at__isnull=not filters.confirmed)
    if filters.network:
        chosen &= Q(network_key=bytes.fromhex(filters.network))
    if filters.name:
        chosen &= _named(filters.name)
    return chosen & _when(filters)


def _when(filters: Filters) -> Q:
    chosen = Q()
    if filters.since:
        chosen &= Q(signed_at__gte=_midnight(filters.since))
    if filters.until:
        chosen &= Q(signed_at__lt=_midnight(filters.until + timedelta(days=1)))
    if filters.hour:
        chosen &= Q(signed_at__gte=filters.hour, signed_at__lt=filters.hour + timedelta(hours=1))
    return chosen


def _named(name: str) -> Q:
    """« Camille Roche », wherever the first name ends."""
    words = name.split(" ")
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    found = Q(pk__in=[])
    for first, last in cuts:
        found |= Q(first_name__iexact=first, last_name__iexact=last)
    return found


def _searched(petition: Petition, typed: str) -> Q:
    """Those of the people whose words begin with every word typed (people.SearchEntry).

    When they are few, one statement names them and their signatures are fetched one by one. When
    they are many, the latest signatures are walked through instead, and soon a page is full. Never
    the one where the other is due: PostgreSQL cannot tell how many a beginning of a word finds.
    """
    asked = found_by(typed)
    if asked is None:
        return Q()
    people = SearchWords.objects.filter(
        asked, organisation=petition.campaign.organisation_id
    ).values_list("person", flat=True)
    few = list(people[: FEW + 1])
    return Q(person__in=few if len(few) <= FEW else people)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
