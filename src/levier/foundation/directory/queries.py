"""Who decides, as an organisation has written it down."""

from datetime import date

from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Concat

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.full_text import ACCENTS, plain
from levier.foundation.directory.models import ContactDetail, Mandate, PersonInOffice, Post

NAMED_BY = ("person__name", "post__label", "post__responsibility", "post__organization__name")
MOST_WORDS = 8
SMALL_WORDS = frozenset("a au aux d de des du en et l la le les m mme un une".split())  # noqa: SIM905
UNACCENTED = str.maketrans(*ACCENTS)


def mandates_of(owner: Organisation, *, on: date) -> QuerySet[Mandate]:
    """People and the posts they hold that day, as one organisation has written them down."""
    return mandates_on(on).filter(owner=owner)


def mandates_on(on: date) -> QuerySet[Mandate]:
    """People and the posts they hold that day, those with a charge of their own first (P3).

    A deputy « en charge des mobilités » comes before a mayor in charge of everything.
    """
    in_charge_of_all = ExpressionWrapper(Q(post__responsibility=""), BooleanField())
    return (
        Mandate.objects.filter(
            Q(start_date=None) | Q(start_date__lte=on), Q(end_date=None) | Q(end_date__gte=on)
        )
        .select_related("person", "post__organization")
        .annotate(in_charge_of_all=in_charge_of_all)
        .order_by("post__organization__name", "in_charge_of_all", "person__name", "pk")
    )


def matching(mandates: QuerySet[Mandate], typed: str) -> QuerySet[Mandate]:
    """Those whose name, post, charge and institution together hold every word typed."""
    words = typed.lower().translate(UNACCENTED).replace("'", " ").split()
    telling = [word for word in words if word not in SMALL_WORDS] or words
    parts = [part for name in NAMED_BY for part in (F(name), Value(" "))]
    found = mandates.annotate(named=plain(Concat(*parts, output_field=CharField())))
    for word in telling[:MOST_WORDS]:
        found = found.filter(named__contains=word)
    return found


def contacts_of(post: Post | None, person: PersonInOffice | None) -> QuerySet[ContactDetail]:
    """How the holder of a post is reached: by the post, then by themselves."""
    of_post = Q(post=post) if post else Q(pk__in=())
    of_person = Q(person=person) if person else Q(pk__in=())
    found = ContactDetail.objects.filter(of_post | of_person).select_related("post", "person")
    return found.order_by(F("post").asc(nulls_last=True), "type", "pk")


def public_contacts_of(post: Post | None, person: PersonInOffice | None) -> QuerySet[ContactDetail]:
    """Those that may be shown outside the team (U45)."""
    return contacts_of(post, person).filter(is_public=True)
