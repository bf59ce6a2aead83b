"""A stranger meets 404 on every desk page; so does the owner of another organisation.

The addresses come from the URLconf: a page added later is tested from its first day.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from levier.faces.desk.urls import at_the_desk
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Invitation, Membership, User
from levier.foundation.campaigns.models import Theme
from levier.foundation.directory.actions import Reached, add_contact
from levier.foundation.messaging.enums import Lane
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.models.tag import Tag, Tagging
from levier.gathering.petitions.actions.press import Mention, add_press_link
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.print_sheets import print_sheets
from levier.gathering.signing.models.bulk_decision import BulkDecision
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.updates.enums import Answer, UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from tests.cast import make_signature, person_of
from tests.faces.desk.conftest import SeatedAt
from tests.faces.desk.updates_desk import make_sent
from tests.foundation.messaging.conftest import make_message
from tests.gathering.signing.paper_sheets import lines

pytestmark = pytest.mark.django_db
SLUG = "piste-cyclable-rue-des-lilas"
#: Pages that show everyone their own things, and nothing of others.
OWN = {"desk", "desk_petitions", "desk_hints"}
#: Pages of an organisation: their own for its owner, another's when it is named.
OF_ORGANISATION = {
    "desk_team",
    "desk_settings",
    "desk_petition_new",
    "desk_reviews",
    "desk_welcome",
    "desk_choices",
    "desk_organisation_share",
    "desk_supporters_import",
    *("desk_people", "desk_people_count", "desk_people_export", "desk_people_export_file"),
    *("desk_segments", "desk_segments_new", "desk_duplicates", "desk_duplicates_look"),
    *("desk_tags", "desk_tags_put", "desk_tags_put_on_all", "desk_retention", "desk_exports"),
    *("desk_messages", "desk_lane_stop", "desk_lane_restart", "desk_deliverability"),
    *("desk_preflight_check", "desk_preflight_waive", "desk_unknown"),
    *("desk_letters", "desk_letter", "desk_letter_html"),
}
#: Pages of the whole site: for owners of the organisation that runs it, here « Valmont à vélo ».
OF_SITE = {
    *("desk_site_switches", "desk_site_switch_throw", "desk_site_switch_take_back"),
    *("desk_themes", "desk_theme_rename", "desk_theme_move", "desk_theme_remove"),
}
ONLY_POST = {
    *("desk_lane_stop", "desk_lane_restart", "desk_preflight_check", "desk_preflight_waive"),
    *("desk_unknown_sent", "desk_unknown_again"),
    *("desk_person_correct", "desk_person_phone", "desk_person_note", "desk_person_note_drop"),
    *("desk_person_agreement", "desk_person_download", "desk_person_merge", "desk_person_apart"),
    *("desk_people_export_file", "desk_segment_drop", "desk_duplicates_look", "desk_merge_part"),
    *("desk_tags_put", "desk_tagging_stop", "desk_tag_rename", "desk_tag_drop"),
    "desk_organisation_publish",
    "desk_organisation_refuse",
    "desk_step_postpone",
    "desk_partner_export",
    "desk_partner_end",
    "desk_partner_resume",
    "desk_campaign_close_team",
    "desk_campaign_part",
    "desk_alert_dismiss",
    "desk_petition_recount",
    "desk_switch_throw",
    "desk_switch_take_back",
    "desk_site_switch_throw",
    "desk_site_switch_take_back",
    *("desk_theme_rename", "desk_theme_move", "desk_theme_remove"),
    "desk_publish",
    "desk_review_approve",
    "desk_review_refuse",
    "desk_offer",
    "desk_translate_publish",
    "desk_translate_forget",
    "desk_pause",
    "desk_resume",
    "desk_export",
    "desk_held_count",
    "desk_held_set_aside",
    "desk_bulk_stop",
    "desk_bulk_undo",
    "desk_comment_approve",
    "desk_comment_keep",
    "desk_comment_hide",
    "desk_comment_feature",
    "desk_comment_unfeature",
    "desk_import_columns",
    "desk_import_again",
    "desk_import_run",
    "desk_import_stop",
    "desk_import_undo",
    "desk_import_discard",
    "desk_supporters_import_columns",
    "desk_supporters_import_again",
    "desk_supporters_import_run",
    "desk_supporters_import_stop",
    "desk_supporters_import_undo",
    "desk_supporters_import_discard",
    "desk_dossier_volume",
    "desk_contact_delete",
    *("desk_update_autosave", "desk_update_remind", "desk_update_delete", "desk_update_test"),
    *("desk_update_submit", "desk_update_approve", "desk_update_send_back"),
    *("desk_update_publish", "desk_update_reschedule", "desk_update_unschedule"),
    *("desk_update_pause", "desk_update_resume", "desk_update_cancel", "desk_update_call_off"),
    *("desk_update_close", "desk_update_presence", "desk_update_response_sort"),
    "desk_paper_keep",
    "desk_press_read",
    "desk_press_remove",
    "desk_paper_print",
    "desk_paper_reconcile",
    "desk_paper_sheet_remove",
    "desk_paper_sheet_upload",
    "desk_paper_sheet_drop",
    "desk_role",
    "desk_remove_member",
    "desk_withdraw_invitation",
    "desk_territory_show",
    "desk_territory_hide",
}


def patterns(
    found: list[URLPattern | URLResolver], prefix: str = "/tableau-de-bord/"
) -> Iterator[tuple[str, str]]:
    for one in found:
        address = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, address)
        else:
            yield str(one.name), address


ALL = dict(patterns(at_the_desk))


@pytest.fixture
def pks(lilas: Petition, aicha: User, hugo: User, now: datetime) -> dict[str, int]:
    """Something of Valmont's behind every number in an address."""
    person = make_signature(lilas).person
    assert person is not None
    comment = Comment.objects.create(
        petition=lilas, person=person, text="Oui !" * 3, created_at=now
    )
    invitation = Invitation.objects.create(
        organisation=lilas.campaign.organisation,
        email="zoe@ailleurs.example",
        role=Role.OBSERVER,
        secret_hash=bytes(32),
        invited_by=aicha,
        created_at=now,
        expires_at=now,
    )
    decision = BulkDecision.objects.create(
        petition=lilas, verb="reject", reason="Rafale", total=0, by=aicha, decided_at=now
    )
    partner = Partner.objects.create(
        petition=lilas, name="Rue", slug="rue", sentence="Rue peut m’écrire.", created_at=now
    )
    assert lilas.addressee_post is not None
    how = Reached(type="voice", value="02 99 00 00 00")
    contact = add_contact(whose=lilas.addressee_post, how=how, by=hugo, now=now)
    signed = OrganisationSignature.objects.create(
        petition=lilas, name="Amicale du Lavoir", created_at=now
    )
    twin = make_signature(lilas).person
    assert twin is not None
    return {
        "person": person.pk,
        "other": twin.pk,
        "note": Note.objects.create(person=person, text="Vu.", by=hugo, at=now).pk,
        **sorted_people(lilas, hugo, now),
        "merge": Merge.objects.create(
            organisation=person.organisation, kept=person, merged=twin, snapshot={}, by=hugo, at=now
        ).pk,
        "partner": partner.pk,
        "contact": contact.pk,
        **answered_update(lilas, aicha, now),
        "organisation": signed.pk,
        "supporters_import": SupporterImport.objects.create(**file_of(lilas, now)).pk,
        "import": ImportBatch.objects.create(petition=lilas, **file_of(lilas, now)).pk,
        **printed(lilas, hugo, now),
        "bulk": decision.pk,
        "unknown": make_message(lilas.campaign.organisation, Lane.BULK, Purpose.ORG_NEWS).pk,
        "comment": comment.pk,
        "invitation": invitation.pk,
        "member": Membership.objects.get(user=hugo).pk,
        "campaign": lilas.campaign_id,
        "theme": Theme.objects.earliest("pk").pk,
    }


