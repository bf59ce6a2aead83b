"""Who agreed that a partner writes to them: for the partner, the team, the persons themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import STANDING, SignatureState
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.models.signature import Signature

ROWS_AT_A_TIME = 1_000
HEADER = (_("accord"), _("prénom"), _("nom"), _("courriel"), _("code postal"), _("pays"), _("le"))
# An unconfirmed address may be somebody else's: nobody's is handed over on a stranger's word.
_OPEN = Q(
    withdrawn_at=None,
    signature__state__in=STANDING,
    signature__confirmed_at__isnull=False,
)
_REACHED = Q(signature__person__isnull=False, signature__contact_point__isnull=False)


@dataclass(frozen=True, kw_only=True)
class PartnerFigures:
    """A partner of a petition and what its link brought."""

    partner: Partner
    counted: int  # signatures by its link or its form, whatever they agreed to
    agreed: int  # boxes ticked and not withdrawn
    to_hand: int  # of these, by the confirmed owner of a mailbox


def partners_of(petition: Petition) -> list[PartnerFigures]:
    """Those that carry it first, by name. Three statements, whatever their number."""
    partners = Partner.objects.filter(petition=petition).select_related("organisation")
    agreed = _by_partner(petition, Q(withdrawn_at=None, signature__state__in=STANDING))
    to_hand = _by_partner(petition, _OPEN & _REACHED)
    brought = (
        Signature.objects.filter(petition=petition, state=SignatureState.COUNTED)
        .exclude(source_code="")
        .filter(source_code__startswith="par:")
    )
    counted = dict(brought.values_list("source_code").annotate(n=Count("pk")))
    return [
        PartnerFigures(
            partner=partner,
            counted=counted.get(f"par:{partner.slug}", 0),
            agreed=agreed.get(partner.pk, 0),
            to_hand=to_hand.get(partner.pk, 0),
        )
        for partner in partners.order_by("ended_at", "name", "pk")
    ]


def list_of(partner: Partner) -> QuerySet[PartnerAgreement]:
    """Those whose confirmed owner agreed, oldest first."""
    return _whole(PartnerAgreement.objects.filter(_OPEN & _REACHED, partner=partner))


def taken_back_from(partner: Partner) -> QuerySet[PartnerAgreement]:
    """Those the partner was given, and must write to no more."""
    given = PartnerAgreement.objects.filter(_REACHED, partner=partner, handed_at__isnull=False)
    return _whole(given.exclude(_OPEN))


def exported_agreements(partner: Partner) -> Iterator[list[object]]:
    """The partner's file: its list, then those to remove from what it was given before."""
    with transaction.atomic():
        for agreement in list_of(partner).iterator(chunk_size=ROWS_AT_A_TIME):
            yield [_("donné"), *_row(agreement)]
        for agreement in taken_back_from(partner).iterator(chunk_size=ROWS_AT_A_TIME):
            yield [_("retiré : à effacer de votre liste"), *_row(agreement)]


def partner_agreements_of(person: Person) -> list[PartnerAgreement]:
    """Every agreement of a person with partners, the latest first."""
    return list(
        PartnerAgreement.objects.filter(signature__person=person)
        .select_related("partner", "signature__petition__version")
        .order_by("-at", "-pk")
    )


def _by_partner(petition: Petition, which: Q) -> dict[int, int]:
    found = PartnerAgreement.objects.filter(which, partner__petition=petition)
    return dict(found.values_list("partner").annotate(n=Count("pk")))


def _whole(found: QuerySet[PartnerAgreement]) -> QuerySet[PartnerAgreement]:
    return found.select_related("signature__contact_point").order_by("at", "pk")


def _row(agreement: PartnerAgreement) -> list[object]:
    signature = agreement.signature
    point = signature.contact_point
    return [
        signature.first_name,
        signature.last_name,
        point.typed if point else "",
        signature.postcode,
        signature.country,
        timezone.localtime(agreement.at).strftime("%Y-%m-%d %H:%M:%S"),
    ]
