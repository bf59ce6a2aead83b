"""The conditions that can be set on people by what they signed, and all conditions together."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.common.typography import french_spaces
from levier.foundation.people.queries.conditions.kinds import Asked, Choices, Kind, Parameter, Sort
from levier.foundation.people.queries.conditions.vocabulary import Vocabulary
from levier.foundation.people.queries.kinds import (
    PEOPLE_KINDS,
    between,
    days_in_words,
    two_days,
)
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.enums import STANDING, SignatureSource
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.marks import ANY, BROUGHT, BY_SOURCE, Fact, mark


def _petitions(organisation: int) -> Choices:
    latest = Version.objects.filter(petition=OuterRef("pk")).order_by("-n").values("title")[:1]
    rows = Petition.objects.filter(campaign__organisation=organisation).order_by("-pk")
    titles = rows.annotate(title=Subquery(latest)).values_list("pk", "title")
    return [(str(pk), french_spaces(title or _("Sans titre"))) for pk, title in titles]


def _sources(_organisation: int) -> Choices:
    return SignatureSource.choices


def _steps(_organisation: int) -> Choices:
    return [(str(n), str(n)) for n in BROUGHT]


def _marked(fact: Fact) -> Callable[[Asked], Q]:
    """Entries that have a fact about the petition chosen, or about any when none is."""
    return lambda asked: Q(marks__contains=[mark(fact, int(asked.values.get("petition", ANY)))])


def _signed(asked: Asked) -> Q:
    """Between two days the signatures themselves are looked at: marks know no date."""
    if "du" not in asked.values and "au" not in asked.values:
        return _marked(Fact.SIGNED)(asked)
    rows = Signature.objects.filter(
        between("signed_at", asked), person=OuterRef("person"), state__in=STANDING
    )
    if "petition" in asked.values:
        rows = rows.filter(petition=int(asked["petition"]))
    return Q(Exists(rows))


def _about_petition(which: Callable[[], str], any_of: Callable[[], str]) -> Callable[[Asked], str]:
    """A sentence about the petition chosen, or about any."""

    def said(asked: Asked) -> str:
        if "petition" not in asked.labels:
            return any_of()
        return which() % {"what": asked.labels["petition"]}

    return said


def _with_days(said: Callable[[Asked], str]) -> Callable[[Asked], str]:
    def dated(asked: Asked) -> str:
        if "du" not in asked.values and "au" not in asked.values:
            return said(asked)
        return f"{said(asked)} {days_in_words(asked)}"

    return dated


WHICH = Parameter(
    name="petition",
    label=gettext_lazy("Pétition"),
    sort=Sort.CHOICE,
    choices=_petitions,
    required=False,
)
SIGNED = Kind(
    name="signe",
    label=gettext_lazy("A signé"),
    parameters=(WHICH, *two_days()),
    narrows=_signed,
    says=_with_days(
        _about_petition(lambda: _("ont signé « %(what)s »"), lambda: _("ont signé une pétition"))
    ),
    says_not=_with_days(
        _about_petition(
            lambda: _("n’ont pas signé « %(what)s »"), lambda: _("n’ont signé aucune pétition")
        )
    ),
)
CONFIRMED = Kind(
    name="confirme",
    label=gettext_lazy("A confirmé sa signature"),
    parameters=(WHICH,),
    narrows=_marked(Fact.CONFIRMED),
    says=_about_petition(
        lambda: _("ont confirmé leur signature de « %(what)s »"),
        lambda: _("ont confirmé une signature"),
    ),
    says_not=_about_petition(
        lambda: _("n’ont pas confirmé de signature de « %(what)s »"),
        lambda: _("n’ont confirmé aucune signature"),
    ),
)
COMMENTED = Kind(
    name="commente",
    label=gettext_lazy("A laissé un commentaire"),
    parameters=(WHICH,),
    narrows=_marked(Fact.COMMENTED),
    says=_about_petition(
        lambda: _("ont laissé un commentaire sous « %(what)s »"),
        lambda: _("ont laissé un commentaire"),
    ),
    says_not=_about_petition(
        lambda: _("n’ont pas laissé de commentaire sous « %(what)s »"),
        lambda: _("n’ont laissé aucun commentaire"),
    ),
)
BROUGHT_OTHERS = Kind(
    name="apporte",
    label=gettext_lazy("A fait signer"),
    parameters=(
        Parameter(
            name="au_moins",
            label=gettext_lazy("Au moins"),
            sort=Sort.CHOICE,
            choices=_steps,
        ),
    ),
    narrows=lambda asked: Q(marks__contains=[mark(BROUGHT[int(asked["au_moins"])])]),
    says=lambda asked: (
        _("ont fait signer au moins %(n)s autres") % {"n": asked["au_moins"]}
        if asked["au_moins"] != "1"
        else _("ont fait signer quelqu’un")
    ),
    says_not=lambda asked: (
        _("ont fait signer moins de %(n)s autres") % {"n": asked["au_moins"]}
        if asked["au_moins"] != "1"
        else _("n’ont fait signer personne")
    ),
)
SOURCE = Kind(
    name="source",
    label=gettext_lazy("Est venue par"),
    parameters=(
        Parameter(name="source", label=gettext_lazy("Par"), sort=Sort.CHOICE, choices=_sources),
    ),
    narrows=lambda asked: Q(marks__contains=[mark(BY_SOURCE[SignatureSource(asked["source"])])]),
    says=lambda asked: (
        _("ont signé par ce moyen\u00a0: %(what)s") % {"what": asked.labels["source"]}
    ),
    says_not=lambda asked: (
        _("n’ont pas signé par ce moyen\u00a0: %(what)s") % {"what": asked.labels["source"]}
    ),
)
SIGNATURE_KINDS = (SIGNED, CONFIRMED, COMMENTED, BROUGHT_OTHERS, SOURCE)


def supporters_vocabulary(*, organisation: int, now: datetime) -> Vocabulary:
    """Every condition that can be set on the people of an organisation."""
    kinds = (*PEOPLE_KINDS, *SIGNATURE_KINDS)
    return Vocabulary(kinds, organisation=organisation, now=now)
