"""Why a signature was not taken, as a Refusal with its status and French sentence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from levier.faces.public.front.body import Unreadable
from levier.faces.public.refusal import Refusal
from levier.foundation.common.typography import day_month
from levier.gathering.signing.errors import (
    ProofAsked,
    SigningError,
    TooManyFromHere,
    Unwritable,
)
from levier.gathering.signing.intake.form import typed_of
from levier.gathering.signing.intake.place import Place

A_MINUTE = 60
TEN_MINUTES = 600
PAUSED = 3_600


def foreign() -> Refusal:
    """Another site posted."""
    return Refusal(
        status=403,
        message=_("Cette signature vient d’un autre site. Signez depuis cette page."),
    )


def unreadable(error: Unreadable, place: Place | None) -> Refusal:
    """A body that cannot be taken, given back as far as it was understood."""
    typed = typed_of(error.raw, place) if place else {}
    return Refusal(status=error.status, message=error.message, typed=typed)


def invalid(errors: dict[str, list[str]], raw: Mapping[str, Any], place: Place) -> Refusal:
    """Fields to mend."""
    message = _("Il manque quelque chose\u202f: corrigez les champs signalés, puis signez.")
    return Refusal(status=422, message=message, errors=errors, typed=typed_of(raw, place))


def wrong_site(raw: Mapping[str, Any], place: Place) -> Refusal:
    """A frame on a site that is not in the petition's list (P60)."""
    message = _(
        "Ce formulaire n’est pas prévu pour ce site. Signez depuis la page de la pétition\u202f: "
        "votre texte est gardé ici."
    )
    return Refusal(status=403, message=message, typed=typed_of(raw, place))


def proof_asked(raw: Mapping[str, Any], place: Place) -> Refusal:
    """The page again, with a small calculation for the browser to do (P67)."""
    typed = typed_of(raw, place)
    return Refusal(status=422, message=str(ProofAsked()), typed=typed, asks_proof=True)


def not_taken(place: Place, raw: Mapping[str, Any], *, now: datetime) -> Refusal:
    """The petition takes no signature now: paused for a while, or closed for good."""
    typed = typed_of(raw, place)
    if sentence := place.stopped_by(now):
        return Refusal(status=503, message=sentence, typed=typed, retry_after=PAUSED)
    if place.is_paused():
        message = _(
            "Cette pétition est en pause. Revenez bientôt\u202f; "
            "votre texte est gardé dans cette page."
        )
        return Refusal(status=503, message=message, typed=typed, retry_after=PAUSED)
    closed = place.closed_on()
    if closed is None or closed > now:
        return Refusal(status=410, message=_("Cette pétition est close. Voici son résultat."))
    message = _("Cette pétition est close depuis le %(day)s. Voici son résultat.")
    return Refusal(status=410, message=message % {"day": day_month(closed)}, typed=typed)


def failed(error: SigningError, raw: Mapping[str, Any], place: Place | None) -> Refusal:
    """The intake did not write it."""
    typed = typed_of(raw, place)
    if isinstance(error, TooManyFromHere):
        return Refusal(status=429, message=str(error), typed=typed, retry_after=TEN_MINUTES)
    if isinstance(error, ProofAsked) and place is not None:
        return proof_asked(raw, place)
    if isinstance(error, Unwritable):
        return Refusal(status=422, message=str(error), typed=typed)
    return Refusal(status=503, message=str(error), typed=typed, retry_after=A_MINUTE)
