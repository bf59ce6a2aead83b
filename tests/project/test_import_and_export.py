"""`levier import` and `levier export`: the same engine as the desk, from a console."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from levier.foundation.accounts.models import User
from levier.foundation.common.tables import storing
from levier.foundation.ledger.models import Entry
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.models.consent import Consent
from levier.foundation.people.models.export import Export
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.signature import Signature
from tests.cast import make_signature
from tests.importing import csv_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("private_files")]
SLUG = "piste-cyclable-rue-des-lilas"
ROWS = csv_of(
    "Zoé;O’Neil;zoe@exemple.fr;75011;FR;12/04/2026",
    "Mal;Écrite;pas une adresse;1000;FR;03/04/2026",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_bytes(ROWS)
    return path


def levier(*arguments: str, **options: Any) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said, **options)
    return said.getvalue()


def test_without_yes_nothing_is_written(lilas: Petition, file: Path) -> None:
    said = levier("import", str(file), f"--petition={SLUG}")
    assert "1 nouvelles" in said
    assert "1 : Cette adresse électronique n’est pas complète." in said
    assert "Courriel → email" in said
    assert "Rien n’est écrit" in said
    assert (Signature.objects.count(), ImportBatch.objects.count()) == (0, 0)
    assert storing.all_kept() == []


def test_with_yes_signatures_come_in(lilas: Petition, aicha: User, file: Path) -> None:
    said = levier(
        "import", str(file), f"--petition=/petitions/{SLUG}/", "--yes", f"--by={aicha.email}"
    )
    assert "C’est écrit" in said
    assert Signature.objects.get().source == "import"
    assert ImportBatch.objects.get().by == aicha
    assert b'"by":%d' % aicha.pk in bytes(Entry.objects.filter(kind=3).latest("seq").leaf)
    with pytest.raises(CommandError, match="déjà été déposé"):
        levier("import", str(file), f"--petition={SLUG}", "--yes")


def test_supporters_with_their_agreements(lilas: Petition, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(csv_of("Zoé;z@exemple.fr;oui", head="Prénom;Email;Newsletter"))
    where = "--organisation=valmont-a-velo"
    levier("import", str(path), where, "--yes", "--wording=consent_org_news=Oui, écrivez-moi.")
    assert Person.objects.get().first_name == "Zoé"
    assert Consent.objects.get().wording == "Oui, écrivez-moi."
    assert SupporterImport.objects.get().counts["new"] == 1


def test_an_agreement_without_its_words_is_left_out(lilas: Petition, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(csv_of("Zoé;z@exemple.fr;oui", head="Prénom;Email;Newsletter"))
    said = levier("import", str(path), "--organisation=Valmont à vélo", "--yes")
    assert "Newsletter → non reprise" in said
    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--petition=rien-ici"], "aucune pétition"),
        (["--organisation=rien-ici"], "valmont-a-velo"),
        ([f"--petition={SLUG}", "--column=Truc=email"], "aucune colonne"),
        ([f"--petition={SLUG}", "--column=Nom=nimporte"], "n’est pas un champ"),
        ([f"--petition={SLUG}", "--column=Courriel="], "quelle colonne"),
        ([f"--petition={SLUG}", "--column=Courriel"], "NOM=VALEUR"),
        ([f"--petition={SLUG}", "--by=personne@ailleurs.example"], "ne mène pas campagne"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: list[str], words: str, lilas: Petition, file: Path
) -> None:
    with pytest.raises(CommandError, match=words):
        levier("import", str(file), *arguments)


def test_a_file_that_is_no_table_or_not_there_is_told(lilas: Petition, tmp_path: Path) -> None:
    image = tmp_path / "a.csv"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    with pytest.raises(CommandError, match="une image PNG"):
        levier("import", str(image), f"--petition={SLUG}")
    with pytest.raises(CommandError, match="ne peut être lu"):
        levier("import", str(tmp_path / "absent.csv"), f"--petition={SLUG}")


def test_signatures_leave_in_a_file_and_that_is_noted(
    lilas: Petition, aicha: User, tmp_path: Path
) -> None:
    for _ in range(3):
        make_signature(lilas)
    path = tmp_path / "sortie.csv"
    said = levier("export", str(path), f"--petition={SLUG}", f"--by={aicha.email}")
    assert "3 lignes" in said
    rows = list(csv.reader(StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    assert (rows[0][0], len(rows)) == ("numéro", 4)
    assert path.stat().st_mode & 0o077 == 0
    noted = Export.objects.get()
    assert (noted.by, noted.rows, noted.what) == (aicha, 3, "signatures")
    with pytest.raises(CommandError, match="existe déjà"):
        levier("export", str(path), f"--petition={SLUG}", f"--by={aicha.email}")


def test_supporters_leave_in_a_file_and_that_is_noted(
    lilas: Petition, hugo: User, tmp_path: Path
) -> None:
    person = make_signature(lilas, "zoe@exemple.fr").person
    assert person is not None
    index_people(person_ids=[person.pk])
    path = tmp_path / "sortie.csv"
    levier("export", str(path), "--organisation=valmont-a-velo", f"--by={hugo.email}")
    assert "zoe@exemple.fr" in path.read_text("utf-8-sig")
    assert Export.objects.get().what == "supporters"


def test_who_may_not_take_names_out_does_not(lilas: Petition, olga: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ne mène pas campagne"):
        levier("export", str(tmp_path / "a.csv"), f"--petition={SLUG}", f"--by={olga.email}")
    assert Export.objects.count() == 0
