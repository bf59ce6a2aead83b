from datetime import datetime

from django.db import transaction

from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.common.typography import shown_name
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.petitions.rules.comment_words import says_one_of, words_in
from levier.gathering.signing.actions.counting import locked
from levier.gathering.signing.enums import STANDING, SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature


@transaction.atomic
def write_comment(
    *,
    signature_id: int,
    text: str,
    now: datetime,
    for_press: bool = False,
    for_dossier: bool = False,
) -> Comment:
    """The signatory says why, or says it better (P51): one comment per person and petition.

    `for_press`, `for_dossier`: what its author lets it serve for, each with a tick (P53).

    New words are read as the campaign wants (P52), lose their place before the
    others (P53), and stay to be read if the old ones had been hidden. Raises NoLongerStanding.
    """
    signature = locked(signature_id)
    if signature.state not in STANDING or signature.person_id is None:
        raise NoLongerStanding
    old = Comment.objects.filter(petition=signature.petition_id, person=signature.person_id).first()
    allowed = {"for_press": for_press, "for_dossier": for_dossier}
    if old is not None and old.text == text:
        Comment.objects.filter(pk=old.pk).update(**allowed)
        return Comment.objects.get(pk=old.pk)
    name = shown_name(signature.first_name, signature.last_name) if signature.show_name else ""
    comment, _ = Comment.objects.update_or_create(
        petition=signature.petition,
        person=signature.person,
        defaults={
            "text": text,
            "shown_name": name,
            "state": _first_state(signature, text, old),
            "featured_at": None,
            **allowed,
            "moderated_at": None,
            "moderated_by": None,
        },
        create_defaults={
            "text": text,
            "shown_name": name,
            "state": _first_state(signature, text, None),
            "created_at": now,
            **allowed,
        },
    )
    record_activity(
        organisation_id=signature.petition.campaign.organisation_id,
        person_id=signature.person_id,
        kind=ActivityKind.COMMENTED,
        subject=f"signature:{signature.pk}",
        at=now,
    )
    return comment


def _first_state(signature: Signature, text: str, old: Comment | None) -> CommentState:
    after = in_force(signature.petition, "comment_policy") == CommentPolicy.AFTER
    hidden = old is not None and old.state == CommentState.HIDDEN
    listed = words_in(in_force(signature.petition, "comment_words"))
    waits = hidden or says_one_of(text, listed)
    seen_at_once = after and not waits and signature.state == SignatureState.COUNTED
    return CommentState.PUBLISHED if seen_at_once else CommentState.WAITING
