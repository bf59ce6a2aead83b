"""What a petition may still change once it can be signed: decided under the lock of its tally.

Petitions stand below and know no signature; these verbs tell them whether there is one.
"""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.actions.publishing import publish, revise
from levier.gathering.petitions.actions.terms import set_count_policy
from levier.gathering.petitions.actions.translating import save_translation
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.listing import has_signatures


@transaction.atomic
def open_petition(*, petition: Petition, by: User, now: datetime) -> Petition:
    """Publish a draft and open its count. Raises NotReady, WrongState."""
    petition = publish(petition=petition, by=by, now=now)
    Tally.objects.get_or_create(petition=petition, defaults={"updated_at": now})
    return petition


@transaction.atomic
def revise_petition(*, petition: Petition, words: Words, by: User, now: datetime) -> Version:
    """A new version; the ask only before the first signature (P6): AskFrozen."""
    is_signed = is_signed_for_good(petition)
    return revise(petition=petition, words=words, is_signed=is_signed, by=by, now=now)


@transaction.atomic
def translate_petition(
    *, petition: Petition, language: str, words: Words, by: User, now: datetime
) -> Translation:
    """The draft of one language; its demand, once read and signed, stays (P6): AskFrozen."""
    is_signed = is_signed_for_good(petition)
    return save_translation(
        petition=petition, language=language, words=words, is_signed=is_signed, by=by, now=now
    )


@transaction.atomic
def change_count_policy(
    *, petition: Petition, policy: str | None, by: User, now: datetime
) -> Petition:
    """When signatures are counted, before the first one only (P16): PolicyFrozen."""
    is_signed = is_signed_for_good(petition)
    return set_count_policy(petition=petition, policy=policy, is_signed=is_signed, by=by, now=now)


def is_signed_for_good(petition: Petition) -> bool:
    """Whether somebody has signed; a signature on its way waits for our commit, then sees it."""
    Tally.objects.select_for_update().filter(petition=petition).first()
    return has_signatures(petition.pk)
