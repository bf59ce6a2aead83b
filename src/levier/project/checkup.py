"""What `levier doctor` looks at. Each check returns a problem with its mend, or None."""

import shutil
import smtplib
import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from levier.project import static_files

ENOUGH_DISK = 1_000_000_000  # bytes
CLOCK_DRIFT = 5.0  # seconds
PATIENCE = 5  # seconds left to the mail server


class Problem(Exception):
    """Something is wrong. Carries a French sentence: what → how to mend it."""


def environment() -> str:
    """Settings that are possible, yet unwise."""
    if not settings.RATE_LIMITS:
        raise Problem("LEVIER_RATE_LIMITS=off laisse passer les abus → retirez cette variable.")
    host = urlsplit(settings.BASE_URL).hostname
    if not settings.HTTPS and host not in {"127.0.0.1", "localhost", "testserver"}:
        raise Problem(
            f"le site est annoncé en clair ({settings.BASE_URL}) → mettez un serveur HTTPS devant, "
            "puis donnez son adresse par LEVIER_BASE_URL."
        )
    return settings.BASE_URL


def data_folder() -> str:
    """The data folder can be written, and its secret is not read by others."""
    folder: Path = settings.MEDIA_ROOT.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Problem(
            f"le dossier {folder} n’accepte pas d’écriture ({error.strerror}) → donnez-en les "
            "droits à ce compte, ou un autre dossier par LEVIER_DATA."
        ) from error
    secret = folder / "secret_key"
    if secret.exists() and secret.stat().st_mode & 0o077:
        raise Problem(f"d’autres comptes peuvent lire {secret} → chmod 600 {secret}")
    return str(folder)


def disk() -> str:
    """There is room left."""
    free = shutil.disk_usage(settings.MEDIA_ROOT.parent).free
    if free < ENOUGH_DISK:
        raise Problem(
            f"il ne reste que {free // 1_000_000} Mo sur le disque des données → faites de la "
            "place, ou déplacez LEVIER_DATA."
        )
    return f"{free // ENOUGH_DISK} Go libres"


def database() -> str:
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except DatabaseError as error:
        raise Problem(
            f"la base ne répond pas ({str(error).strip()}) → vérifiez DATABASE_URL, ou que le "
            "serveur est démarré."
        ) from error
    if version < 160000:
        raise Problem(f"PostgreSQL {version // 10000} est trop ancien → passez à la version 16.")
    if waiting:
        raise Problem(f"des migrations attendent ({len(waiting)}) → levier migrate")
    return f"PostgreSQL {version // 10000}, à jour"


def clock() -> str:
    """This machine and the database agree on the time, and it is not before the code."""
    now = datetime.now(UTC)
    newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
    if now.timestamp() < newest - 86_400:
        raise Problem("l’horloge retarde de plus d’un jour → activez la mise à l’heure (NTP).")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    except DatabaseError:
        return "la base ne répond pas, l’heure n’est pas comparée"
    if drift > CLOCK_DRIFT:
        raise Problem(
            f"cette machine et la base ont {drift:.0f} s d’écart → mettez-les à l’heure (NTP)."
        )
    return "à l’heure"


def mail() -> str:
    """The mail server answers and lets us in."""
    parts = urlsplit(settings.EMAIL_URL)
    shown = f"{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 25)}"
    try:
        with _mail_server(parts.scheme, str(parts.hostname), parts.port or 0) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise Problem(
            f"le serveur de courriel {shown} ne répond pas comme il faut ({error}) → vérifiez "
            "LEVIER_EMAIL_URL."
        ) from error
    return shown


def _mail_server(scheme: str, host: str, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    if scheme == "smtp+tls":
        server.starttls(context=context)
    return server


def statics() -> str:
    """The static files served are those of this version."""
    if not static_files.are_fresh():
        raise Problem("les fichiers statiques ne sont pas ceux de cette version → levier prepare")
    return "à jour"


CHECKS: dict[str, Callable[[], str]] = {
    "Réglages": environment,
    "Dossier des données": data_folder,
    "Disque": disk,
    "Base de données": database,
    "Horloge": clock,
    "Courriel": mail,
    "Fichiers statiques": statics,
}
