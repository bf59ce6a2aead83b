"""Opening what was launched: at once, or once the team has read it.

Petitions stand below and open no count; these verbs do both in one transaction.
"""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.launching import Plan, begin_from_draft
from levier.gathering.petitions.actions.reviewing import read_by_reviewer, submit_for_review
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.mails.review import send_approval
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.opening import open_petition


@transaction.atomic
def launch_petition(*, draft: LaunchDraft, plan: Plan, by: User, now: datetime) -> Petition:
    """Make the draft a petition: open, or waiting for the team where it reads first (P5).

    Twice is the same as once. Raises NotReady, NotWelcome, LaunchStopped.
    """
    petition = begin_from_draft(draft=draft, plan=plan, by=by, now=now)
    if petition.state != PetitionState.DRAFT:
        return petition
    return offer_petition(petition=petition, by=by, now=now)


@transaction.atomic
def offer_petition(*, petition: Petition, by: User, now: datetime) -> Petition:
    """Open a draft, or ask for its review: what its author may do, and no more."""
    reviewed = petition.is_supporters and petition.campaign.organisation.reviews_petitions
    if reviewed:
        return submit_for_review(petition=petition, by=by, now=now)
    return open_petition(petition=petition, by=by, now=now)


@transaction.atomic
def approve_petition(*, petition: Petition, seen: str, by: User, now: datetime) -> Petition:
    """Open a supporter's petition that was read, and tell its author.

    `seen` is the SHA-256, in hexadecimal, of the text that was read. Raises WrongState, NotReady,
    ChangedMeanwhile.
    """
    petition, words = read_by_reviewer(petition=petition, seen=seen)
    petition = open_petition(petition=petition, by=by, now=now)
    send_approval(petition, words)
    return petition
