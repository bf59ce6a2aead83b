"""What the environment may say. Every name is listed in ``docs/env.md``; a test compares."""

import os
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import environ


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
    trusted_proxies: tuple[str, ...]  # CIDR networks
    rate_limits: bool
    time_zone: str
    language: str
    port: int
    metrics: bool
    demo: bool


def _on_off(env: environ.Env, name: str, default: str) -> bool:
    value = env.str(name, default).strip().lower()
    if value not in {"on", "off"}:
        raise WrongEnvironment(name, "écrivez « on » ou « off ».")
    return value == "on"


def _secret(env: environ.Env) -> str:
    path = env.str("LEVIER_SECRET_KEY_FILE", "")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise WrongEnvironment(
                "LEVIER_SECRET_KEY_FILE", f"le fichier ne peut être lu ({error.strerror})."
            ) from error
    secret = env.str("LEVIER_SECRET_KEY", "")
    if secret and len(secret) < 32:
        raise WrongEnvironment("LEVIER_SECRET_KEY", "donnez au moins 32 caractères.")
    return secret


def _port(env: environ.Env) -> int:
    value = env.str("PORT", "8000")
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise WrongEnvironment("PORT", "donnez un nombre entre 1 et 65535.")
    return int(value)


def _base_url(env: environ.Env, port: int) -> str:
    value = env.str("LEVIER_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise WrongEnvironment(
            "LEVIER_BASE_URL", "écrivez une adresse sans chemin, par exemple https://exemple.fr."
        )
    return value


def _email_url(env: environ.Env) -> str:
    value = env.str("LEVIER_EMAIL_URL", "smtp://127.0.0.1:1025")
    if urlsplit(value).scheme not in {"smtp", "smtp+tls", "smtps"} or not urlsplit(value).hostname:
        raise WrongEnvironment(
            "LEVIER_EMAIL_URL",
            "écrivez smtp://utilisateur:motdepasse@serveur:port, smtp+tls:// ou smtps://.",
        )
    return value


def _proxies(env: environ.Env) -> tuple[str, ...]:
    mend = "donnez des réseaux séparés par des virgules, par exemple 10.0.0.0/8."
    values = tuple(v.strip() for v in env.str("LEVIER_TRUSTED_PROXIES", "").split(",") if v.strip())
    for value in values:
        try:
            ip_network(value)
        except ValueError as error:
            raise WrongEnvironment("LEVIER_TRUSTED_PROXIES", mend) from error
    return values


def _time_zone(env: environ.Env) -> str:
    value = env.str("LEVIER_TIME_ZONE", "Europe/Paris")
    if value not in available_timezones():
        raise WrongEnvironment("LEVIER_TIME_ZONE", "donnez un fuseau connu, comme Europe/Paris.")
    return ZoneInfo(value).key


def read_environment(variables: dict[str, str] | None = None) -> Environment:
    """Read and check the environment.

    Raises WrongEnvironment, with the variable's name and how to mend it, on the first wrong value.
    """
    env = environ.Env()
    env.ENVIRON = dict(os.environ if variables is None else variables)
    port = _port(env)
    language = env.str("LEVIER_LANGUAGE", "fr")
    if language != "fr":
        raise WrongEnvironment("LEVIER_LANGUAGE", "seul « fr » existe pour l’instant.")
    database_url = env.str("DATABASE_URL", "")
    if database_url and urlsplit(database_url).scheme not in {"postgres", "postgresql"}:
        raise WrongEnvironment("DATABASE_URL", "écrivez postgresql://utilisateur@serveur/base.")
    return Environment(
        database_url=database_url,
        secret_key=_secret(env),
        base_url=_base_url(env, port),
        data=Path(env.str("LEVIER_DATA", "./var")).expanduser().resolve(),
        email_url=_email_url(env),
        trusted_proxies=_proxies(env),
        rate_limits=_on_off(env, "LEVIER_RATE_LIMITS", "on"),
        time_zone=_time_zone(env),
        language=language,
        port=port,
        metrics=_on_off(env, "LEVIER_METRICS", "off"),
        demo=_on_off(env, "LEVIER_DEMO", "off"),
    )
