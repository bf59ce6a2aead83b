"""What gathers around a petition: paper, organisations, a partner, tags, a segment, the press, a
translation, and what waits for the team's eye. Written by the product's own actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.foundation.common.html_cleaning import html_from_markdown
from levier.foundation.people.actions.segments import save_segment
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.queries.conditions.shape import Condition, Conditions, Group
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.actions.partnering import Terms, add_partner
from levier.gathering.petitions.actions.press import Mention, add_press_link
from levier.gathering.petitions.actions.translating import publish_translation, save_translation
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import latest_title
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.organisation_signatures import (
    Told,
    confirm_organisation,
    publish_organisation,
    sign_as_organisation,
)
from levier.gathering.signing.actions.paper_lines import Line
from levier.gathering.signing.actions.print_sheets import print_sheets
from levier.gathering.signing.actions.reconcile_paper import reconcile_paper
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.models.signature import Signature
from levier.project.demo import gathered
from levier.project.demo.content import unfolded
from levier.project.demo.signatures import Signatory

PLACE = {"postcode": "35000", "country": "FR"}
SEGMENT = Conditions(
    groups=(
        Group(
            conditions=(
                Condition(
                    kind="accord", values={"accord": f"{Channel.EMAIL}:{Purpose.PETITION_NEWS}"}
                ),
                Condition(kind="lieu", values={"debut": "35"}),
                Condition(kind="apporte", values={"au_moins": "1"}),
            )
        ),
    )
)


def enter_first_sheet(
    petition: Petition, drawn: Sequence[Signatory], *, by: User, now: datetime
) -> None:
    """Sheets are printed and one comes back before most people signed: those on it sign online
    afterwards, and count once."""
    at = now - timedelta(days=gathered.SHEET_DAYS)
    run = print_sheets(
        petition=petition, sheets=gathered.SHEETS_PRINTED, by=by, now=at - timedelta(days=3)
    )
    known = (drawn[nth] for nth in gathered.SIGN_AGAIN)
    lines = [
        Line(
            position=n,
            first_name=one.first_name,
            last_name=one.last_name,
            email=one.email,
            consent=False,
            **PLACE,
        )
        for n, one in enumerate(known, start=1)
    ]
    enter_sheet(petition=petition, number=run.first, lines=lines, by=by, now=at)


def gather(petition: Petition, *, by: User, now: datetime) -> None:
    """Everything else, once people have signed."""
    reconcile_paper(petition=petition, by=by, now=now - timedelta(days=20))
    _organisations(petition, by, now)
    _partner(petition, by, now)
    _tags_and_segment(petition, by, now)
    _press(petition, by, now)
    _translation(petition, by, now)


def _organisations(petition: Petition, by: User, now: datetime) -> None:
    title = latest_title(petition)
    for one in gathered.ORGANISATIONS:
        at = now - timedelta(days=one.days)
        name, role, email = one.contact
        told = Told(
            name=one.name, contact_name=name, contact_role=role, email=email, website=one.website
        )
        signed = sign_as_organisation(petition=petition, title=title, told=told, now=at)
        signed = confirm_organisation(signed=signed.pk, now=at + timedelta(hours=1))
        if one.is_shown:
            publish_organisation(signed=signed, title=title, by=by, now=at + timedelta(hours=9))


def _partner(petition: Petition, by: User, now: datetime) -> None:
    """Its link was there from the start: some came by it, and most of them let it write."""
    terms = Terms(
        name=gathered.PARTNER_NAME,
        website=gathered.PARTNER_SITE,
        sentence=gathered.PARTNER_SENTENCE,
        sites=[],
    )
    added = petition.published_at or now
    partner = add_partner(petition=petition, terms=terms, by=by, now=added)
    everyone = Signature.objects.filter(petition=petition).order_by("number")
    chance = Random(partner.slug)  # noqa: S311  (plausible, not secret)
    came = chance.sample(list(everyone.only("pk", "signed_at")), gathered.PARTNER_BROUGHT)
    Signature.objects.filter(pk__in=[one.pk for one in came]).update(
        source_code=f"par:{partner.slug}"
    )
    PartnerAgreement.objects.bulk_create(
        PartnerAgreement(partner=partner, signature=one, wording=partner.sentence, at=one.signed_at)
        for one in came[: gathered.PARTNER_AGREED]
    )


def _tags_and_segment(petition: Petition, by: User, now: datetime) -> None:
    organisation = petition.campaign.organisation
    for name, first_names in gathered.TAGS.items():
        tag = find_or_make_tag(organisation=organisation, name=name, now=now)
        wrote = Comment.objects.filter(petition=petition, person__first_name__in=first_names)
        people = wrote.order_by("person").values_list("person", flat=True)
        tag_people(tag=tag, person_ids=[pk for pk in people if pk], by=by, now=now)
    save_segment(
        organisation=organisation,
        segment=None,
        name=gathered.SEGMENT_NAME,
        conditions=SEGMENT.as_json(),
        by=by,
        now=now,
    )


def _press(petition: Petition, by: User, now: datetime) -> None:
    at = now - timedelta(days=gathered.PRESS_DAYS)
    mention = Mention(
        url=gathered.PRESS_URL,
        title=gathered.PRESS_TITLE,
        outlet=gathered.PRESS_OUTLET,
        day=timezone.localdate(at),
    )
    add_press_link(petition=petition, mention=mention, by=by, now=at)


def _translation(petition: Petition, by: User, now: datetime) -> None:
    words = Words(
        title=gathered.ENGLISH_TITLE,
        ask=gathered.ENGLISH_ASK,
        story=html_from_markdown(unfolded(gathered.ENGLISH_STORY)),
        image_alt=gathered.ENGLISH_PICTURE,
    )
    language = gathered.LANGUAGE
    save_translation(
        petition=petition, language=language, words=words, is_signed=False, by=by, now=now
    )
    publish_translation(petition=petition, language=language, by=by, now=now)
