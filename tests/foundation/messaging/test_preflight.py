"""What is looked at before a first mail in number, against a real DNS server (J23)."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.actions.preflight import (
    ask_for_preflight,
    run_preflight,
    waive_preflight,
)
from levier.foundation.messaging.models.preflight import Preflight
from levier.foundation.messaging.rules.preflight.checks import Gravity
from levier.foundation.messaging.rules.preflight.dns import Sender, findings_of
from levier.foundation.messaging.rules.preflight.gate import (
    is_running,
    preflight_of,
    sender_of,
)
from tests.foundation.messaging.dns_server import DnsServer

Zone = Mapping[tuple[str, str], Sequence[str]]
DOMAIN = "valmontavelo.fr"


def rsa_record(bits: int) -> str:
    key = rsa.generate_private_key(65_537, bits).public_key()
    raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(raw).decode()


GOOD_KEY = rsa_record(2_048)


def txt(*texts: str) -> list[str]:
    """TXT records, cut into pieces of 200 as long ones must be."""
    pieces = [[text[k : k + 200] for k in range(0, len(text), 200)] or [""] for text in texts]
    return [" ".join(f'"{piece}"' for piece in one) for one in pieces]


GOOD: Zone = {
    (DOMAIN, "SOA"): [f"ns.{DOMAIN}. root.{DOMAIN}. 1 3600 600 86400 60"],
    (DOMAIN, "MX"): [f"10 mx.{DOMAIN}."],
    (DOMAIN, "TXT"): txt("une-verification=abc", "v=spf1 include:_spf.relais.fr -all"),
    ("_spf.relais.fr", "TXT"): txt("v=spf1 ip4:203.0.113.0/24 -all"),
    (f"cle1._domainkey.{DOMAIN}", "TXT"): txt(GOOD_KEY),
    (f"_dmarc.{DOMAIN}", "TXT"): txt("v=DMARC1; p=quarantine; rua=mailto:dmarc@valmontavelo.fr"),
    (f"mx.{DOMAIN}", "A"): ["9.9.9.9"],
    ("9.9.9.9.in-addr.arpa", "PTR"): [f"mx.{DOMAIN}."],
}
SENDER = Sender(domain=DOMAIN, returns=DOMAIN, host=f"mx.{DOMAIN}", selectors=["cle1"])


def found(changed: Zone, sender: Sender = SENDER, silent: Sequence[str] = ()) -> dict[str, dict]:
    zone = {name: rows for name, rows in {**GOOD, **changed}.items() if rows}
    with DnsServer(zone, silent) as server:
        return dict(findings_of(sender, server.resolver))


def test_J23_a_sender_in_order() -> None:
    assert set(found({})) == {"domain_ok", "spf_ok", "dkim_ok", "dmarc_ok", "ptr_ok"}


@pytest.mark.parametrize(
    ("changed", "reason", "value"),
    [
        ({(DOMAIN, "MX"): ["0 ."]}, "domain_deaf", DOMAIN),
        ({(DOMAIN, "MX"): []}, "domain_deaf", DOMAIN),
        ({(DOMAIN, "TXT"): txt("autre=1")}, "spf_missing", DOMAIN),
        ({(DOMAIN, "TXT"): txt("v=spf1 -all", "v=spf1 ~all")}, "spf_many", "2"),
        ({(DOMAIN, "TXT"): txt("v=spf1 mx +all")}, "spf_open", "v=spf1 mx +all"),
        ({(DOMAIN, "TXT"): txt("v=spf1 mx all")}, "spf_open", "v=spf1 mx all"),
        ({(DOMAIN, "TXT"): txt("v=spf1 mx ?all")}, "spf_endless", DOMAIN),
        ({(DOMAIN, "TXT"): txt("v=spf1 redirect=_spf.relais.fr")}, "spf_ok", None),
        (
            {(DOMAIN, "TXT"): txt("v=spf1 a mx " + "include:_spf.relais.fr " * 9 + "-all")},
            "spf_deep",
            "11",
        ),
        ({(f"cle1._domainkey.{DOMAIN}", "TXT"): []}, "dkim_missing", f"cle1._domainkey.{DOMAIN}"),
        ({(f"cle1._domainkey.{DOMAIN}", "TXT"): txt("v=DKIM1; p=")}, "dkim_wrong", "cle1"),
        ({(f"cle1._domainkey.{DOMAIN}", "TXT"): txt("v=DKIM1; p=!!")}, "dkim_wrong", "cle1"),
        ({(f"cle1._domainkey.{DOMAIN}", "TXT"): txt(rsa_record(1_024))}, "dkim_weak", "1024"),
        ({(f"_dmarc.{DOMAIN}", "TXT"): []}, "dmarc_missing", DOMAIN),
        ({(f"_dmarc.{DOMAIN}", "TXT"): txt("v=DMARC1; rua=mailto:x@y.fr")}, "dmarc_wrong", DOMAIN),
        (
            {(f"_dmarc.{DOMAIN}", "TXT"): txt("v=DMARC1; p=none", "v=DMARC1; p=reject")},
            "dmarc_wrong",
            DOMAIN,
        ),
        ({("9.9.9.9.in-addr.arpa", "PTR"): []}, "ptr_missing", "9.9.9.9"),
        ({("9.9.9.9.in-addr.arpa", "PTR"): ["autre.fr."]}, "ptr_differs", "autre.fr"),
        ({(f"mx.{DOMAIN}", "A"): ["10.0.0.2"]}, "ptr_elsewhere", None),
    ],
)
def test_J23_each_thing_amiss_is_found(changed: Zone, reason: str, value: str | None) -> None:
    answers = found(changed)
    assert reason in answers
    assert value is None or value in answers[reason].values()


def test_J23_an_ed25519_key_is_a_good_one() -> None:
    raw = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    record = f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    assert "dkim_modern" in found({(f"cle1._domainkey.{DOMAIN}", "TXT"): txt(record)})


def test_J23_a_domain_that_does_not_exist_says_only_that() -> None:
    with DnsServer({("autre.fr", "A"): ["9.9.9.9"]}) as server:
        assert findings_of(SENDER, server.resolver) == [("domain_missing", {"domain": DOMAIN})]


def test_J23_without_selector_the_usual_ones_are_tried() -> None:
    sender = Sender(domain=DOMAIN, returns=DOMAIN, host=f"mx.{DOMAIN}")
    assert found({}, sender)["dkim_unknown"] == {"domain": DOMAIN}
    usual = {(f"brevo1._domainkey.{DOMAIN}", "TXT"): txt(GOOD_KEY)}
    assert found(usual, sender)["dkim_ok"] == {"selector": "brevo1", "bits": "2048"}


def test_J23_a_dmarc_of_the_domain_above_counts() -> None:
    sub = f"lettre.{DOMAIN}"
    sender = Sender(domain=sub, returns=sub, host=f"mx.{DOMAIN}", selectors=["cle1"])
    answers = found({(sub, "MX"): [f"10 mx.{DOMAIN}."]}, sender)
    assert answers["dmarc_ok"]["domain"] == DOMAIN


def test_J23_a_dmarc_that_refuses_wants_a_signature_or_the_same_domain() -> None:
    unsigned: Zone = {(f"cle1._domainkey.{DOMAIN}", "TXT"): []}
    elsewhere: Zone = {
        ("relais.fr", "MX"): ["10 mx.relais.fr."],
        ("relais.fr", "TXT"): txt("v=spf1 mx -all"),
    }
    away = Sender(domain=DOMAIN, returns="relais.fr", host=f"mx.{DOMAIN}", selectors=["cle1"])
    assert "dmarc_refuses" in found({**unsigned, **elsewhere}, away)
    assert "dmarc_refuses" not in found(elsewhere, away)
    assert "dmarc_refuses" not in found(unsigned)


def test_J23_returns_to_a_domain_that_hears_nothing() -> None:
    deaf = Sender(domain=DOMAIN, returns=f"retours.{DOMAIN}", host=f"mx.{DOMAIN}")
    assert "returns_deaf" in found({(f"retours.{DOMAIN}", "TXT"): txt("v=spf1 -all")}, deaf)
    assert "returns_ok" in found({(f"retours.{DOMAIN}", "MX"): [f"10 mx.{DOMAIN}."]}, deaf)


def test_J23_a_dns_that_fails_leaves_the_other_checks_standing() -> None:
    answers = found({}, silent=[f"_dmarc.{DOMAIN}"])
    assert answers["dns_silent"] == {"name": f"_dmarc.{DOMAIN}"}
    assert {"spf_ok", "dkim_ok", "ptr_ok"} <= set(answers)


@pytest.mark.parametrize("domain", ["gmail.com", "orange.fr"])
def test_J23_nobody_writes_in_the_name_of_a_provider_of_mailboxes(domain: str) -> None:
    with DnsServer({}) as server:
        sender = Sender(domain=domain, returns=domain, host="x")
        assert findings_of(sender, server.resolver) == [("domain_free", {"domain": domain})]
        assert server.asked == []


# What stands between an organisation and its first mail in number.


@pytest.fixture
def real(valmont: Organisation, settings: Settings) -> Organisation:
    """Valmont with a sender that could exist."""
    settings.DKIM_SELECTORS = ("cle1",)
    settings.EMAIL_URL = f"smtp://u:p@mx.{DOMAIN}:587"
    Organisation.objects.update(sender_email=f"bonjour@{DOMAIN}")
    return Organisation.objects.get()


def look(organisation: Organisation, now: datetime, changed: Zone | None = None) -> Preflight:
    zone = {name: rows for name, rows in {**GOOD, **(changed or {})}.items() if rows}
    with DnsServer(zone) as server:
        return run_preflight(organisation=organisation, dns=server.resolver, now=now)


def blocking(organisation: Organisation, now: datetime) -> list[str]:
    return [one.reason for one in preflight_of(organisation, now=now) if one.blocks]


NO_DMARC: Zone = {(f"_dmarc.{DOMAIN}", "TXT"): []}
NO_SPF: Zone = {(DOMAIN, "TXT"): []}


@pytest.mark.django_db
def test_J23_nothing_leaves_in_number_before_a_first_look(
    real: Organisation, now: datetime
) -> None:
    assert blocking(real, now) == ["never_checked"]
    row = look(real, now)
    assert blocking(real, now) == []
    assert (row.checked_at, row.domain) == (now, DOMAIN)


@pytest.mark.django_db
def test_J23_what_is_doubtful_waits_for_somebody_responsible(
    real: Organisation, aicha: User, now: datetime
) -> None:
    look(real, now, NO_DMARC)
    assert blocking(real, now) == ["dmarc_missing"]
    assert waive_preflight(organisation=real, by=aicha, now=now)
    assert blocking(real, now) == []
    accepted = {one.reason: one for one in preflight_of(real, now=now)}["dmarc_missing"]
    assert (accepted.gravity, accepted.word) == (Gravity.DOUBTFUL, "accepté")
    assert "p=none" in accepted.mend
    assert not waive_preflight(organisation=real, by=aicha, now=now)
    audits = [bytes(entry.leaf) for entry in Entry.objects.filter(kind=EntryKind.AUDIT)]
    assert sum(b"messaging.waive_preflight" in leaf for leaf in audits) == 1


@pytest.mark.django_db
def test_J23_what_forbids_is_waived_by_nobody(
    real: Organisation, aicha: User, now: datetime
) -> None:
    look(real, now, NO_SPF)
    assert not waive_preflight(organisation=real, by=aicha, now=now)
    assert blocking(real, now) == ["spf_missing"]


@pytest.mark.django_db
def test_J23_what_was_accepted_covers_nothing_else(
    real: Organisation, aicha: User, now: datetime
) -> None:
    look(real, now, NO_DMARC)
    waive_preflight(organisation=real, by=aicha, now=now)
    look(real, now, {**NO_DMARC, ("9.9.9.9.in-addr.arpa", "PTR"): []})
    assert blocking(real, now) == ["ptr_missing"]
    Organisation.objects.update(sender_email="bonjour@autre.fr")
    changed = Organisation.objects.get()
    assert blocking(changed, now) == ["other_domain"]
    look(changed, now)
    assert blocking(changed, now) == ["domain_missing"]
    assert Preflight.objects.get().waived == []


@pytest.mark.django_db
def test_J23_a_look_of_two_months_ago_says_nothing(real: Organisation, now: datetime) -> None:
    look(real, now - timedelta(days=60))
    assert blocking(real, now) == ["too_old"]


@pytest.mark.django_db
def test_J23_without_a_postal_address_nothing_leaves(real: Organisation, now: datetime) -> None:
    look(real, now)
    Organisation.objects.update(postal_address="  ")
    real.refresh_from_db()
    assert blocking(real, now) == ["address_missing"]
    assert "réglages" in preflight_of(real, now=now)[0].mend


@pytest.mark.django_db
def test_J23_a_domain_of_examples_has_nothing_to_look_at(
    valmont: Organisation, now: datetime
) -> None:
    assert blocking(valmont, now) == []
    assert "domain_example" in {one.reason for one in preflight_of(valmont, now=now)}


@pytest.mark.django_db
def test_J23_the_worker_asks_the_dns_once(real: Organisation, aicha: User, now: datetime) -> None:
    for _ in range(2):
        ask_for_preflight(organisation=real, by=aicha, now=now)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("messaging.preflight", {"organisation": real.pk})
    row = Preflight.objects.get()
    assert is_running(row, now=now)
    assert not is_running(row, now=now + timedelta(minutes=3))
    assert blocking(real, now) == ["never_checked"]
    look(real, now + timedelta(seconds=2))
    assert not is_running(Preflight.objects.get(), now=now + timedelta(seconds=3))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("smtp://mx.relais.fr", "mx.relais.fr"),
        ("smtps://u:p%40x@mx.relais.fr:465", "mx.relais.fr"),
        ("smtp://127.0.0.1:1025", "petitions.exemple.fr"),
    ],
)
def test_J23_the_server_that_the_world_sees(
    valmont: Organisation, settings: Settings, url: str, host: str
) -> None:
    settings.EMAIL_URL, settings.BASE_URL = url, "https://petitions.exemple.fr"
    settings.BOUNCE_DOMAIN = "retours.exemple.fr"
    sender = sender_of(valmont)
    assert (sender.host, sender.returns) == (host, "retours.exemple.fr")
