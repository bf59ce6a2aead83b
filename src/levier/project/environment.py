"""What the environment may say. Every name is listed in ``docs/env.md``; a test compares."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import psycopg
from psycopg.conninfo import conninfo_to_dict

Variables = Mapping[str, str]
LONGEST_HOST = 300
SHORTEST_SECRET = 24
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
SELECTOR = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")
PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "sendgrid", "ses", "sparkpost")


class WrongEnvironment(Exception):
    """A variable has a value that cannot work. Carries its name and the mend, in French."""

    def __init__(self, name: str, mend: str) -> None:
        super().__init__(f"{name} : {mend}")
        self.name = name
        self.mend = mend


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The environment, read and checked once at start."""

    database_url: str  # empty: embedded PostgreSQL in `data`
    secret_key: str  # empty: made once and kept in `data`
    base_url: str  # without trailing slash
    data: Path
    email_url: str
    smtp_connections: int  # of each lane
    smtp_per_minute: int  # mails the route takes; 0: as many as one likes
    bounce_domain: str  # empty: returns go to the organisation’s own address
    bounce_imap_url: str  # empty: no mailbox is read
    dkim_selectors: tuple[str, ...]
    mail_provider: str  # who relays our mail; empty: nobody in particular
    mail_hook_secret: str  # "user:password"; empty: no provider may tell us anything
    mailgun_signing_key: str
    sendgrid_public_key: str
    trusted_proxies: tuple[str, ...]  # CIDR networks
    rate_limits: bool
    time_zone: str
    language: str
    port: int
    bind: str  # the IP address the site listens on
    hosted_by: str  # the host’s name and address, as the legal notice must give them
    web_workers: int
    log_format: str  # console | json
    metrics: bool
    demo: bool


def read_environment(variables: Variables | None = None) -> Environment:
    """Read and check the environment; an empty value is an absent one.

    Raises WrongEnvironment, with the variable's name and how to mend it, on the first wrong value.
    """
    given = {name: value for name, value in (variables or os.environ).items() if value.strip()}
    port = _number(given, "PORT", default=8000, highest=65535)
    return Environment(
        database_url=_database_url(given),
        secret_key=_secret(given),
        base_url=_base_url(given, port),
        data=_data(given),
        email_url=_email_url(given),
        smtp_connections=_number(given, "LEVIER_SMTP_CONNECTIONS", default=10, highest=500),
        smtp_per_minute=_per_minute(given),
        bounce_domain=_bounce_domain(given),
        bounce_imap_url=_bounce_imap_url(given),
        dkim_selectors=_dkim_selectors(given),
        mail_provider=_one_of(given, "LEVIER_MAIL_PROVIDER", "", *PROVIDERS),
        mail_hook_secret=_hook_secret(given),
        mailgun_signing_key=_ascii(given, "LEVIER_MAILGUN_SIGNING_KEY"),
        sendgrid_public_key=_ascii(given, "LEVIER_SENDGRID_PUBLIC_KEY"),
        trusted_proxies=_proxies(given),
        rate_limits=_one_of(given, "LEVIER_RATE_LIMITS", "on", "off") == "on",
        time_zone=_time_zone(given),
        language=_one_of(given, "LEVIER_LANGUAGE", "fr"),
        port=port,
        bind=_bind(given),
        hosted_by=_hosted_by(given),
        web_workers=_number(given, "LEVIER_WEB_WORKERS", default=1, highest=64),
        log_format=_one_of(given, "LEVIER_LOG_FORMAT", "console", "json"),
        metrics=_one_of(given, "LEVIER_METRICS", "off", "on") == "on",
        demo=_one_of(given, "LEVIER_DEMO", "off", "on") == "on",
    )


def _one_of(given: Variables, name: str, *choices: str) -> str:
    """One of the choices, the first when nothing is said."""
    value = given.get(name, choices[0]).strip().lower()
    if value not in choices:
        raise WrongEnvironment(
            name, f"écrivez {' ou '.join(f'« {c} »' for c in sorted(choices) if c)}."
        )
    return value


def _number(given: Variables, name: str, *, default: int, highest: int) -> int:
    value = given.get(name, str(default)).strip()
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= highest):
        raise WrongEnvironment(name, f"donnez un nombre entier de 1 à {highest}.")
    return int(value)


def _per_minute(given: Variables) -> int:
    name = "LEVIER_SMTP_PER_MINUTE"
    return _number(given, name, default=1, highest=10_000_000) if name in given else 0


def _address(name: str, value: str, mend: str, accepted: Callable[[SplitResult], bool]) -> str:
    """The URL, if it can be read and is accepted."""
    try:
        parts = urlsplit(value)
        good = accepted(parts) and parts.port != 0  # reading the port checks it
    except ValueError:
        good = False
    if not good:
        raise WrongEnvironment(name, mend)
    return value


def _secret(given: Variables) -> str:
    name, secret = "LEVIER_SECRET_KEY", given.get("LEVIER_SECRET_KEY", "")
    path = given.get("LEVIER_SECRET_KEY_FILE")
    if path:
        name = "LEVIER_SECRET_KEY_FILE"
        try:
            secret = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongEnvironment(name, f"le fichier {path} ne peut être lu ({error}).") from error
    if (path or secret) and len(secret) < 32:
        raise WrongEnvironment(name, "donnez au moins 32 caractères pris au hasard.")
    return secret


