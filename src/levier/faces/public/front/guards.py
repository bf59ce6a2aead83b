"""What is looked at beside the fields: the site of a frame, a proof of work, the switches.

Nothing of it costs an ordinary signature more than asking whether there is anything to look at.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from levier.faces.public.front import refusals
from levier.faces.public.refusal import Refusal
from levier.gathering.petitions.rules.sites import site_name
from levier.gathering.signing.enums import HoldReason, SignatureSource
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.proof import proof_in
from levier.gathering.signing.intake.rows import SignatureInput

PROOF = "altcha"
OF_A_PARTNER = "par:"  # before a partner's slug, in `source_code`


def guard(
    row: SignatureInput, raw: Mapping[str, Any], place: Place, *, as_json: bool, now: datetime
) -> Refusal | None:
    """Complete a row with where it comes from and what holds it, or refuse it before it is sent
    to the intake."""
    around = place.around
    partner = around.partner(raw.get("par")) if around.partners else None
    if row.source == SignatureSource.EMBED:
        row.source_code = site = _site(raw)
        if site and not around.welcomes(site, partner):
            return refusals.wrong_site(raw, place)
    if partner is not None:
        row.source_code = f"{OF_A_PARTNER}{raw['par']}"
    if around.holds:
        row.hold = HoldReason.SWITCH
    row.askable = not as_json and PROOF not in raw
    return _prove(row, raw, place, now=now) if around.asks_proof or PROOF in raw else None


def _prove(
    row: SignatureInput, raw: Mapping[str, Any], place: Place, *, now: datetime
) -> Refusal | None:
    """Without a proof that everybody is asked for, a page asks, and a program is held (P67)."""
    due = place.around.asks_proof
    if proof := proof_in(raw.get(PROOF), place.petition, now=now):
        row.proof = proof._replace(is_due=due)
    elif due and row.askable:
        return refusals.proof_asked(raw, place)
    elif due and not row.hold:
        row.hold = HoldReason.CAPTCHA
    return None


def _site(raw: Mapping[str, Any]) -> str:
    """The site that shows the frame: what the browser says of it, else what its code says."""
    told = raw.get("embedded_on")
    is_origin = isinstance(told, str) and "://" in told  # a page of nowhere says « null »
    return (site_name(told) if is_origin else "") or site_name(raw.get("site"))
