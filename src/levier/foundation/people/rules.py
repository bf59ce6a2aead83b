"""How addresses are compared, how they are remembered once refused, and who may meet people."""

import hmac
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import TypeVar

import idna
from django.db.models import QuerySet

from levier.foundation.accounts.enums import CAN_CAMPAIGN, CAN_MODERATE
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.accounts.rules import membership_of, require
from levier.foundation.common.tokens import key_for
from levier.foundation.people.enums import STILL_ANSWERED, Purpose, SuppressionReason
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.models.tag import Tag, Tagging

# Providers that document which spellings reach one mailbox: (characters that do not count, the
# domain all spellings share or "" when each domain has mailboxes of its own); all of them take
# what follows « + » for a tag. Nobody else is folded: a wrong fold would refuse somebody's
# signature (P19). Yahoo's « base-word@ » leads back to no mailbox's own name; Apple documents no
# tags; Proton documents tags (proton.me/support/addresses-and-aliases), not one shared domain.
TAG = "+"
_GMAIL = (
    ".",
    "gmail.com",
)  # support.google.com/mail/answer/7436150, 10313 (googlemail.com)
_TAGS_ONLY = (
    "",
    "",
)  # Outlook.com and Exchange: "plus addressing"; fastmail.help: same words
_FOLDING = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(
        (
            *("outlook.com", "outlook.fr", "outlook.be", "msn.com"),
            *("hotmail.com", "hotmail.fr", "hotmail.be", "hotmail.ch", "hotmail.co.uk"),
            *("live.com", "live.fr", "live.be", "live.ca"),
            *("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
            *("fastmail.com", "fastmail.fm"),
        ),
        _TAGS_ONLY,
    ),
}


def canonical_email(typed: str) -> str:
    """One spelling per mailbox, to compare addresses; mail goes to the address as typed (P19).

    The domain is lower-case IDNA (A-labels, UTS 46), the local part is lower-case NFC. A text
    that is not an address comes back lower-case: validating is the form's work.
    """
    local, _, domain = typed.strip().lower().rpartition("@")
    if not typed.isascii():
        local, domain = unicodedata.normalize("NFC", local), _a_labels(domain)
    folding = _FOLDING.get(domain)
    return f"{local}@{domain}" if folding is None else _folded(local, domain, folding)


def _folded(local: str, domain: str, folding: tuple[str, str]) -> str:
    ignored, shared = folding
    name = local.partition(TAG)[0]
    if ignored:
        name = name.replace(ignored, "")
    return f"{name or local}@{shared or domain}"


