"""An import is undone for seven days, and only what it wrote (P59)."""

from datetime import datetime, timedelta

import pytest

from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.import_files import may_be_undone
from levier.foundation.people.enums import ActivityKind, ImportState
from levier.foundation.people.errors import ImportMoved, TooLate
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.import_undo import undo_import, undo_next
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_signature
from tests.importing import csv_of, ended, fresh, imported, work
from tests.taking import form, slug_of, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
HEAD = "Prénom;Nom;Courriel;Date;Newsletter;Téléphone;phone opt in"
THREE = csv_of(
    "Zoé;O’Neil;zoe@exemple.fr;12/04/2026;oui;0612345678;oui",
    "Éloïse;Lefèvre;eloise@exemple.fr;03/04/2026;oui;;",
    "Inès;Bâ;ines@exemple.fr;10/04/2026;;;",
    head=HEAD,
)
WORDS = {"wordings": {"consent_updates": "Des nouvelles, oui.", "consent_phone": "Appelez-moi."}}


def undone(batch: ImportBatch, now: datetime) -> ImportBatch:
    undo_import(batch=batch, by=None, now=now)
    work(batch)
    return fresh(batch)


def test_P59_an_undone_import_leaves_the_count_and_frees_no_number(
    lilas: Petition, now: datetime
) -> None:
    make_signature(lilas)
    batch = imported(lilas, THREE, now, mapping=WORDS)
    make_signature(lilas)
    batch = undone(batch, now + timedelta(days=6))
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted) == (5, 2)
    gone = Signature.objects.filter(source="import").order_by("number")
    left = [(one.number, one.state, one.first_name, one.person_id) for one in gone]
    assert left == [(number, SignatureState.WITHDRAWN, "", None) for number in (2, 3, 4)]
    assert ReferralCode.objects.filter(signature__in=gone).count() == 0
    assert discrepancies() == []
    assert verify_chain(lilas.campaign.organisation_id) is None
    leaves = Entry.objects.filter(scope=lilas.campaign.organisation_id, kind=2).order_by("seq")
    assert [int.from_bytes(bytes(entry.leaf)[18:26]) for entry in leaves] == [2, 3, 4]
    assert (batch.state, batch.counts["undone"]) == (ImportState.UNDONE, 3)


def test_P59_people_it_alone_brought_are_forgotten(lilas: Petition, now: datetime) -> None:
    undone(imported(lilas, THREE, now, mapping=WORDS), now)
    assert Person.objects.filter(erased_at=None).count() == 0
    assert not Person.objects.exclude(first_name="", last_name="").exists()
    assert (Consent.objects.count(), ConsentState.objects.count()) == (0, 0)
    told = Activity.objects.filter(kind="withdrew")
    assert {(one.person_id, one.subject.split(":")[0]) for one in told} == {(None, "signature")}


def test_P59_people_known_before_stay_with_what_they_had_said(
    lilas: Petition, valmont: object, now: datetime
) -> None:
    zoe = make_signature(lilas, "zoe@exemple.fr", first_name="Zoé").person
    assert zoe is not None
    Signature.objects.filter(person=zoe).update(state=SignatureState.WITHDRAWN, person=None)
    said = news_of(lilas.pk)
    before = now - timedelta(days=900)
    give_consent(person=zoe, **said, wording="Oui.", source="moi", now=before)
    batch = imported(lilas, THREE, now, mapping=WORDS)
    assert ConsentState.objects.get(person=zoe, **said).at > before
    undone(batch, now)
    assert ConsentState.objects.get(person=zoe, **said).at == before
    assert list(Consent.objects.filter(person=zoe).values_list("source", flat=True)) == ["moi"]
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.erased_at) == ("Camille", None)


def test_P59_whoever_did_something_here_since_keeps_their_signature(
    lilas: Petition, now: datetime
) -> None:
    batch = imported(lilas, THREE, now, mapping=WORDS)
    mine = Signature.objects.get(first_name="Zoé")
    record_activity(
        organisation_id=lilas.campaign.organisation_id,
        person_id=mine.person_id,
        kind=ActivityKind.SIGNED_AGAIN,
        subject=f"signature:{mine.pk}",
        at=now,
    )
    batch = undone(batch, now)
    mine.refresh_from_db()
    assert (mine.state, mine.first_name) == (SignatureState.COUNTED, "Zoé")
    assert (batch.counts["undone"], batch.counts["theirs"]) == (2, 1)
    assert Tally.objects.get(petition=lilas).counted == 1
    assert discrepancies() == []


def test_P59_after_seven_days_it_is_too_late(lilas: Petition, now: datetime) -> None:
    batch = imported(lilas, THREE, now)
    later = ended(batch) + timedelta(days=7, hours=1)
    assert may_be_undone(batch, now=later) is False
    with pytest.raises(TooLate, match="sept jours"):
        undo_import(batch=batch, by=None, now=later)
    assert Tally.objects.get(petition=lilas).counted == 3


def test_P59_undoing_goes_on_where_it_was_cut_and_never_twice(
    lilas: Petition, now: datetime
) -> None:
    batch = imported(lilas, THREE, now)
    undo_import(batch=batch, by=None, now=now)
    assert undo_next(batch_id=batch.pk, now=now, size=2) is True
    assert Tally.objects.get(petition=lilas).counted == 1
    work(batch)
    assert undo_next(batch_id=batch.pk, now=now) is False
    assert Tally.objects.get(petition=lilas).counted == 0
    with pytest.raises(ImportMoved):
        undo_import(batch=fresh(batch), by=None, now=now)
    assert discrepancies() == []


def test_P59_the_same_file_may_come_again_once_undone(lilas: Petition, now: datetime) -> None:
    undone(imported(lilas, THREE, now), now)
    again = imported(lilas, THREE, now)
    assert again.counts["new"] == 3
    numbers = Signature.objects.filter(state="counted").order_by("number")
    assert list(numbers.values_list("number", flat=True)) == [4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_P22_whoever_was_undone_signs_anew(lilas: Petition, now: datetime) -> None:
    undone(imported(lilas, THREE, now), now)
    (answer,) = take(slug_of(lilas), [form(email="zoe@exemple.fr")], now=now)
    assert answer.number == 4  # type: ignore[union-attr]
    assert Signature.objects.filter(state="counted").count() == 1
