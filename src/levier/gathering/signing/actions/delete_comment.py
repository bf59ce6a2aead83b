from django.db import transaction

from levier.foundation.people.actions.indexing import index_people
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS


@transaction.atomic
def delete_comment(*, signature: Signature) -> None:
    """The signatory takes their words back (P51). The signature stays. Twice is once."""
    if signature.person_id is not None:
        Comment.objects.filter(petition=signature.petition_id, person=signature.person_id).delete()
        index_people(person_ids=[signature.person_id], sources=[SIGNATURE_MARKS])
