"""Signatures collected elsewhere come in, in the order of their dates, without a mail (P58)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.ledger.rules import opens
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import ImportState, SuppressionReason
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.suppression import Suppression
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.import_past import import_next, import_past
from levier.gathering.signing.enums import SignatureSource, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.facts import signature_facts
from levier.gathering.signing.tasks.read_activities import Reader
from tests.cast import PARIS, make_signature
from tests.importing import checked, csv_of, fresh, imported, work
from tests.taking import form, slug_of, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
THREE = csv_of(
    "Zoé;O’Neil;zoe@exemple.fr;75011;FR;12/04/2026 18:30",
    "Éloïse;Lefèvre;eloise@exemple.fr;1000;France;03/04/2026",
    "Inès;Bâ;ines@exemple.fr;35000;;12/04/2026 09:00",
)


def names(petition: Petition) -> list[tuple[int | None, str]]:
    rows = Signature.objects.filter(petition=petition).order_by("number")
    return list(rows.values_list("number", "first_name"))


def test_P58_signatures_come_in_the_order_of_their_dates(lilas: Petition, now: datetime) -> None:
    make_signature(lilas)
    batch = imported(lilas, THREE, now)
    assert names(lilas) == [(1, "Camille"), (2, "Éloïse"), (3, "Inès"), (4, "Zoé")]
    first = Signature.objects.get(petition=lilas, number=2)
    assert (first.state, first.source) == (SignatureState.COUNTED, SignatureSource.IMPORT)
    assert first.source_code == f"import:{batch.pk}"
    assert first.signed_at == datetime(2026, 4, 3, tzinfo=PARIS)
    assert (first.postcode, first.country, first.confirmed_at) == ("01000", "FR", None)
    assert first.contact_point is not None
    assert first.contact_point.typed == "eloise@exemple.fr"
    assert ReferralCode.objects.filter(signature=first).count() == 1
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted, tally.confirmed) == (4, 4, 0)
    assert discrepancies() == []
    assert batch.state == ImportState.DONE
    assert {name: batch.counts[name] for name in ("new", "known", "twice", "refused")} == {
        "new": 3, "known": 0, "twice": 0, "refused": 0,
    }  # fmt: skip
    assert batch.counts["warnings"] == {"postcode_zero": 1}


def test_P58_each_signature_is_in_the_log_and_the_chain_holds(
    lilas: Petition, now: datetime
) -> None:
    imported(lilas, THREE, now)
    scope = lilas.campaign.organisation_id
    assert verify_chain(scope) is None
    leaves = [bytes(e.leaf) for e in Entry.objects.filter(scope=scope, kind=1).order_by("seq")]
    rows = Signature.objects.filter(petition=lilas).order_by("number")
    assert len(leaves) == 3
    for leaf, row in zip(leaves, rows, strict=True):
        assert row.contact_point is not None
        facts = signature_facts(
            email=row.contact_point.canonical,
            first_name=row.first_name,
            last_name=row.last_name,
            postcode=row.postcode,
            country=row.country,
            petition=lilas.uuid,
        )
        assert opens(leaf, salt=bytes(row.salt or b""), facts=facts)
        assert int.from_bytes(leaf[18:26]) == row.number
        assert int.from_bytes(leaf[26:34]) == int(row.signed_at.timestamp() * 1000)


@pytest.mark.django_db(transaction=True)
def test_P58_no_mail_leaves_even_for_one_signed_today(lilas: Petition, now: datetime) -> None:
    today = datetime.now(UTC).astimezone(PARIS)
    imported(lilas, csv_of(f"Zoé;O’Neil;zoe@exemple.fr;;;{today:%d/%m/%Y %H:%M}"), today)
    assert Activity.objects.filter(kind="signed").count() == 1
    assert Reader().read(now=today) == 1
    assert Delivery.objects.count() == 0


def test_P58_no_consent_unless_a_column_proves_it(lilas: Petition, now: datetime) -> None:
    imported(lilas, THREE, now)
    assert (Consent.objects.count(), ConsentState.objects.count()) == (0, 0)


def test_P58_a_proven_consent_keeps_its_words_its_source_and_its_date(
    lilas: Petition, now: datetime
) -> None:
    content = csv_of(
        "Zoé;zoe@exemple.fr;oui;01/02/2026;12/04/2026",
        "Inès;ines@exemple.fr;non;;12/04/2026",
        "Éloïse;eloise@exemple.fr;peut-être;;12/04/2026",
        "Ousmane;ousmane@exemple.fr;x;;12/04/2026",
        head="Prénom;Email;Newsletter;Date du consentement;Date",
    )
    wordings = {"consent_updates": "J’accepte de recevoir des nouvelles d’Ailleurs."}
    batch = imported(lilas, content, now, mapping={"wordings": wordings})
    said = {c.person.first_name: c for c in Consent.objects.select_related("person")}
    assert set(said) == {"Zoé", "Ousmane"}
    assert said["Zoé"].wording == wordings["consent_updates"]
    assert (said["Zoé"].channel, said["Zoé"].purpose) == ("email", "petition_news")
    assert said["Zoé"].scope == f"petition:{lilas.pk}"
    assert said["Zoé"].source == f"import:{batch.pk}"
    assert said["Zoé"].at == datetime(2026, 2, 1, tzinfo=PARIS)
    assert said["Ousmane"].at == datetime(2026, 4, 12, tzinfo=PARIS)
    assert set(ConsentState.objects.values_list("given", flat=True)) == {True}
    assert batch.counts["warnings"] == {"consent_unclear": 1}


@pytest.mark.parametrize("withdrawn_in", [2025, 2026])
def test_J3_P58_a_file_does_not_undo_a_refusal_made_here(
    lilas: Petition, now: datetime, withdrawn_in: int
) -> None:
    """Not even with an agreement that is dated later: nobody gave it here."""
    person = make_signature(lilas, "zoe@exemple.fr").person
    assert person is not None
    news = news_of(lilas.pk)
    refused_at = now.replace(year=withdrawn_in)
    withdraw_consent(person=person, **news, wording="Non", source="moi", now=refused_at)
    Signature.objects.filter(person=person).delete()
    Tally.objects.filter(petition=lilas).update(counted=0)
    content = csv_of("Zoé;zoe@exemple.fr;oui;12/04/2026", head="Prénom;Email;Newsletter;Date")
    batch = imported(lilas, content, now, mapping={"wordings": {"consent_updates": "Oui."}})
    assert ConsentState.objects.get().given is False
    assert Consent.objects.filter(given=True).count() == 0
    assert (batch.counts["new"], batch.counts["not_agreed"]) == (1, 1)


def test_J3_a_file_brings_nobody_back_who_stopped_everything(
    lilas: Petition, now: datetime
) -> None:
    suppress(
        organisation=lilas.campaign.organisation,
        channel="email",
        canonical="zoe@exemple.fr",
        reason=SuppressionReason.UNSUBSCRIBED,
        now=now,
    )
    content = csv_of("Zoé;zoe@exemple.fr;oui;12/04/2026", head="Prénom;Email;Newsletter;Date")
    batch = imported(lilas, content, now, mapping={"wordings": {"consent_updates": "Oui."}})
    assert not ConsentState.objects.exists()
    assert (batch.counts["new"], batch.counts["not_agreed"]) == (1, 1)
    assert Suppression.objects.count() == 1


def test_P58_rows_are_refused_with_their_reason_and_the_others_come_in(
    lilas: Petition, now: datetime
) -> None:
    make_signature(lilas, "deja@exemple.fr")
    gone = make_signature(lilas, "parti@exemple.fr", state=SignatureState.WITHDRAWN)
    for reason, address in (
        (SuppressionReason.ERASED, "oublie@exemple.fr"),
        (SuppressionReason.UNSUBSCRIBED, "silence@exemple.fr"),
    ):
        suppress(
            organisation=lilas.campaign.organisation,
            channel="email",
            canonical=address,
            reason=reason,
            now=now,
        )
    content = csv_of(
        "Zoé;A;zoe@exemple.fr;;;12/04/2026",
        "Zoé;A;ZOE@exemple.fr;;;13/04/2026",
        "Déjà;Là;deja@exemple.fr;;;12/04/2026",
        "Parti;P;parti@exemple.fr;;;12/04/2026",
        "Oublié;O;oublie@exemple.fr;;;12/04/2026",
        "Silence;S;silence@exemple.fr;;;12/04/2026",
        ";;nomvide@exemple.fr;;;12/04/2026",
        "Sans;Adresse;;;;12/04/2026",
        "Mal;Écrite;pas une adresse;;;12/04/2026",
        "=cmd|' /C calc'!A0;F;f@exemple.fr;;;12/04/2026",
        "Sans;Date;d@exemple.fr;;;un jour",
        "Trop;Tard;t@exemple.fr;;;12/04/2036",
        "Trop;De;c@exemple.fr;;;12/04/2026;et encore",
    )
    batch = checked(lilas, content, now)
    before = batch.counts
    assert Signature.objects.filter(source=SignatureSource.IMPORT).count() == 0
    import_past(batch=batch, by=None, now=now)
    work(batch)
    after = fresh(batch).counts
    told = {"new": 2, "known": 1, "twice": 1, "refused": 9}
    assert {name: before[name] for name in told} == told
    assert {name: after[name] for name in told} == told
    assert [name for _, name in names(lilas) if name != "Camille"] == ["Zoé", "Silence"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT row, reason FROM levier_importrow WHERE reason <> '' ORDER BY row")
        assert dict(cursor.fetchall()) == {
            5: "withdrawn", 6: "suppressed", 8: "no_name", 9: "no_email", 10: "email",
            11: "name", 12: "date", 13: "future", 14: "cells",
        }  # fmt: skip
    gone.refresh_from_db()
    assert gone.state == SignatureState.WITHDRAWN
    assert not Person.objects.filter(first_name__in=["Oublié", "=cmd|' /C calc'!A0"]).exists()


def test_P21_what_is_known_of_a_person_is_not_overwritten(lilas: Petition, now: datetime) -> None:
    person = make_signature(lilas, "zoe@exemple.fr", first_name="Zoé").person
    assert person is not None
    Signature.objects.filter(person=person).update(state=SignatureState.REJECTED)
    other = Petition.objects.get(pk=lilas.pk)
    imported(other, csv_of("Autre;Nom;zoe@exemple.fr;99999;BE;12/04/2026"), now)
    person.refresh_from_db()
    assert (person.first_name, person.postcode) == ("Camille", "35000")
    assert ContactPoint.objects.filter(canonical="zoe@exemple.fr").count() == 1


def test_P40_thresholds_are_crossed_once(lilas: Petition, now: datetime) -> None:
    rows = [f"P{n};N;p{n}@exemple.fr;;;12/04/2026" for n in range(210)]
    batch = checked(lilas, csv_of(*rows), now)
    import_past(batch=batch, by=None, now=now)
    work(batch)
    assert list(Milestone.objects.order_by("threshold").values_list("threshold", flat=True)) == [
        100, 200,
    ]  # fmt: skip


def test_P12_people_sign_between_two_batches_and_numbers_stay_contiguous(
    lilas: Petition, now: datetime
) -> None:
    batch = checked(lilas, THREE, now)
    import_past(batch=batch, by=None, now=now)
    assert import_next(batch_id=batch.pk, now=now, size=2) is True
    make_signature(lilas, first_name="Paul")
    work(batch)
    assert names(lilas) == [(1, "Éloïse"), (2, "Inès"), (3, "Paul"), (4, "Zoé")]
    assert fresh(batch).counts["new"] == 3
    assert discrepancies() == []


@pytest.mark.django_db(transaction=True)
def test_an_imported_signatory_signs_again_like_anybody_else(
    lilas: Petition, now: datetime
) -> None:
    imported(lilas, THREE, now - timedelta(hours=1))
    (answer,) = take(slug_of(lilas), [form(email="zoe@exemple.fr")], now=now)
    assert answer.number == 4  # type: ignore[union-attr]  # shown, not given (P17)
    assert Signature.objects.count() == 3
    assert Activity.objects.filter(kind="signed_again").count() == 1
