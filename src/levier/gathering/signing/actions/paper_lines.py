"""Lines of a paper sheet on their way to the database, and the people among them who agreed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Q

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.actions.new_people import Newcomer, add_people
from levier.foundation.people.enums import ActivityKind, Channel
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.agreements import agreements_of
from levier.foundation.people.rules import canonical_email
from levier.gathering.petitions.rules.consents import consent_sentences, news_of
from levier.gathering.signing.enums import PaperLineState
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.signature import Signature

BY_PAPER = (ActivityKind.SIGNED_ON_PAPER, ActivityKind.CONSENT_CHANGED)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What somebody read on one line of a sheet. Checked by the form."""

    position: int
    first_name: str
    last_name: str
    email: str = ""
    postcode: str = ""
    country: str = ""
    consent: bool = False

    @property
    def canonical(self) -> str:
        return canonical_email(self.email) if self.email else ""


def meet(organisation: Organisation, lines: Sequence[Line], *, now: datetime) -> dict[str, Person]:
    """By canonical address, the people who gave one and ticked the box: known, or new. What is
    known is never changed (P21); who ticked nothing becomes nobody.

    Call it before locking any tally, as the intake does (docs/decisions/10).
    """
    agreed = {line.canonical: line for line in lines if line.consent and line.email}
    points = ContactPoint.objects.filter(
        organisation=organisation, channel=Channel.EMAIL, canonical__in=agreed
    ).select_related("person")
    unknown = sorted(agreed.keys() - set(points.values_list("canonical", flat=True)))
    if unknown:
        add_people(
            organisation=organisation,
            newcomers=[_newcomer(agreed[canonical]) for canonical in unknown],
            now=now,
        )
    return {point.canonical: point.person for point in points.all()}


def _newcomer(line: Line) -> Newcomer:
    return Newcomer(
        canonical=line.canonical,
        typed=line.email,
        first_name=line.first_name,
        last_name=line.last_name,
        postcode=line.postcode,
        country=line.country,
    )


def write_lines(sheet: PaperSheet, lines: Sequence[Line], people: Mapping[str, Person]) -> None:
    """Write lines, in place of those that had their positions. One with an address counts once
    the count is settled; one without counts at once."""
    PaperLine.objects.bulk_create(
        [
            PaperLine(
                petition_id=sheet.petition_id,
                sheet=sheet,
                **asdict(line),
                canonical=line.canonical,
                person=people.get(line.canonical) if line.consent else None,
                state=PaperLineState.TWICE if line.email else PaperLineState.COUNTED,
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["sheet", "position"],
        update_fields=[
            *("first_name", "last_name", "email", "canonical", "postcode", "country"),
            *("consent", "person", "state", "signature"),
        ],
    )


def agree(
    sheet: PaperSheet, lines: Sequence[Line], people: Mapping[str, Person], *, now: datetime
) -> None:
    """Write down what the ticked boxes say, in the words printed beside them, and that these
    people signed. A sheet typed late never undoes a withdrawal made meanwhile."""
    met = {line.position: people[line.canonical] for line in lines if line.consent and line.email}
    news = news_of(sheet.petition_id)
    stopped = set(
        ConsentState.objects.filter(person__in=met.values(), given=False, **news).values_list(
            "person", flat=True
        )
    )
    wording = consent_sentences(sheet.petition.campaign)["consent_updates"]
    for person in {p.pk: p for p in met.values() if p.pk not in stopped}.values():
        give_consent(person=person, **news, wording=wording, source=source_of(sheet), now=now)
    record_activities(
        organisation_id=sheet.petition.campaign.organisation_id,
        kind=ActivityKind.SIGNED_ON_PAPER,
        at=now,
        rows=[(person.pk, f"paper:{sheet.pk}:{at}", None) for at, person in met.items()],
    )


def leave(sheet: PaperSheet, leaving: Collection[Person], *, wording: str, now: datetime) -> None:
    """Lines that named these people by mistake name them no more: what they agreed to by this
    sheet ends, and nothing is kept of those known by it alone."""
    for person in leaving:
        for agreement in agreements_of(person):
            if agreement.given and agreement.source == source_of(sheet):
                withdraw_consent(
                    person=person,
                    channel=agreement.channel,
                    purpose=agreement.purpose,
                    scope=agreement.scope,
                    wording=wording,
                    source=source_of(sheet),
                    now=now,
                )
    known = Q(pk__in=Signature.objects.filter(person__in=leaving).values("person"))
    known |= Q(pk__in=PaperLine.objects.filter(person__in=leaving).values("person"))
    known |= Q(pk__in=ConsentState.objects.filter(person__in=leaving, given=True).values("person"))
    done = Activity.objects.filter(person__in=leaving).exclude(kind__in=BY_PAPER)
    alone = Person.objects.filter(
        pk__in=[person.pk for person in leaving], created_at__gte=sheet.entered_at
    ).exclude(known | Q(pk__in=done.values("person")))
    forget_people(person_ids=list(alone.values_list("pk", flat=True)), now=now)


def source_of(sheet: PaperSheet) -> str:
    """Where a consent given on paper comes from."""
    return f"paper:{sheet.pk}"
