"""The demonstration's data: loaded once, whole or not at all."""

from datetime import datetime, timedelta
from importlib.resources import files
from io import BytesIO

import vl_convert
from django.db import connection, transaction

from levier.foundation.accounts.actions import (
    add_member,
    create_organisation,
    create_user,
    set_welcome,
)
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.actions import start_campaign
from levier.foundation.campaigns.enums import TeamRole
from levier.foundation.campaigns.models import TeamMember, Theme
from levier.foundation.common.html_cleaning import html_from_markdown
from levier.foundation.common.images import store_image
from levier.foundation.directory.actions import add_decision_maker
from levier.foundation.people.tasks.index_people import READER as SEARCH_READER
from levier.foundation.people.tasks.index_people import index_everyone
from levier.gathering.petitions.actions.drafting import Words, set_addressee, start_draft
from levier.gathering.petitions.actions.terms import rename, set_form
from levier.gathering.petitions.actions.theming import set_theme
from levier.gathering.petitions.rules.consents import consent_sentences
from levier.gathering.signing.actions.journal import rebuild_journals
from levier.gathering.signing.actions.opening import open_petition
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS
from levier.gathering.signing.tasks.read_activities import READER
from levier.project.demo.content import (
    ORGANISATIONS,
    PASSWORD,
    STRANGER,
    DemoOrganisation,
    DemoPetition,
    unfolded,
)
from levier.project.demo.gather import enter_first_sheet, gather
from levier.project.demo.held import write_held
from levier.project.demo.news import tell_news
from levier.project.demo.signatures import draw, write_signatures

PICTURE_WIDTH = 1_600
# The last plausible signature is an hour old: nothing signs by itself while somebody looks.
QUIET = timedelta(hours=1)
# Two demonstrations started at once must not both load.
_LOCK = 0x6C65766965720001
# The people above were thanked long ago: whoever thanks starts after this transaction.
_THANKED = """
INSERT INTO levier_activitycursor (reader, xid, activity)
VALUES (%s, pg_current_xact_id()::text::bigint + 1, 0)
"""


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Write the organisations, their cast and their petitions. False if they are there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if Organisation.objects.filter(slug=ORGANISATIONS[0].slug).exists():
        return False
    for texts in ORGANISATIONS:
        _write_organisation(texts, now)
    create_user(email=STRANGER[0], name=STRANGER[1], password=PASSWORD, now=now)
    index_everyone([SIGNATURE_MARKS])
    with connection.cursor() as cursor:
        cursor.execute(_THANKED, [READER])
        cursor.execute(_THANKED, [SEARCH_READER])
    return True


def _write_organisation(texts: DemoOrganisation, now: datetime) -> None:
    organisation = create_organisation(
        name=texts.name,
        slug=texts.slug,
        legal_name=texts.legal_name,
        postal_address=texts.postal_address,
        sender_email=texts.sender_email,
        now=now,
    )
    users = []
    for member in texts.members:
        user = create_user(email=member.email, name=member.name, password=PASSWORD, now=now)
        add_member(organisation=organisation, user=user, role=member.role, now=now)
        users.append(user)
    if texts.welcome_words:
        set_welcome(
            organisation=organisation,
            welcomes_petitions=True,
            reviews_petitions=True,
            welcome_words=texts.welcome_words,
            by=users[0],
            now=now,
        )
    for petition in texts.petitions:
        _write_petition(petition, organisation, users, now)


def _write_petition(
    texts: DemoPetition, organisation: Organisation, users: list[User], now: datetime
) -> None:
    launched = now - timedelta(weeks=texts.weeks)
    lead = users[0]
    campaign = start_campaign(organisation=organisation, name=texts.campaign, by=lead, now=launched)
    TeamMember.objects.create(campaign=campaign, user=lead, role=TeamRole.LEAD)
    petition = start_draft(campaign=campaign, words=_words(texts), by=lead, now=launched)
    rename(petition=petition, slug=texts.slug, by=lead, now=launched)
    set_form(
        petition=petition,
        country="FR",
        asks_postcode=texts.asks_postcode,
        by=lead,
        now=launched,
    )
    theme = Theme.objects.get(slug=texts.theme)
    set_theme(petition=petition, theme=theme, by=lead, now=launched)
    mandate = add_decision_maker(owner=organisation, who=texts.decider, by=lead, now=launched)
    petition = set_addressee(petition=petition, mandate=mandate, by=lead, now=launched)
    petition = open_petition(petition=petition, by=lead, now=launched)
    wording = consent_sentences(campaign)["consent_updates"]
    drawn = draw(texts, start=launched, end=now - QUIET)
    if texts.is_full:
        enter_first_sheet(petition, drawn, by=lead, now=now)
    write_signatures(texts, petition, drawn, wording=wording)
    if texts.is_full:
        gather(petition, by=lead, now=now)
        write_held(petition, now=now)
    rebuild_journals(petition=petition)
    if texts.is_full:
        tell_news(petition, by=lead, now=now)


def _words(texts: DemoPetition) -> Words:
    picture = texts.picture
    return Words(
        title=texts.title,
        ask=texts.ask,
        story=html_from_markdown(unfolded(texts.story)),
        image=_picture(picture.file) if picture else "",
        image_alt=picture.alternative if picture else "",
        image_credit=picture.credit if picture else "",
    )


def _picture(name: str) -> str:
    drawing = files("levier.project.demo").joinpath(name).read_text()
    return store_image(BytesIO(vl_convert.svg_to_png(drawing, scale=PICTURE_WIDTH / 1_200)))
