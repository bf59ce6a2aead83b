"""Supporters come in from a file: nobody twice, nothing overwritten, nobody who refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.actions.import_columns import SUPPORTER_TARGETS, guess
from levier.foundation.people.actions.import_files import drop_rows, receive_file, stop_import
from levier.foundation.people.actions.import_supporters import (
    MOST_TAGS,
    check_supporters,
    import_supporters,
)
from levier.foundation.people.actions.import_supporters_run import (
    import_supporters_next,
    undo_supporters,
)
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.actions.tags import find_or_make_tag
from levier.foundation.people.enums import Channel, ImportState, Purpose, SuppressionReason
from levier.foundation.people.errors import FileKnown, TooLate
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.tag import PersonTag
from levier.foundation.people.tasks.imports import go_on
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_signature
from tests.importing import csv_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
HEAD = "Prénom;Nom;Courriel;Téléphone;Code postal;Étiquettes;Newsletter"
THREE = csv_of(
    "Zoé;O’Neil;zoe@exemple.fr;612345678;1000;bénévole, Vélo;oui",
    "Inès;Bâ;ines@exemple.fr;;35000;velo;non",
    "Ousmane;Bâ;;06 11 22 33 44;;;",
    head=HEAD,
)
WORDS = {"wordings": {"consent_org_news": "Écrivez-moi."}}


def checked(
    organisation: Organisation,
    content: bytes,
    now: datetime,
    mapping: Mapping[str, Any] | None = None,
) -> SupporterImport:
    batch = SupporterImport(organisation=organisation)
    batch = receive_file(batch=batch, pieces=[content], name="liste.csv", by=None, now=now)
    go_on(batch.pk)
    found = guess(fresh(batch).reading["columns"], SUPPORTER_TARGETS)
    told = {"columns": found, "country": "FR", "day_first": True, **WORDS, **(mapping or {})}
    check_supporters(batch=fresh(batch), mapping=told)
    go_on(batch.pk)
    return fresh(batch)


def imported(
    organisation: Organisation,
    content: bytes,
    now: datetime,
    mapping: Mapping[str, Any] | None = None,
) -> SupporterImport:
    batch = checked(organisation, content, now, mapping)
    import_supporters(batch=batch, by=None, now=now)
    return worked(batch)


def worked(batch: SupporterImport) -> SupporterImport:
    while go_on(batch.pk):
        continue
    return fresh(batch)


def fresh(batch: SupporterImport) -> SupporterImport:
    return SupporterImport.objects.get(pk=batch.pk)


def tags_of(name: str) -> set[str]:
    rows = PersonTag.objects.filter(person__first_name=name).select_related("tag")
    return {row.tag.name for row in rows}


def figures(batch: SupporterImport) -> dict[str, int]:
    return {name: batch.counts[name] for name in ("new", "known", "twice", "refused")}


def test_people_come_in_with_what_the_file_knows(valmont: Organisation, now: datetime) -> None:
    batch = checked(valmont, THREE, now)
    assert figures(batch) == {"new": 3, "known": 0, "twice": 0, "refused": 0}
    assert Person.objects.count() == 0
    import_supporters(batch=batch, by=None, now=now)
    batch = worked(batch)
    assert figures(batch) == {"new": 3, "known": 0, "twice": 0, "refused": 0}
    zoe = Person.objects.get(first_name="Zoé")
    assert (zoe.last_name, zoe.postcode, zoe.country) == ("O’Neil", "01000", "FR")
    points = ContactPoint.objects.filter(person=zoe).order_by("channel")
    assert [(p.channel, p.canonical) for p in points] == [
        ("email", "zoe@exemple.fr"),
        ("phone", "0612345678"),
    ]
    ousmane = ContactPoint.objects.get(person__first_name="Ousmane")
    assert (ousmane.channel, ousmane.typed) == (Channel.PHONE, "06 11 22 33 44")
    assert batch.counts["warnings"] == {"postcode_zero": 1, "phone_mended": 1}
    told = Activity.objects.filter(kind="imported", person=zoe).get()
    assert (told.subject, told.data) == (f"supporter_import:{batch.pk}", {"created": True})


def test_tags_are_made_once_whatever_their_accents(valmont: Organisation, now: datetime) -> None:
    find_or_make_tag(organisation=valmont, name="Bénévole", now=now)
    imported(valmont, THREE, now, {"tags": ["Repris"]})
    assert tags_of("Zoé") == {"Bénévole", "Vélo", "Repris"} or tags_of("Zoé") == {
        "Bénévole", "velo", "Repris",
    }  # fmt: skip
    assert tags_of("Ousmane") == {"Repris"}
    assert len(tags_of("Inès")) == 2


def test_agreements_need_a_yes_and_keep_their_words(valmont: Organisation, now: datetime) -> None:
    batch = imported(valmont, THREE, now)
    said = Consent.objects.get()
    assert said.person.first_name == "Zoé"
    assert (said.wording, said.source) == ("Écrivez-moi.", f"supporter_import:{batch.pk}")
    assert (said.channel, said.purpose) == ("email", "org_news")
    assert ConsentState.objects.get().given is True


def test_J3_a_file_does_not_undo_a_refusal_made_here(valmont: Organisation, now: datetime) -> None:
    imported(valmont, THREE, now)
    zoe = Person.objects.get(first_name="Zoé")
    org_news = {"channel": Channel.EMAIL, "purpose": Purpose.ORG_NEWS}
    withdraw_consent(person=zoe, **org_news, wording="Non", source="moi", now=now)
    again = csv_of("Zoé;O’Neil;zoe@exemple.fr;;;;oui", head=HEAD)
    imported(valmont, again, now + timedelta(days=30))
    assert ConsentState.objects.get(person=zoe).given is False
    assert Consent.objects.filter(person=zoe, given=True).count() == 1


def test_J3_a_file_brings_nobody_back_who_stopped_everything(
    valmont: Organisation, now: datetime
) -> None:
    suppress(
        organisation=valmont,
        channel=Channel.EMAIL,
        canonical="zoe@exemple.fr",
        reason=SuppressionReason.UNSUBSCRIBED,
        now=now,
    )
    imported(valmont, THREE, now)
    assert not Person.objects.filter(first_name="Zoé").exists()
    assert not ConsentState.objects.exists()


def test_P21_who_is_known_is_not_overwritten(valmont: Organisation, now: datetime) -> None:
    imported(valmont, THREE, now)
    again = csv_of("Autre;Nom;ZOE@exemple.fr;0699999999;75000;;", head=HEAD)
    batch = imported(valmont, again, now + timedelta(hours=1), {"complete": True})
    assert figures(batch) == {"new": 0, "known": 1, "twice": 0, "refused": 0}
    zoe = Person.objects.get(first_name="Zoé")
    assert (zoe.last_name, zoe.postcode) == ("O’Neil", "01000")
    assert not ContactPoint.objects.filter(canonical="0699999999").exists()


@pytest.mark.parametrize("asked", [True, False])
def test_what_is_empty_is_completed_only_when_asked(
    asked: bool, valmont: Organisation, now: datetime
) -> None:
    imported(valmont, csv_of(";;zoe@exemple.fr;;;;", head=HEAD), now)
    batch = imported(valmont, THREE, now + timedelta(hours=1), {"complete": asked})
    zoe = ContactPoint.objects.get(canonical="zoe@exemple.fr").person
    assert (zoe.first_name, zoe.postcode) == (("Zoé", "01000") if asked else ("", ""))
    assert ContactPoint.objects.filter(person=zoe, channel="phone").exists() is asked
    undo_supporters(batch=batch, by=None, now=now)
    worked(batch)
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.postcode, zoe.erased_at) == ("", "", None)
    assert not ContactPoint.objects.filter(person=zoe, channel="phone").exists()
    assert PersonTag.objects.filter(person=zoe).count() == 0


def test_who_refused_stays_out_and_doubles_are_told(valmont: Organisation, now: datetime) -> None:
    suppress(
        organisation=valmont,
        channel="email",
        canonical="non@exemple.fr",
        reason="unsubscribed",
        now=now,
    )
    content = csv_of(
        "Non;N;non@exemple.fr;;;;", "Zoé;O;zoe@exemple.fr;;;;", "Zoé;O;Zoe@exemple.fr;;;;",
        "Rien;R;;;;;", "Mal;M;pas une adresse;;;;", "=1+1;F;f@exemple.fr;;;;",
        head=HEAD,
    )  # fmt: skip
    batch = checked(valmont, content, now)
    expected = {"new": 1, "known": 0, "twice": 1, "refused": 4}
    assert figures(batch) == expected
    import_supporters(batch=batch, by=None, now=now)
    assert figures(worked(batch)) == expected
    assert list(Person.objects.values_list("first_name", flat=True)) == ["Zoé"]


def test_doubles_in_two_transactions_are_told_the_same(
    valmont: Organisation, now: datetime
) -> None:
    content = csv_of(*(f"A;B;p{n % 3}@exemple.fr;;;;" for n in range(7)), head=HEAD)
    batch = checked(valmont, content, now)
    import_supporters(batch=batch, by=None, now=now)
    while import_supporters_next(batch_id=batch.pk, now=now, size=2):
        continue
    assert figures(fresh(batch)) == {"new": 3, "known": 0, "twice": 4, "refused": 0}
    assert Person.objects.count() == 3


def test_undone_it_leaves_nothing_of_those_it_alone_brought(
    valmont: Organisation, lilas: Petition, now: datetime
) -> None:
    batch = imported(valmont, THREE, now)
    signed = Person.objects.get(first_name="Inès")
    signature = make_signature(lilas)
    signature.person = signed
    signature.save()
    from_signing(signed, signature.pk, now)
    undo_supporters(batch=batch, by=None, now=now)
    batch = worked(batch)
    assert batch.state == ImportState.UNDONE
    assert (batch.counts["undone"], batch.counts["theirs"]) == (2, 1)
    left = set(Person.objects.filter(erased_at=None).values_list("first_name", flat=True))
    assert left == {"Inès", "Camille"}
    assert PersonTag.objects.count() == 0
    assert (Consent.objects.count(), ConsentState.objects.count()) == (0, 0)
    assert not ContactPoint.objects.filter(canonical="zoe@exemple.fr").exists()
    again = imported(valmont, THREE, now + timedelta(hours=1))
    assert figures(again) == {"new": 2, "known": 1, "twice": 0, "refused": 0}


def from_signing(person: Person, signature: int, now: datetime) -> None:
    record_activity(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        kind="signed",
        subject=f"signature:{signature}",
        at=now,
    )


def test_after_seven_days_it_is_too_late(valmont: Organisation, now: datetime) -> None:
    batch = imported(valmont, THREE, now)
    assert batch.finished_at is not None
    with pytest.raises(TooLate):
        undo_supporters(batch=batch, by=None, now=batch.finished_at + timedelta(days=8))


def test_the_same_file_is_refused_in_one_organisation_only(
    valmont: Organisation, droits_debout: Organisation, now: datetime
) -> None:
    imported(valmont, THREE, now)
    with pytest.raises(FileKnown):
        imported(valmont, THREE, now)
    assert figures(imported(droits_debout, THREE, now))["new"] == 3


def test_stopped_or_crashed_it_goes_on_without_doubles(
    valmont: Organisation, now: datetime
) -> None:
    content = csv_of(*(f"A;B;p{n}@exemple.fr;;;;" for n in range(10)), head=HEAD)
    batch = checked(valmont, content, now)
    import_supporters(batch=batch, by=None, now=now)
    import_supporters_next(batch_id=batch.pk, now=now, size=4)
    stop_import(batch=batch, now=now)
    assert import_supporters_next(batch_id=batch.pk, now=now) is False
    drop_rows(batch)  # as a crash of the base would
    import_supporters(batch=fresh(batch), by=None, now=now)
    assert figures(worked(batch)) == {"new": 10, "known": 0, "twice": 0, "refused": 0}
    assert Person.objects.count() == 10


def test_a_column_that_is_no_column_of_tags_is_told(valmont: Organisation, now: datetime) -> None:
    rows = (f"A;B;p{n}@exemple.fr;;;mot{n} {uuid4()};" for n in range(MOST_TAGS + 1))
    batch = checked(valmont, csv_of(*rows, head=HEAD), now)
    assert "étiquettes" in batch.problem
    assert batch.state != ImportState.CHECKED