def _bind(given: Variables) -> str:
    try:
        return str(ip_address(given.get("LEVIER_BIND", "127.0.0.1").strip()))
    except ValueError as error:
        mend = "donnez une adresse IP, par exemple 127.0.0.1 ou 0.0.0.0."
        raise WrongEnvironment("LEVIER_BIND", mend) from error


def _database_url(given: Variables) -> str:
    mend = "écrivez postgresql://utilisateur:motdepasse@serveur/base."
    value = given.get("DATABASE_URL", "").strip()
    if not value:
        return ""
    try:
        conninfo_to_dict(value)
    except psycopg.ProgrammingError as error:
        raise WrongEnvironment("DATABASE_URL", mend) from error
    return _address(
        "DATABASE_URL",
        value,
        mend,
        lambda parts: parts.scheme in {"postgres", "postgresql"},
    )


def _base_url(given: Variables, port: int) -> str:
    return _address(
        "LEVIER_BASE_URL",
        given.get("LEVIER_BASE_URL", f"http://127.0.0.1:{port}").strip().rstrip("/"),
        "écrivez une adresse sans chemin, par exemple https://exemple.fr.",
        lambda parts: (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not (parts.path or parts.query or parts.fragment or parts.username)
        ),
    )


def _data(given: Variables) -> Path:
    try:
        return Path(given.get("LEVIER_DATA", "./var")).expanduser().resolve()
    except (RuntimeError, OSError, ValueError) as error:
        mend = "donnez le chemin d’un dossier où écrire."
        raise WrongEnvironment("LEVIER_DATA", mend) from error


def _email_url(given: Variables) -> str:
    return _address(
        "LEVIER_EMAIL_URL",
        given.get("LEVIER_EMAIL_URL", "smtp://127.0.0.1:1025").strip(),
        "écrivez smtp://utilisateur:motdepasse@serveur:port, smtp+tls:// ou smtps://.",
        lambda parts: parts.scheme in {"smtp", "smtp+tls", "smtps"} and bool(parts.hostname),
    )


def _bounce_domain(given: Variables) -> str:
    value = given.get("LEVIER_BOUNCE_DOMAIN", "").strip().lower()
    if value and not DOMAIN.fullmatch(value):
        mend = "donnez un nom de domaine seul, comme retours.exemple.fr."
        raise WrongEnvironment("LEVIER_BOUNCE_DOMAIN", mend)
    return value


def _bounce_imap_url(given: Variables) -> str:
    value = given.get("LEVIER_BOUNCE_IMAP_URL", "").strip()
    return value and _address(
        "LEVIER_BOUNCE_IMAP_URL",
        value,
        "écrivez imaps://utilisateur:motdepasse@serveur/INBOX, ou imap+tls://.",
        lambda parts: (
            parts.scheme in {"imaps", "imap+tls", "imap"}
            and bool(parts.hostname and parts.username and parts.password)
            and '"' not in parts.path
        ),
    )


def _dkim_selectors(given: Variables) -> tuple[str, ...]:
    values = given.get("LEVIER_DKIM_SELECTORS", "").lower().split(",")
    found = tuple(value.strip() for value in values if value.strip())
    if not all(SELECTOR.fullmatch(value) for value in found):
        mend = "donnez des sélecteurs séparés par des virgules, comme brevo1,brevo2."
        raise WrongEnvironment("LEVIER_DKIM_SELECTORS", mend)
    return found


def _hook_secret(given: Variables) -> str:
    value = _ascii(given, "LEVIER_MAIL_HOOK_SECRET")
    user, colon, password = value.partition(":")
    if value and not (user and colon and len(password) >= SHORTEST_SECRET):
        mend = f"écrivez nom:secret, avec un secret d’au moins {SHORTEST_SECRET} caractères."
        raise WrongEnvironment("LEVIER_MAIL_HOOK_SECRET", mend)
    return value


def _ascii(given: Variables, name: str) -> str:
    value = given.get(name, "").strip()
    if not (value.isascii() and value.isprintable()):
        raise WrongEnvironment(name, "recopiez la valeur telle que votre prestataire la donne.")
    return value


def _proxies(given: Variables) -> tuple[str, ...]:
    values = given.get("LEVIER_TRUSTED_PROXIES", "").split(",")
    try:
        return tuple(str(ip_network(value.strip())) for value in values if value.strip())
    except ValueError as error:
        mend = "donnez des réseaux séparés par des virgules, par exemple 10.0.0.0/8."
        raise WrongEnvironment("LEVIER_TRUSTED_PROXIES", mend) from error


def _hosted_by(given: Variables) -> str:
    value = " ".join(given.get("LEVIER_HOSTED_BY", "").split())
    if len(value) > LONGEST_HOST or not value.isprintable():
        raise WrongEnvironment(
            "LEVIER_HOSTED_BY",
            "donnez sur une ligne le nom, l’adresse et le téléphone de l’hébergeur.",
        )
    return value


def _time_zone(given: Variables) -> str:
    value = given.get("LEVIER_TIME_ZONE", "Europe/Paris").strip()
    if value not in available_timezones():
        raise WrongEnvironment("LEVIER_TIME_ZONE", "donnez un fuseau connu, comme Europe/Paris.")
    return value
