"""Words that come with past signatures wait to be read, and serve only for what a column says."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.common.tables.shapes import title_key
from levier.foundation.people.actions.import_columns import guess
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_rows import TARGETS
from levier.gathering.signing.actions.import_undo import undo_import
from levier.gathering.signing.actions.write_comment import write_comment
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from tests.importing import HEAD, checked, csv_of, imported, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
ROW = "Zoé;O’Neil;zoe@exemple.fr;75011;FR;12/04/2026 18:30"
OTHER = "Éloïse;Lefèvre;eloise@exemple.fr;35000;FR;03/04/2026"
THIRD = "Inès;Bâ;ines@exemple.fr;35000;FR;05/04/2026"
WORDS = "Ma rue est dangereuse."
COLUMNS = f"{HEAD};Commentaire;accepte que son nom paraisse;peut servir au dossier;accord presse"


def told() -> list[tuple[str, str, str, bool, bool]]:
    rows = Comment.objects.order_by("created_at")
    return list(rows.values_list("text", "shown_name", "state", "for_dossier", "for_press"))


def test_P53_words_wait_and_serve_for_what_their_author_allowed(
    lilas: Petition, now: datetime
) -> None:
    lilas.campaign.comment_policy = CommentPolicy.AFTER  # for those that come one by one
    lilas.campaign.save()
    batch = imported(
        lilas,
        csv_of(
            f"{OTHER};{WORDS};oui;oui;non",
            f'{THIRD};"Pour mes enfants,\nvraiment.";;;',
            f"{ROW};;oui;oui;oui",
            head=COLUMNS,
        ),
        now,
    )
    assert told() == [
        (WORDS, "Éloïse L.", CommentState.WAITING, True, False),
        ("Pour mes enfants, vraiment.", "", CommentState.WAITING, False, False),
    ]
    assert batch.counts["foreseen"]["comments"] == 2
    said = Comment.objects.get(text=WORDS)
    assert said.created_at == Signature.objects.get(first_name="Éloïse").signed_at


def test_words_too_short_or_too_long_are_left_out_and_said(lilas: Petition, now: datetime) -> None:
    content = csv_of(
        f"{OTHER};Oui.;;;", f"{THIRD};{'é' * 501};;;", f"{ROW};{'é' * 500};;;", head=COLUMNS
    )
    batch = checked(lilas, content, now)
    assert batch.counts["new"] == 3
    assert batch.counts["comments"] == 1
    assert batch.counts["warnings"]["comment_lost"] == 2


def test_without_a_column_nothing_is_said(lilas: Petition, now: datetime) -> None:
    batch = imported(lilas, csv_of(ROW, OTHER), now)
    assert not Comment.objects.exists()
    assert batch.counts["foreseen"]["comments"] == 0


@pytest.mark.parametrize("title", ["Commentaire", "Comments", "Pourquoi je signe", "Reason"])
def test_the_column_is_found_by_its_title(title: str) -> None:
    column = {"key": title_key(title), "filled": 3, "addresses": 0}
    assert guess([column], TARGETS) == ["comment"]


def test_P59_undoing_takes_the_words_back_but_not_those_said_here_since(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    batch = imported(
        lilas, csv_of(f"{OTHER};{WORDS};;;", f"{ROW};Vite, une piste.;;;", head=COLUMNS), now
    )
    theirs = Signature.objects.get(first_name="Zoé")
    write_comment(signature_id=theirs.pk, text="Je le redis : une piste.", now=now)
    undo_import(batch=batch, by=aicha, now=now)
    work(batch)
    assert list(Comment.objects.values_list("text", flat=True)) == ["Je le redis : une piste."]
    assert Signature.objects.get(pk=theirs.pk).state == SignatureState.COUNTED
