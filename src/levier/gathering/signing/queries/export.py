"""Signatures as a file, written by PostgreSQL as it reads them."""

from collections.abc import Generator, Sequence

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.common.csv_copy import computed, copied, label, moment, one_of, text
from levier.gathering.petitions.rules.fields import Declared
from levier.gathering.signing.enums import SignatureSource, SignatureState
from levier.gathering.signing.models.signature import Signature

HEADER = (
    gettext_lazy("numéro"),
    gettext_lazy("prénom"),
    gettext_lazy("nom"),
    gettext_lazy("courriel"),
    gettext_lazy("code postal"),
    gettext_lazy("pays"),
    gettext_lazy("signée le"),
    gettext_lazy("confirmée le"),
    gettext_lazy("état"),
    gettext_lazy("par"),
    gettext_lazy("accepte que son nom paraisse"),
)


def exported(
    signatures: QuerySet[Signature], questions: Sequence[Declared] = ()
) -> Generator[bytes, None, None]:
    """One line per signature, in the order given, with an answer per question, those not asked any
    more included (P8). The whole file comes from one snapshot; memory does not grow with it."""
    columns: tuple[Combinable, ...] = (
        F("number"),
        text("first_name"),
        text("last_name"),
        text("contact_point__typed"),
        text("postcode"),
        text("country"),
        moment("signed_at"),
        moment("confirmed_at"),
        label("state", SignatureState.choices),
        label("source", SignatureSource.choices),
        one_of(Q(show_name=True), _("oui"), _("non")),
        *(computed(KeyTextTransform(one.key, "extra")) for one in questions),
    )
    header = [*map(str, HEADER), *(one.key for one in questions)]
    return copied(header, signatures, columns)
