"""A file comes in once, is stopped, goes on, and is forgotten."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.common.tables import storing
from levier.foundation.common.tables.errors import NotATable
from levier.foundation.people.actions.import_files import (
    discard_file,
    drop_rows,
    read_again,
    stop_import,
)
from levier.foundation.people.actions.import_refusals import (
    reasons_told,
    refused_header,
    refused_rows,
)
from levier.foundation.people.actions.import_working import forget_old_files, forget_orphans
from levier.foundation.people.enums import ImportState
from levier.foundation.people.errors import FileKnown, ImportMoved
from levier.foundation.people.models.imports import SupporterImport
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_check import judge_rows
from levier.gathering.signing.actions.import_past import import_next, import_past
from levier.gathering.signing.errors import NotImportable
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.tasks.imports import go_on
from tests.importing import checked, csv_of, ended, fresh, imported, received, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
TWO = csv_of("Zoé;O’Neil;zoe@exemple.fr;;;12/04/2026", "Inès;Bâ;ines@exemple.fr;;;03/04/2026")


def test_P58_the_same_file_twice_is_refused_and_says_which(lilas: Petition, now: datetime) -> None:
    first = imported(lilas, TWO, now)
    with pytest.raises(FileKnown, match="déjà été déposé") as caught:
        received(lilas, TWO, now)
    assert caught.value.other.pk == first.pk
    assert ImportBatch.objects.count() == 1
    assert storing.all_kept() == [first.uuid]


def test_an_unreadable_file_may_be_sent_again(lilas: Petition, now: datetime) -> None:
    content = b"a;b;c\n" + b'"' + b"x;y;z\n" * 40_000
    batch = received(lilas, content, now)
    assert batch.state == ImportState.UNREADABLE
    assert "guillemet" in batch.problem
    again = received(lilas, content, now)
    assert again.pk != batch.pk
    assert ImportBatch.objects.count() == 1


def test_what_is_no_table_at_first_sight_is_not_kept(lilas: Petition, now: datetime) -> None:
    with pytest.raises(NotATable, match="PNG"):
        received(lilas, b"\x89PNG\r\n\x1a\n" + bytes(99), now)
    assert ImportBatch.objects.count() == 0
    assert storing.all_kept() == []


def test_files_are_kept_where_nobody_else_reads(lilas: Petition, now: datetime) -> None:
    batch = received(lilas, TWO, now)
    path: Path = storing.sent_file(batch.uuid)
    assert path.read_bytes() == TWO
    assert path.parent.stat().st_mode & 0o077 == 0
    assert "media" not in path.parts
    assert "static" not in path.parts


def test_another_encoding_may_be_asked_for(lilas: Petition, now: datetime) -> None:
    batch = received(lilas, TWO, now)
    assert batch.reading["encoding"] == "cp1252"
    read_again(batch=batch, encoding="mac_roman")
    go_on(batch.pk)
    assert fresh(batch).reading["encoding"] == "mac_roman"
    assert fresh(batch).reading["columns"][0]["samples"] != ["Zoé", "Inès"]


def test_P58_refused_rows_come_back_as_they_were_with_the_reason(
    lilas: Petition, now: datetime
) -> None:
    content = csv_of("A;B;mal;;;", *(f"P{n};;p{n}@e.fr;;;" for n in range(50)), "=1+1;B;c@d.fr;;;")
    batch = checked(lilas, content, now)
    assert refused_header(batch)[:3] == ["ligne", "motif", "Prénom"]
    rows = list(refused_rows(batch))
    assert [row[0] for row in rows] == ["2", "53"]
    assert rows[0][1] == "Cette adresse électronique n’est pas complète."
    assert rows[1][2:5] == ["=1+1", "B", "c@d.fr"]
    assert reasons_told(batch)[0][1] == 1
    assert len(list(refused_rows(batch, limit=1))) == 1


def test_P15_only_confirmed_addresses_count_where_it_is_the_rule(
    lilas: Petition, now: datetime
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(count_policy=CountPolicy.CONFIRMED)
    lilas.refresh_from_db()
    content = csv_of(
        "Zoé;zoe@exemple.fr;01/04/2026;oui", "Inès;ines@exemple.fr;01/04/2026;",
        "Ousmane;o@exemple.fr;01/04/2026;02/04/2026 10:00",
        head="Prénom;Email;Date;Confirmée",
    )  # fmt: skip
    batch = imported(lilas, content, now)
    assert (batch.counts["new"], batch.counts["confirmed"], batch.counts["refused"]) == (2, 2, 1)
    days = Signature.objects.order_by("number").values_list("confirmed_at__day", flat=True)
    assert list(days) == [31, 2] or list(days) == [1, 2]


@pytest.mark.parametrize("state", [PetitionState.CLOSED, PetitionState.WON])
def test_a_finished_petition_takes_no_more(lilas: Petition, state: str, now: datetime) -> None:
    batch = checked(lilas, TWO, now)
    Petition.objects.filter(pk=lilas.pk).update(state=state)
    with pytest.raises(NotImportable, match="close"):
        import_past(batch=batch, by=None, now=now)
    assert Signature.objects.count() == 0


def test_an_import_stopped_halfway_goes_on_without_doubles(lilas: Petition, now: datetime) -> None:
    rows = [f"P{n};N;p{n}@exemple.fr;;;{n % 28 + 1}/04/2026" for n in range(10)]
    batch = checked(lilas, csv_of(*rows), now)
    import_past(batch=batch, by=None, now=now)
    import_next(batch_id=batch.pk, now=now, size=4)
    stop_import(batch=batch, now=now)
    assert import_next(batch_id=batch.pk, now=now) is False
    assert (Signature.objects.count(), fresh(batch).state) == (4, ImportState.STOPPED)
    import_past(batch=fresh(batch), by=None, now=now)
    work(batch)
    assert Signature.objects.count() == 10
    assert fresh(batch).counts["new"] == 10
    assert (fresh(batch).state, fresh(batch).done) == (ImportState.DONE, 10)


def test_rows_that_a_crash_of_the_base_lost_are_laid_again(lilas: Petition, now: datetime) -> None:
    """The table of waiting rows is unlogged: PostgreSQL empties it after a crash."""
    rows = [f"P{n};N;p{n}@exemple.fr;;;{n % 28 + 1}/04/2026" for n in range(10)]
    batch = checked(lilas, csv_of(*rows), now)
    import_past(batch=batch, by=None, now=now)
    import_next(batch_id=batch.pk, now=now, size=4)
    drop_rows(batch)
    work(batch)
    assert fresh(batch).state == ImportState.DONE
    assert (Signature.objects.count(), fresh(batch).counts["new"]) == (10, 10)


def test_a_check_that_somebody_stops_leaves_no_row(lilas: Petition, now: datetime) -> None:
    batch = checked(lilas, TWO, now)
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.CHECKING)
    stop_import(batch=batch, now=now)
    batch = fresh(batch)
    assert batch.state == ImportState.READ
    judge_rows(batch=batch, now=now)
    assert list(refused_rows(batch)) == []
    assert fresh(batch).state == ImportState.READ


def test_a_file_given_up_leaves_nothing(lilas: Petition, now: datetime) -> None:
    batch = checked(lilas, TWO, now)
    discard_file(batch=batch)
    assert ImportBatch.objects.count() == 0
    assert storing.all_kept() == []
    with pytest.raises(ImportMoved):
        discard_file(batch=imported(lilas, TWO, now))


def test_P59_files_leave_after_seven_days(lilas: Petition, now: datetime) -> None:
    batch = imported(lilas, TWO, now)
    waiting = received(lilas, csv_of("A;B;c@d.fr;;;"), now)
    end = ended(batch)
    assert forget_old_files(model=ImportBatch, now=now + timedelta(days=6)) == 0
    assert storing.sent_file(batch.uuid).exists()
    assert storing.sent_file(waiting.uuid).exists()
    assert forget_old_files(model=ImportBatch, now=end + timedelta(days=7, hours=1)) == 2
    assert storing.all_kept() == []
    kept = fresh(batch)
    assert kept.forgotten_at is not None
    assert all(column["samples"] == [] for column in kept.reading["columns"])
    assert not ImportBatch.objects.filter(pk=waiting.pk).exists()
    assert Signature.objects.count() == 2


def test_a_file_whose_upload_was_cut_leaves_after_a_day(lilas: Petition, now: datetime) -> None:
    kept, lost = received(lilas, TWO, now), uuid4()
    storing.keep(lost, [b"a;b"])
    models, since = (ImportBatch, SupporterImport), storing.kept_since(lost)
    assert forget_orphans(models=models, now=since + timedelta(hours=23)) == 0
    assert forget_orphans(models=models, now=since + timedelta(hours=25)) == 1
    assert storing.all_kept() == [kept.uuid]
