from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.models.person import Person

NAME_KEY_LENGTH = 80


class SearchEntry(models.Model):
    """What the lists of supporters look at: a row per person who is neither merged nor erased,
    written behind the gestures by the worker, never by the signing path (docs/decisions/60).

    `flags` are this package's (queries.flags); `marks` are numbers whose meaning is known only to
    the package above that gave them. The table is made in SQL: what is looked at most comes first
    in its rows, since PostgreSQL reads a row from its beginning.
    """

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    name_key = models.CharField(max_length=NAME_KEY_LENGTH)
    postcode = models.CharField(max_length=16)
    country = models.CharField(max_length=2)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    flags = models.IntegerField()
    tags = ArrayField(models.BigIntegerField())
    marks = ArrayField(models.BigIntegerField())

    class Meta:
        managed = False
        db_table = "levier_searchentry"


class SearchWords(models.Model):
    """The words a person is found by, folded: beside the entry and as old, not in it, so that a
    segment reads a million narrow rows."""

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    words = SearchVectorField()

    class Meta:
        managed = False
        db_table = "levier_searchwords"