def answered_update(petition: Petition, by: User, now: datetime) -> dict[str, int]:
    """News that left, and what somebody answered."""
    update = make_sent(petition, by, now, kind=UpdateKind.TESTIMONY)
    answer = Response.objects.create(
        ask=Ask.objects.get(pk=update.pk),
        person=person_of(make_signature(petition)),
        kind=Answer.TEXT,
        words="Chaque matin, j’ai peur.",
        at=now,
        changed_at=now,
    )
    return {"update": update.pk, "response": answer.pk}


def sorted_people(petition: Petition, by: User, now: datetime) -> dict[str, int]:
    """A tag, people being tagged, a segment."""
    tag = Tag.objects.create(
        organisation=petition.campaign.organisation, name="presse", folded="presse", created_at=now
    )
    return {
        "tagging": Tagging.objects.create(
            organisation=tag.organisation,
            tag=tag,
            adds=True,
            conditions=[],
            total=1,
            until=1,
            by=by,
            at=now,
        ).pk,
        "tag": tag.pk,
        "segment": Segment.objects.create(
            organisation=tag.organisation,
            name="Tous",
            by=by,
            at=now,
            changed_at=now,
            conditions={"mode": "all", "groups": []},
        ).pk,
    }


def printed(petition: Petition, by: User, now: datetime) -> dict[str, int]:
    """A page of the press, a paper sheet that came back, others that were printed."""
    said = Mention(url="https://presse.example/1", title="Un", outlet="Le Val", day=now.date())
    article = add_press_link(petition=petition, mention=said, by=by, now=now)
    sheet = enter_sheet(petition=petition, number=1, lines=lines(1), by=by, now=now)
    run = print_sheets(petition=petition, sheets=2, by=by, now=now)
    return {"press": article.pk, "paper_sheet": sheet.pk, "paper_run": run.pk}


