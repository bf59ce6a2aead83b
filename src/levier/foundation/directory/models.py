from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.directory.enums import ContactType


class Area(models.Model):
    """A territory (Popolo Area): a commune, a département, a province."""

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=120)
    identifier = models.CharField(_("code officiel"), max_length=20, blank=True, default="")
    classification = models.CharField(_("sorte"), max_length=60, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class PostcodeRange(models.Model):
    """Which area the postcodes of a country are in: from `low` to before `high`, character by
    character. Everyone's: filled by the migration from `common.areas`.
    """

    country = models.CharField(max_length=2, db_collation="C")
    low = models.CharField(max_length=8, db_collation="C")
    high = models.CharField(max_length=8, db_collation="C")
    shortest = models.PositiveSmallIntegerField()  # fewer characters say nothing
    area = models.CharField(max_length=6, db_collation="C")  # « FR-35 »

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "low"], name="postcoderange_once"),
            models.CheckConstraint(
                condition=models.Q(high__gt=models.F("low")), name="postcoderange_holds_something"
            ),
        ]


class Organization(models.Model):
    """An institution that decides (Popolo Organization), not one of ours."""

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=160)
    classification = models.CharField(_("sorte"), max_length=60, blank=True, default="")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A position in an institution, whoever holds it (Popolo Post)."""

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    label = models.CharField(_("fonction"), max_length=160)  # « 3e adjointe au maire »
    responsibility = models.CharField(_("en charge de"), max_length=160, blank=True, default="")

    def __str__(self) -> str:
        return self.label


class PersonInOffice(models.Model):
    """Somebody who decides or may come to (Popolo Person)."""

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=160)  # « Khady Diallo »
    honorific_prefix = models.CharField(_("civilité"), max_length=20, blank=True, default="")
    family_name = models.CharField(_("nom de famille"), max_length=80, blank=True, default="")
    email = models.EmailField(_("adresse publique"), blank=True, default="")

    def __str__(self) -> str:
        return f"{self.honorific_prefix} {self.name}".strip()


class Mandate(models.Model):
    """A person holding a post for a time (Popolo Membership), with where we learnt it."""

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    person = models.ForeignKey(PersonInOffice, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True, default="")
    consulted_on = models.DateField(_("consultée le"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_date=None)
                | models.Q(start_date=None)
                | models.Q(end_date__gte=models.F("start_date")),
                name="mandate_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "post", "start_date"],
                name="mandate_once",
                nulls_distinct=False,
            ),
        ]


class ContactDetail(models.Model):
    """How somebody who decides is reached (Popolo ContactDetail): of a post or of a person.

    Only one marked public and professional is ever shown outside the team (U45).
    """

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        PersonInOffice, models.CASCADE, null=True, blank=True, related_name="+"
    )
    type = models.CharField(_("moyen"), max_length=10, choices=ContactType.choices)
    value = models.CharField(_("adresse ou numéro"), max_length=300)
    label = models.CharField(_("libellé"), max_length=120, blank=True, default="")
    note = models.CharField(  # « du lundi au vendredi, 9 h – 17 h »
        _("horaires, précisions"), max_length=300, blank=True, default=""
    )
    is_public = models.BooleanField(_("publique et professionnelle"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    consulted_on = models.DateField(_("consultée le"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post__isnull=False, person__isnull=True)
                | models.Q(post__isnull=True, person__isnull=False),
                name="contactdetail_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=ContactType.values), name="contactdetail_type_known"
            ),
            models.UniqueConstraint(
                fields=["post", "person", "type", "value"],
                name="contactdetail_once",
                nulls_distinct=False,
            ),
        ]
