"""What the DNS says of a sender (RFC 7208, RFC 6376, RFC 7489), asked through whoever answers."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from levier.foundation.messaging.rules.preflight.checks import Finding

RESERVED = re.compile(r"(.+\.)?(example|test|invalid|localhost|example\.(com|net|org))", re.ASCII)
FREE = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com"),
        *("hotmail.fr", "live.com", "live.fr", "msn.com", "yahoo.com"),
        *("yahoo.fr", "ymail.com", "orange.fr", "wanadoo.fr", "free.fr"),
        *("sfr.fr", "neuf.fr", "bbox.fr", "laposte.net", "icloud.com"),
        *("me.com", "gmx.com", "gmx.fr", "aol.com", "proton.me"),
        *("protonmail.com", "bluewin.ch", "skynet.be", "videotron.ca"),
    }
)
USUAL_SELECTORS = (
    *("default", "mail", "dkim", "s1", "s2"),
    *("k1", "k2", "k3", "selector1", "selector2"),
    *("google", "brevo1", "brevo2", "mailjet", "pm"),
    *("smtp", "mta", "scph0316", "levier"),
)
MOST_LOOKUPS = 10  # RFC 7208 4.6.4
SHORT, GOOD = 1_024, 2_048  # bits
LOOKING_UP = re.compile(r"[+~?-]?(include:|a(?![a-z])|mx(?![a-z])|ptr(?![a-z])|exists:)|redirect=")
INSIDE = re.compile(r"[+~?-]?include:(\S+)|redirect=(\S+)")


class DnsSilent(Exception):
    """No answer, or a server that fails: nothing can be concluded. Carries the name asked for."""


class Dns(Protocol):
    """Who answers. A name that does not exist, or has none of that, gives nothing; DnsSilent when
    there is no answer."""

    def exists(self, name: str) -> bool: ...

    def texts(self, name: str) -> list[str]: ...

    def mail_servers(self, name: str) -> list[str]: ...

    def addresses(self, name: str) -> list[str]: ...

    def names(self, address: str) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who is looked at."""

    domain: str  # of the From address
    returns: str  # of the envelope sender
    host: str  # which hands over to the world
    selectors: Sequence[str] = ()


def findings_of(sender: Sender, dns: Dns) -> list[Finding]:
    """Everything found, each check once. One that had no answer says so, the others stand."""
    if RESERVED.fullmatch(sender.domain):
        return [("domain_example", {"domain": sender.domain})]
    if sender.domain in FREE:
        return [("domain_free", {"domain": sender.domain})]
    found: list[Finding] = []
    for check in (_domain, _spf, _dkim, _dmarc, _ptr, _returns):
        try:
            found += check(sender, dns)
        except DnsSilent as silent:
            found.append(("dns_silent", {"name": str(silent)}))
    if found[0][0] == "domain_missing":
        return found[:1]
    return found + _refused(sender, found)


def _domain(sender: Sender, dns: Dns) -> Iterator[Finding]:
    values = {"domain": sender.domain}
    if not dns.exists(sender.domain):
        yield "domain_missing", values
    elif _hears(sender.domain, dns):
        yield "domain_ok", values
    else:
        yield "domain_deaf", values


def _hears(domain: str, dns: Dns) -> bool:
    """By its MX, else by its address (RFC 5321 5.1); a single « . » says no (RFC 7505)."""
    servers = dns.mail_servers(domain)
    return servers != ["."] if servers else bool(dns.addresses(domain))


def _spf(sender: Sender, dns: Dns) -> Iterator[Finding]:
    domain = sender.returns
    records = [text for text in dns.texts(domain) if re.match(r"v=spf1( |$)", text, re.IGNORECASE)]
    if not records:
        yield "spf_missing", {"domain": domain}
        return
    record = records[0]
    values = {"domain": domain, "record": record}
    lookups = _lookups(record, dns, frozenset({domain}))
    words = record.lower().split()
    if len(records) > 1:
        yield "spf_many", {"domain": domain, "n": str(len(records))}
    elif {"all", "+all"} & set(words):
        yield "spf_open", values
    elif lookups > MOST_LOOKUPS:
        yield "spf_deep", {"domain": domain, "n": str(lookups)}
    elif {"-all", "~all"} & set(words) or "redirect=" in record.lower():
        yield "spf_ok", values
    else:
        yield "spf_endless", values