def file_of(petition: Petition, now: datetime) -> dict[str, Any]:
    """A file that was sent."""
    organisation = petition.campaign.organisation
    return {
        "organisation": organisation,
        "uuid": uuid4(),
        "sha256": bytes(32),
        "size": 1,
        "created_at": now,
    }


def address_of(name: str, pks: dict[str, int]) -> str:
    kind = next((word for word in pks if f"_{word}" in name), "member")
    address = ALL[name].replace("<slug:slug>", SLUG).replace("<int:pk>", str(pks[kind]))
    address = (
        address.replace("<slug:key>", "image")
        .replace("<int:other>", str(pks["other"]))
        .replace("<int:note>", str(pks["note"]))
        .replace("<int:response>", str(pks["response"]))
        .replace("<slug:verb>", "garder")
        .replace("<slug:kind>", "hold")
        .replace("<slug:lane>", "bulk")
        .replace("<slug:package>/<slug:name>", "signing/thanks")
        .replace("<slug:code>", "en")
        .replace("<slug:of>", "papier")
        .replace("<int:nth>", "1")
    )
    return f"{address}?organisation=valmont-a-velo" if name in OF_ORGANISATION else address


def answers(client: Client, name: str, address: str) -> set[int]:
    methods: list[Callable[[str], Any]] = [client.post]
    if name not in ONLY_POST:
        methods.append(client.get)
    return {method(address).status_code for method in methods} - {405}


@pytest.mark.parametrize("name", sorted(set(ALL) - OWN))
def test_strangers_and_other_owners_find_nothing(
    name: str, pks: dict[str, int], seat: SeatedAt, stranger: User, claire: User
) -> None:
    for outsider in (stranger, claire):
        assert answers(seat(outsider), name, address_of(name, pks)) == {404}


@pytest.mark.parametrize("name", sorted(ALL))
def test_nobody_enters_without_signing_in(name: str, pks: dict[str, int], client: Client) -> None:
    address = address_of(name, pks)
    response = client.post(address) if name in ONLY_POST else client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/?next=/tableau-de-bord/")


@pytest.mark.parametrize("name", sorted(OF_ORGANISATION - ONLY_POST))
@pytest.mark.parametrize("slug", ["rien-ici", "%00", "a%00b", "%FF"])
def test_an_organisation_that_cannot_be_is_not_found(
    name: str, slug: str, seat: SeatedAt, aicha: User
) -> None:
    assert seat(aicha).get(f"{ALL[name]}?organisation={slug}").status_code == 404


@pytest.mark.parametrize("name", ["desk", "desk_petitions"])
def test_own_pages_show_nothing_of_others(
    name: str, lilas: Petition, seat: SeatedAt, stranger: User, claire: User
) -> None:
    for outsider in (stranger, claire):
        response = seat(outsider).get(ALL[name])
        assert response.status_code == 200
        assert "Lilas" not in response.text
        assert "Valmont à vélo" not in response.text


@pytest.mark.parametrize("name", sorted(set(ALL) - OWN - OF_ORGANISATION - OF_SITE))
def test_what_does_not_exist_is_the_same_404(name: str, seat: SeatedAt, aicha: User) -> None:
    address = re.sub(r"<int:\w+>", "999999", ALL[name].replace("<slug:slug>", "rien-ici"))
    assert answers(seat(aicha), name, address) == {404}


@pytest.mark.parametrize("name", sorted(n for n in ALL if n not in OWN))
def test_an_ambassador_changes_nothing_here(
    name: str, pks: dict[str, int], seat: SeatedAt, mariam: User
) -> None:
    found = answers(seat(mariam), name, address_of(name, pks))
    allowed = {200, 403} if name == "desk_team" else {403, 404}
    assert found
    assert found <= allowed


def test_pages_of_the_desk_are_kept_by_nobody(seat: SeatedAt, aicha: User, lilas: Petition) -> None:
    response = seat(aicha).get("/tableau-de-bord/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
