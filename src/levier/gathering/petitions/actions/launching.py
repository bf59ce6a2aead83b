"""From what a visitor types at `/lancer/` to a draft that belongs to somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from levier.foundation.accounts.actions import add_member, create_organisation
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.actions import start_campaign
from levier.foundation.campaigns.models import Theme
from levier.foundation.directory.actions import DecisionMaker, add_decision_maker, add_post
from levier.foundation.directory.models import Mandate
from levier.foundation.messaging.rules.addresses import mail_host
from levier.gathering.petitions.actions.drafting import Words, audit, set_addressee, start_draft
from levier.gathering.petitions.errors import EnoughLinks, LaunchStopped, NotWelcome
from levier.gathering.petitions.mails.launch import send_resume_link
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.rules.launch import (
    DRAFT_AGE,
    campaigns_for,
    hash_of,
    resume_token,
)
from levier.gathering.petitions.rules.switches import thrown_on_site

MOST_LINKS = 5
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class OwnOrganisation:
    """What the law wants to know of who answers for the data of the people who sign."""

    legal_name: str
    postal_address: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A finished draft, understood: what it says, to whom, in whose name."""

    words: Words
    theme: Theme | None
    mandate: Mandate | None  # chosen in a directory, or else
    who: DecisionMaker | None  # typed; their name may be empty
    carrier: Organisation | OwnOrganisation
    origin: Petition | None = None  # whose news invited to launch one too (U53)


@transaction.atomic
def keep_typed(*, secret: str, typed: Mapping[str, str], now: datetime) -> LaunchDraft:
    """Save a step as it was typed, in the one draft of that secret, made on first use (P1).

    What a step does not have stays as it was. A draft that became a petition keeps nothing more.
    """
    key = hash_of(secret)
    LaunchDraft.objects.bulk_create(
        [LaunchDraft(secret_hash=key, created_at=now, saved_at=now)], ignore_conflicts=True
    )
    draft = _locked(LaunchDraft(secret_hash=key))
    if draft.petition_id is None:
        told = {name: value.replace("\0", "") for name, value in typed.items()}
        draft.typed = {**draft.typed, **told}
        draft.saved_at = now
        draft.save(update_fields=["typed", "saved_at"])
    return draft


@transaction.atomic
def send_link(*, draft: LaunchDraft, secret: str, email: str, now: datetime) -> None:
    """Send the link that opens the draft on another device. Raises EnoughLinks."""
    draft = _locked(draft)
    if draft.links_sent >= MOST_LINKS:
        raise EnoughLinks
    draft.links_sent += 1
    draft.save(update_fields=["links_sent"])
    send_resume_link(
        to=email,
        title=draft.typed.get("title") or draft.typed.get("subject") or "",
        token=resume_token(secret, now=now),
        until=now + DRAFT_AGE,
    )


@transaction.atomic
def forget_draft(*, draft: LaunchDraft) -> None:
    """Erase what was typed, and its picture unless a petition shows it."""
    picture = draft.typed.get("kept_image", "")
    draft.delete()
    forget_picture(picture)


@transaction.atomic
def erase_old_drafts(*, now: datetime) -> int:
    """Erase a page of drafts nobody saved for a month. Returns how many: again while full."""
    old = LaunchDraft.objects.select_for_update(skip_locked=True).filter(
        saved_at__lte=now - DRAFT_AGE
    )
    drafts = list(old.order_by("saved_at")[:AT_ONCE])
    LaunchDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    for picture in {draft.typed.get("kept_image", "") for draft in drafts}:
        forget_picture(picture)
    return len(drafts)


def forget_picture(path: str) -> None:
    """Remove a picture's file once the commit is sure, unless something still shows it."""
    shown = Version.objects.filter(image=path).exists()
    kept = LaunchDraft.objects.filter(typed__kept_image=path).exists()
    if path and not shown and not kept:
        transaction.on_commit(lambda: default_storage.delete(path))


@transaction.atomic
def begin_from_draft(*, draft: LaunchDraft, plan: Plan, by: User, now: datetime) -> Petition:
    """The petition that a launch draft becomes, still a draft; twice is the same as once.

    Raises LaunchStopped while the site takes none, NotWelcome when the organisation does not.
    """
    draft = _locked(draft)
    if draft.petition is not None:
        return draft.petition
    if sentence := thrown_on_site().launch:
        raise LaunchStopped(sentence)
    organisation = _carrier(plan, by, now)
    campaign = start_campaign(organisation=organisation, name=plan.words.title, by=by, now=now)
    petition = start_draft(campaign=campaign, words=plan.words, by=by, now=now)
    petition.theme, petition.origin = plan.theme, plan.origin
    petition.is_supporters = not campaigns_for(by, organisation)
    petition.save(update_fields=["theme", "origin", "is_supporters"])
    petition = _addressed(petition, plan, by, now)
    draft.petition, draft.typed, draft.saved_at = petition, {}, now
    draft.save(update_fields=["petition", "typed", "saved_at"])
    audit(petition, "launch", by, now, supporters=petition.is_supporters)
    return petition


def _carrier(plan: Plan, by: User, now: datetime) -> Organisation:
    carrier = plan.carrier
    if isinstance(carrier, OwnOrganisation):
        founded = create_organisation(
            name=carrier.legal_name,
            legal_name=carrier.legal_name,
            postal_address=carrier.postal_address,
            sender_email=f"petitions@{mail_host()}",
            reply_email=by.email,
            now=now,
        )
        add_member(organisation=founded, user=by, role=Role.OWNER, now=now, by=by)
        return founded
    organisation = Organisation.objects.select_for_update().get(pk=carrier.pk)
    if not organisation.welcomes_petitions and not campaigns_for(by, organisation):
        raise NotWelcome
    return organisation


def _addressed(petition: Petition, plan: Plan, by: User, now: datetime) -> Petition:
    """Written in the directory of who carries it, whoever's it was chosen in."""
    owner, who, mandate = petition.campaign.organisation, plan.who, plan.mandate
    if mandate is not None and mandate.owner_id != owner.pk:
        who, mandate = _same(mandate), None
    if mandate is None and who is not None and who.name:
        mandate = add_decision_maker(owner=owner, who=who, by=by, now=now)
    if mandate is not None:
        return set_addressee(petition=petition, mandate=mandate, by=by, now=now)
    if who is None:
        return petition
    post = add_post(owner=owner, who=who)
    return set_addressee(petition=petition, mandate=None, post=post, by=by, now=now)


def _same(mandate: Mandate) -> DecisionMaker:
    return DecisionMaker(
        name=mandate.person.name,
        honorific=mandate.person.honorific_prefix,
        post=mandate.post.label,
        responsibility=mandate.post.responsibility,
        institution=mandate.post.organization.name,
        source=mandate.source,
    )


def _locked(draft: LaunchDraft) -> LaunchDraft:
    return (
        LaunchDraft.objects.select_for_update(of=("self",))
        .select_related("petition__campaign__organisation")
        .get(secret_hash=draft.secret_hash)
    )
