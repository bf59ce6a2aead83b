"""What goes into the intake and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from levier.gathering.signing.enums import HoldReason, SignatureSource


class Proof(NamedTuple):
    """A proof of work that is right, and not yet known to be spent (P67)."""

    key: bytes  # what stands for its challenge among those that were spent
    window: datetime
    is_due: bool = False  # asked of everybody: without it, the signature is held


class PartnerBox(NamedTuple):
    """Somebody lets a partner write to them, in these words."""

    partner: int
    wording: str


@dataclass(kw_only=True, slots=True)  # not frozen: thrice as fast to make
class SignatureInput:
    """A signature that the form accepted. Nothing in it needs checking again, but the state of
    the petition, which may have changed meanwhile."""

    petition: int
    petition_uuid: UUID
    organisation: int
    email: str  # as typed
    canonical: str
    first_name: str
    last_name: str
    postcode: str
    country: str
    show_name: bool = False
    phone: str = ""  # only with the agreement to be called
    comment: str = ""
    publish_comment: bool = False  # the campaign reads comments after they are published
    agreements: tuple[tuple[str, str, str], ...] = ()  # (channel, purpose, exact wording)
    ref: str = ""  # the share code that brought the visitor, or nothing
    trapped: bool = False  # the honeypot was filled (P69)
    network: bytes | None = None
    source: SignatureSource = SignatureSource.WEB
    source_code: str = ""  # the site or the partner whose form it is
    partner: PartnerBox | None = None
    hold: HoldReason = HoldReason.NONE  # known before it is written
    proof: Proof | None = None
    askable: bool = False  # somebody in front of a page, who can still be asked for a proof
    extra: Mapping[str, str] = field(default_factory=dict)


class Answer(NamedTuple):
    """What a signatory is told. Nothing in it tells a first signature from a repeat (P17)."""

    number: int | None  # None when it comes with the confirmation (P15)
    code: str  # the share code