def _lookups(record: str, dns: Dns, seen: frozenset[str]) -> int:
    """How many DNS questions a server must ask; it stops counting once there are too many."""
    words = record.lower().split()[1:]
    total = sum(bool(LOOKING_UP.match(word)) for word in words)
    for word in words:
        found = INSIDE.match(word)
        name = (found[1] or found[2]) if found else ""
        if name and name not in seen and total <= MOST_LOOKUPS:
            inside = [text for text in dns.texts(name) if text.lower().startswith("v=spf1")]
            total += sum(_lookups(text, dns, seen | {name}) for text in inside[:1])
    return total


def _dkim(sender: Sender, dns: Dns) -> Iterator[Finding]:
    names = {one: f"{one}._domainkey.{sender.domain}" for one in sender.selectors}
    for selector, name in names.items():
        texts = dns.texts(name)
        yield _key(selector, texts[0]) if texts else ("dkim_missing", {"name": name})
    if not names:
        yield _usual_key(sender.domain, dns)


def _usual_key(domain: str, dns: Dns) -> Finding:
    for selector in USUAL_SELECTORS:
        texts = dns.texts(f"{selector}._domainkey.{domain}")
        if texts and "p=" in texts[0]:
            return _key(selector, texts[0])
    return "dkim_unknown", {"domain": domain}


def _key(selector: str, record: str) -> Finding:
    key = _tags(record).get("p", "")
    try:
        raw = base64.b64decode("".join(key.split()), validate=True)
        if _tags(record).get("k", "rsa").lower() == "ed25519":
            Ed25519PublicKey.from_public_bytes(raw)
            return "dkim_modern", {"selector": selector}
        public = load_der_public_key(raw)
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return "dkim_wrong", {"selector": selector}
    if not isinstance(public, RSAPublicKey):
        return "dkim_wrong", {"selector": selector}
    values = {"selector": selector, "bits": str(public.key_size)}
    if public.key_size < SHORT:
        return "dkim_short", values
    return ("dkim_ok" if public.key_size >= GOOD else "dkim_weak"), values


def _dmarc(sender: Sender, dns: Dns) -> Iterator[Finding]:
    """The domain's own, else the nearest one above it."""
    labels = sender.domain.split(".")
    for k in range(max(len(labels) - 1, 1)):
        domain = ".".join(labels[k:])
        texts = dns.texts(f"_dmarc.{domain}")
        records = [text for text in texts if text.lower().replace(" ", "").startswith("v=dmarc1")]
        if records:
            read = len(records) == 1 and _tags(records[0]).get("p", "").lower() in POLICIES
            values = {"domain": domain, "record": records[0]}
            yield ("dmarc_ok", values) if read else ("dmarc_wrong", values)
            return
    yield "dmarc_missing", {"domain": sender.domain}


POLICIES = {"none", "quarantine", "reject"}


def _refused(sender: Sender, found: list[Finding]) -> list[Finding]:
    """A DMARC that refuses needs a signature, or returns to the same domain (RFC 7489 3.1)."""
    by_reason = dict(found)
    record = by_reason.get("dmarc_ok", {}).get("record", "")
    signed = any(reason in {"dkim_ok", "dkim_modern", "dkim_weak"} for reason in by_reason)
    strict = _tags(record).get("p", "none").lower() in {"quarantine", "reject"}
    above = by_reason.get("dmarc_ok", {}).get("domain", sender.domain)
    aligned = sender.returns == above or sender.returns.endswith(f".{above}")
    if strict and not signed and not aligned:
        return [("dmarc_refuses", {"domain": sender.domain})]
    return []


def _ptr(sender: Sender, dns: Dns) -> Iterator[Finding]:
    """The server's address has a name that leads back to it. A server on a private network talks
    to the world through another one, whose address is not known here."""
    public = [one for one in dns.addresses(sender.host) if ip_address(one).is_global]
    if not public:
        yield "ptr_elsewhere", {}
        return
    ip = public[0]
    names = dns.names(ip)
    if not names:
        yield "ptr_missing", {"ip": ip, "host": sender.host}
    elif any(ip in dns.addresses(name) for name in names):
        yield "ptr_ok", {"ip": ip, "name": names[0]}
    else:
        yield "ptr_differs", {"ip": ip, "name": names[0]}


def _returns(sender: Sender, dns: Dns) -> Iterator[Finding]:
    if sender.returns != sender.domain:
        heard = _hears(sender.returns, dns)
        yield ("returns_ok" if heard else "returns_deaf"), {"domain": sender.returns}


def _tags(record: str) -> dict[str, str]:
    """« v=DKIM1; p=… » as a dictionary."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
