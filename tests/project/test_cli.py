"""The `levier` command, as a person types it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import TestDatabase, address_of
from tests.running import fresh_variables


def levier(*arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = fresh_variables(Path(variables.pop("LEVIER_DATA", "/nowhere")), 8000)
    return subprocess.run(
        [sys.executable, "-m", "levier.project.cli", *arguments],
        env={**environment, **variables},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(arguments: list[str]) -> None:
    told = levier(*arguments)
    assert told.returncode == 0
    everyday = (
        "up",
        "demo",
        "web",
        "worker",
        "migrate",
        "createuser",
        "import",
        "export",
        "doctor",
    )
    for command in everyday:
        assert f"levier {command} " in told.stdout
    assert "backup" not in told.stdout


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "0"), ("DATABASE_URL", "mysql://x"), ("LEVIER_DEMO", "maybe")]
)
@pytest.mark.parametrize("command", ["up", "web", "migrate"])
def test_a_wrong_value_stops_the_start(command: str, name: str, value: str) -> None:
    told = levier(command, **{name: value})
    assert told.returncode == 2
    assert told.stderr.startswith(f"levier : réglage incorrect. {name} : ")
    assert "Traceback" not in told.stderr


def test_an_unknown_command_is_told(tmp_path: Path) -> None:
    told = levier("singer", LEVIER_DATA=str(tmp_path), DATABASE_URL="postgresql:///x")
    assert told.returncode == 2
    assert "« singer » n’existe pas" in told.stderr


def test_a_folder_that_cannot_be_is_told() -> None:
    for command in ("up", "migrate"):
        told = levier(command, LEVIER_DATA="/proc/levier")
        assert told.returncode == 2
        assert "LEVIER_DATA" in told.stderr
        assert "Traceback" not in told.stderr


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    told = levier(
        "migrate", LEVIER_DATA=str(tmp_path), DATABASE_URL="postgresql://127.0.0.1:1/levier"
    )
    assert told.returncode == 1
    assert "la base ne répond pas" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.django_db(transaction=True)
def test_an_organisation_and_its_owner(test_database: TestDatabase, tmp_path: Path) -> None:
    here = {"LEVIER_DATA": str(tmp_path), "DATABASE_URL": test_database.url}
    assert "createorganisation" in levier("createuser", "a@b.example", **here).stderr
    told = levier("createorganisation", "Droits debout", **here)
    assert (told.returncode, told.stderr) == (0, "")
    assert "--organisation droits-debout" in told.stdout
    claire = ("createuser", "Claire@droitsdebout.example", "--role", "owner", "--password-stdin")
    refused = levier(*claire, typed="court\n", **here)
    assert refused.returncode == 1
    assert "10 caractères" in refused.stderr
    told = levier(*claire, typed="demonstration-8686\n", **here)
    assert (told.returncode, told.stderr) == (0, "")
    assert "claire@droitsdebout.example : Responsable, « Droits debout »." in told.stdout
    again = levier(*claire, typed="autre-mot-de-passe\n", **here)
    assert again.returncode == 1
    assert "déjà" in again.stderr


@pytest.mark.django_db
def test_the_doctor_says_what_is_wrong_and_the_mend(
    test_database: TestDatabase, tmp_path: Path
) -> None:
    told = levier(
        "doctor",
        LEVIER_DATA=str(tmp_path),
        DATABASE_URL=test_database.url,
        LEVIER_EMAIL_URL="smtp://127.0.0.1:1",
        LEVIER_RATE_LIMITS="off",
    )
    assert told.returncode == 1
    lines = {line[2:].split(" : ")[0]: line for line in told.stdout.splitlines()[:-1]}
    assert [name for name, line in lines.items() if line[0] == "✗"] == [
        "Réglages",
        "Courriel",
        "Fichiers statiques",
    ]
    assert all("→" in line for line in lines.values() if line[0] == "✗")
    assert told.stdout.endswith("À reprendre : 3.\n")


@pytest.mark.django_db
def test_the_doctor_sees_missing_migrations_and_open_secrets(
    test_database: TestDatabase, tmp_path: Path
) -> None:
    (tmp_path / "secret_key").write_text("k" * 50)
    (tmp_path / "secret_key").chmod(0o644)
    empty = address_of(test_database.url, "postgres")
    told = levier("doctor", LEVIER_DATA=str(tmp_path), DATABASE_URL=empty)
    assert "✗ Base de données : des migrations attendent" in told.stdout
    assert "levier migrate" in told.stdout
    assert "chmod 600" in told.stdout
