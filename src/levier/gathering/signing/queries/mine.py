"""What one person reads of their own signatures, and the whole file they can take away."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from levier.foundation.messaging.queries.deliveries import history_of
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.everything import everything_about
from levier.foundation.people.rules import refusals_of
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Slug
from levier.gathering.petitions.queries import titles_of_scopes
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.queries.brought_by import NOTHING, Brought, brought_by
from levier.gathering.signing.queries.paper import paper_lines_of
from levier.gathering.signing.queries.partner_agreements import partner_agreements_of


@dataclass(frozen=True, kw_only=True)
class MySignature:
    """A signature as its owner sees it."""

    signature: Signature
    slug: str  # of the petition's page; "" when the public may not read it
    code: str  # share code; "" once forgotten
    brought: Brought  # signatures that count and came by this one's link, or further (P46)
    comment: Comment | None

    @property
    def standing(self) -> bool:
        """Whether there is still something to correct, comment or withdraw."""
        return self.signature.state in STANDING


def signatures_of(person: Person) -> list[MySignature]:
    """Every signature of a person in their organisation (P30): those that stand first, then the
    others, the latest first in each. Four queries."""
    rows = sorted(_with_addresses(person), key=lambda row: row.state not in STANDING)
    brought = brought_by([person.pk])
    comments = {comment.petition_id: comment for comment in Comment.objects.filter(person=person)}
    return [
        MySignature(
            signature=row,
            slug=row.slug or "",
            code=row.code or "",
            brought=brought.get(row.pk, NOTHING),
            comment=comments.get(row.petition_id) if row.state in STANDING else None,
        )
        for row in rows
    ]


def own_signature(person: Person, pk: int) -> Signature | None:
    """One signature of that person, or None: another's does not exist for them."""
    return (
        Signature.objects.select_related("petition__version", "petition__campaign__organisation")
        .filter(person=person, pk=pk)
        .first()
    )


def comment_of(signature: Signature) -> Comment | None:
    """The words that came with a signature."""
    return Comment.objects.filter(
        petition=signature.petition_id, person=signature.person_id
    ).first()


def share_code(signature: Signature) -> str:
    """A share code of a signature, or nothing once it was forgotten."""
    codes = ReferralCode.objects.filter(signature=signature).order_by("pk")
    return codes.values_list("code", flat=True).first() or ""


def file_of(person: Person) -> dict[str, Any]:
    """All rows about a person, ready for JSON, with keys they can read."""
    told = everything_about(person)
    return {
        **told,
        "accords": _with_titles(told["accords"]),
        "refus": _refusals(person),
        "accords avec des partenaires": _partners(person),
        "signatures": [_told(mine) for mine in signatures_of(person)],
        "papier": [_told_on_paper(line) for line in paper_lines_of(person)],
        "messages": _messages(person),
    }


def _with_addresses(person: Person) -> Any:
    public = Slug.objects.filter(
        petition=OuterRef("petition"), current=True, petition__state__in=PUBLIC
    )
    codes = ReferralCode.objects.filter(signature=OuterRef("pk")).order_by("pk")
    return (
        Signature.objects.filter(person=person)
        .select_related("petition__version", "petition__campaign", "version")
        .annotate(slug=Subquery(public.values("slug")[:1]), code=Subquery(codes.values("code")[:1]))
        .order_by("-signed_at", "-pk")
    )


def _told(mine: MySignature) -> dict[str, Any]:
    row = mine.signature
    return {
        "pétition": row.version.title,
        "numéro": row.number,
        "état": row.get_state_display(),
        "signée le": row.signed_at,
        "confirmée le": row.confirmed_at,
        "prénom": row.first_name,
        "nom": row.last_name,
        "code postal": row.postcode,
        "pays": row.country,
        "nom montré": row.show_name,
        "origine": row.get_source_display(),
        "code d’origine": row.source_code,
        "champs de la pétition": row.extra,
        "code de partage": mine.code,
        "signatures apportées": mine.brought.direct,
        "signatures apportées par leurs liens": mine.brought.further,
        "commentaire": mine.comment and mine.comment.text,
        "état du commentaire": mine.comment and mine.comment.get_state_display(),
        "commentaire donné à la presse": mine.comment and mine.comment.for_press,
        "commentaire joint au dossier": mine.comment and mine.comment.for_dossier,
    }


def _told_on_paper(line: PaperLine) -> dict[str, Any]:
    return {
        "pétition": line.sheet.version.title,
        "feuille": line.sheet.number,
        "ligne": line.position,
        "état": line.get_state_display(),
        "saisie le": line.sheet.entered_at,
        "prénom": line.first_name,
        "nom": line.last_name,
        "courriel": line.email,
        "code postal": line.postcode,
        "pays": line.country,
        "case « nouvelles » cochée": line.consent,
    }


def _with_titles(agreements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The petition whose news it is about, by its title."""
    titles = titles_of_scopes(said["au sujet de"] for said in agreements)
    return [
        {**said, "au sujet de": titles.get(said["au sujet de"], said["au sujet de"])}
        for said in agreements
    ]


def _messages(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "message": sent.message.template.key,
            "à": sent.contact_point.typed,
            "état": sent.get_state_display(),
            "écrit le": sent.created_at,
            "fini le": sent.finished_at,
            "variables": _without_links(sent.context),
        }
        for sent in history_of(person)
    ]


def _partners(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "partenaire": agreement.partner.name,
            "mots exacts": agreement.wording,
            "donné le": agreement.at,
            "retiré le": agreement.withdrawn_at,
            "transmis le": agreement.handed_at,
        }
        for agreement in partner_agreements_of(person)
    ]


def _refusals(person: Person) -> list[dict[str, Any]]:
    return [
        {"canal": row.channel, "raison": row.reason, "portée": row.scope, "le": row.at}
        for row in refusals_of(person)
    ]


def _without_links(context: dict[str, Any]) -> dict[str, Any]:
    """The file may be shown to somebody: the sealed links that open things stay out of it."""
    return {name: value for name, value in context.items() if not name.endswith("_url")}
