from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.enums import Role


class Organisation(models.Model):
    """Who runs campaigns: the data controller, the sender and the tenant of every row."""

    uuid = models.UUIDField(unique=True)
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    legal_name = models.CharField(_("nom complet"), max_length=200)
    postal_address = models.CharField(_("adresse postale"), max_length=300)
    sender_email = models.EmailField(_("adresse d’envoi"))
    reply_email = models.EmailField(_("adresse de réponse"), blank=True)
    country = models.CharField(_("pays"), max_length=2, default="FR")
    language = models.CharField(_("langue"), max_length=5, default="fr")
    time_zone = models.CharField(_("fuseau horaire"), max_length=64, default="Europe/Paris")
    welcomes_petitions = models.BooleanField(default=False)  # of its supporters
    reviews_petitions = models.BooleanField(default=True)  # before anyone reads them (P5)
    welcome_words = models.CharField(
        _("ce que vous accueillez"), max_length=300, blank=True, default=""
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Django's and allauth's way in; ours is `accounts.actions`."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of a team, known by an e-mail address."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.email


class Membership(models.Model):
    """A user's role in an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], name="membership_once_per_organisation"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]


class Invitation(models.Model):
    """A place offered by e-mail. The link's secret is kept only as its SHA-256."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_once_pending",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="invitation_email_lower_case",
            ),
        ]
