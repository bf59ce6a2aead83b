from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.terms import set_fields
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.fields import Declared, declared_in
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally


@transaction.atomic
def declare_fields(
    *, petition: Petition, asked: Sequence[Declared], by: User, now: datetime
) -> Petition:
    """The questions of the form (P8). One that was answered is not asked any more when it is left
    out, and stays in files under the same name; one that was not is gone."""
    Tally.objects.select_for_update().filter(petition=petition).first()
    before = declared_in(Petition.objects.get(pk=petition.pk).fields)
    left_out = [one for one in before if one.key not in {field.key for field in asked}]
    answered = {one.key for one in left_out if is_answered(petition, one.key)}
    return set_fields(
        petition=petition,
        asked=asked,
        retired=[one for one in left_out if one.key in answered],
        by=by,
        now=now,
    )


def is_answered(petition: Petition, key: str) -> bool:
    """Whether somebody answered a question."""
    return Signature.objects.filter(petition=petition, extra__has_key=key).exists()