def _a_labels(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


# Where most people of France, Belgium, Switzerland, Luxembourg and Québec have their mailbox.
PROVIDERS = frozenset(
    (
        *("gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "aol.fr"),
        *("hotmail.com", "hotmail.fr", "hotmail.be", "hotmail.ch", "hotmail.ca", "msn.com"),
        *("outlook.com", "outlook.fr", "outlook.be", "live.com", "live.fr", "live.be", "live.ca"),
        *("yahoo.com", "yahoo.fr", "yahoo.ca", "ymail.com", "mail.com", "email.com"),
        *("gmx.com", "gmx.fr", "gmx.net", "gmx.ch", "mailo.com", "mail.fr", "tutanota.com"),
        *("proton.me", "protonmail.com", "protonmail.ch", "pm.me", "fastmail.com", "riseup.net"),
        *(
            "orange.fr",
            "wanadoo.fr",
            "free.fr",
            "laposte.net",
            "sfr.fr",
            "neuf.fr",
            "numericable.fr",
        ),
        *("bbox.fr", "club-internet.fr", "aliceadsl.fr", "cegetel.net", "zaclys.net", "ik.me"),
        *("skynet.be", "telenet.be", "proximus.be", "scarlet.be", "voo.be", "pt.lu", "internet.lu"),
        *("bluewin.ch", "bluemail.ch", "sunrise.ch", "hispeed.ch", "infomaniak.ch", "etik.com"),
        *("videotron.ca", "sympatico.ca", "bell.net", "cgocable.ca", "globetrotter.net"),
    )
)
# Names that lead to one domain only, whatever the country.
_ALONE = {"gmail": "gmail.com", "icloud": "icloud.com"}
_LONG_ENOUGH = 8  # a short domain resembles too many others
_ALIKE = 0.85
_ENDINGS = frozenset({"com", "net", "org"})


def likely_domain(domain: str) -> str:
    """The usual provider that a domain seems to be a slip for; empty when none, or when the
    domain is right as it is. A question to ask, never a reason to refuse (P24)."""
    domain = domain.lower()
    name, _, ending = domain.rpartition(".")
    if domain in PROVIDERS:
        return ""
    if name in _ALONE:
        return _ALONE[name]
    same_name = any(known.rpartition(".")[0] == name for known in PROVIDERS)
    if same_name and (len(ending) == 2 or ending in _ENDINGS):
        return ""  # a provider in another country
    long = [known for known in sorted(PROVIDERS) if len(known) >= _LONG_ENOUGH]
    return next(iter(get_close_matches(domain, long, n=1, cutoff=_ALIKE)), "")


def likely_email(typed: str) -> str:
    """The address with the likely domain; empty when there is nothing to ask."""
    local, at, domain = typed.strip().rpartition("@")
    likely = likely_domain(domain)
    return f"{local}{at}{likely}" if likely else ""


def canonical_phone(typed: str) -> str:
    """The digits, with the leading + of an international number. Telling countries apart is
    the form's work, which stores E.164."""
    digits = "".join(c for c in typed if c.isdecimal())
    return f"+{digits}" if typed.strip().startswith("+") else digits


def scope_of(purpose: str, source: str) -> str:
    """How far an agreement to a purpose goes, asked for or relied on by `source` ("petition:12"):
    the news of one petition are agreed to by themselves, other purposes once for all (U35)."""
    return source if purpose == Purpose.PETITION_NEWS else ""


def petition_in(scope: str) -> int | None:
    """The id of the petition that a scope names, if it names one."""
    kind, _colon, pk = scope.partition(":")
    return int(pk) if kind == "petition" and pk.isdecimal() else None


def suppression_hmac(organisation_id: int, channel: str, canonical: str) -> bytes:
    """What stands for a refused address once the address itself is erased: HMAC-SHA-256 under
    the installation's key, apart for each organisation, so that two lists cannot be compared."""
    return suppression_hasher(organisation_id)(channel, canonical)


def suppression_hasher(organisation_id: int) -> Callable[[str, str], bytes]:
    """The same for many addresses of one organisation: (channel, canonical) → hash."""
    key = key_for("suppression")

    def hashed(channel: str, canonical: str) -> bytes:
        message = f"{organisation_id}\0{channel}\0{canonical}".encode()
        return hmac.digest(key, message, "sha256")

    return hashed


def is_suppressed(
    *, organisation: Organisation, channel: str, canonical: str, scope: str = ""
) -> bool:
    """True when the address refused everything, or refused what `scope` names."""
    return Suppression.objects.filter(
        organisation=organisation,
        channel=channel,
        canonical_hmac=suppression_hmac(organisation.pk, channel, canonical),
        scope__in={"", scope},
    ).exists()


def is_refused(*, reason: str, scope: str, purpose: str, source: str) -> bool:
    """Whether what an address refused, for that reason and as far as `scope`, holds back a message
    about `source`. One without purpose answers a gesture of the person, and reaches whoever had
    merely had enough (docs/decisions/73)."""
    if scope:
        return scope == source
    return bool(purpose) or reason not in STILL_ANSWERED


def refusals_of(person: Person) -> QuerySet[Suppression]:
    """What a person's addresses refused. Refusals are found by hash, all that is kept of them."""
    hashes = [
        suppression_hmac(person.organisation_id, point.channel, point.canonical)
        for point in ContactPoint.objects.filter(person=person)
    ]
    return Suppression.objects.filter(
        organisation_id=person.organisation_id, canonical_hmac__in=hashes
    ).order_by("at", "pk")


def stopped_channels(person: Person) -> dict[str, datetime]:
    """The channels on which the person stopped everything and did not come back since; when."""
    said = refusals_of(person).filter(reason=SuppressionReason.UNSUBSCRIBED, scope="")
    return dict(said.order_by("at").values_list("channel", "at"))


Held = TypeVar("Held", Segment, Tag, Tagging, Merge)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A person, and the place in their organisation of whoever looks."""

    person: Person
    membership: Membership

    @property
    def can_campaign(self) -> bool:
        """Whether they may take names out, erase, merge."""
        return self.membership.role in CAN_CAMPAIGN


def person_for_reading(user: User, pk: int) -> Card:
    """Whoever may see names sees people too, and writes what the team knows of them."""
    return _card(user, pk, CAN_MODERATE)


def person_for_deciding(user: User, pk: int) -> Card:
    """Whoever may take names out, erase and merge."""
    return _card(user, pk, CAN_CAMPAIGN)


def _card(user: User, pk: int, roles: Collection[str]) -> Card:
    """A person who was erased is nobody's to see any more."""
    person = Person.objects.filter(pk=pk, erased_at=None).select_related("organisation").first()
    if person is None:
        raise Hidden
    return Card(
        person=person, membership=require(membership_of(user, person.organisation_id), roles)
    )


def segment_for_reading(user: User, pk: int) -> tuple[Segment, Membership]:
    """A segment, for whoever may see the people in it."""
    segment = Segment.objects.filter(pk=pk).select_related("organisation").first()
    return _with_place(user, segment, CAN_MODERATE)


def tag_for_changing(user: User, pk: int) -> tuple[Tag, Membership]:
    """A tag, for whoever may see the people who have it."""
    tag = Tag.objects.filter(pk=pk).select_related("organisation").first()
    return _with_place(user, tag, CAN_MODERATE)


def tagging_for_changing(user: User, pk: int) -> tuple[Tagging, Membership]:
    """A tag being put on many, for whoever could have asked for it."""
    tagging = Tagging.objects.filter(pk=pk).select_related("organisation").first()
    return _with_place(user, tagging, CAN_MODERATE)


def merge_for_undoing(user: User, pk: int) -> tuple[Merge, Membership]:
    """A merge, for whoever may merge."""
    merge = Merge.objects.filter(pk=pk).select_related("organisation").first()
    return _with_place(user, merge, CAN_CAMPAIGN)


def _with_place(user: User, found: Held | None, roles: Collection[str]) -> tuple[Held, Membership]:
    if found is None:
        raise Hidden
    return found, require(membership_of(user, found.organisation_id), roles)


def supporter_import_for_working(user: User, pk: int) -> tuple[Membership, SupporterImport]:
    """A file of supporters, for whoever campaigns."""
    batch = SupporterImport.objects.select_related("organisation", "by").filter(pk=pk).first()
    if batch is None:
        raise Hidden
    return require(membership_of(user, batch.organisation_id), CAN_CAMPAIGN), batch
