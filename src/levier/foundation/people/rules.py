"""How addresses are compared, and how they are remembered once refused."""

import hmac
import unicodedata

import idna
from django.db.models import QuerySet

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.tokens import key_for
from levier.foundation.people.models import ContactPoint, Person, Suppression

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


def canonical_phone(typed: str) -> str:
    """The digits, with the leading + of an international number. Telling countries apart is
    the form's work, which stores E.164."""
    digits = "".join(c for c in typed if c.isdecimal())
    return f"+{digits}" if typed.strip().startswith("+") else digits


def suppression_hmac(organisation_id: int, channel: str, canonical: str) -> bytes:
    """What stands for a refused address once the address itself is erased: HMAC-SHA-256 under
    the installation's key, apart for each organisation, so that two lists cannot be compared."""
    message = f"{organisation_id}\0{channel}\0{canonical}".encode()
    return hmac.digest(key_for("suppression"), message, "sha256")


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


def refusals_of(person: Person) -> QuerySet[Suppression]:
    """What a person's addresses refused. Refusals are found by hash, all that is kept of them."""
    hashes = [
        suppression_hmac(person.organisation_id, point.channel, point.canonical)
        for point in ContactPoint.objects.filter(person=person)
    ]
    return Suppression.objects.filter(
        organisation_id=person.organisation_id, canonical_hmac__in=hashes
    ).order_by("at", "pk")
