import sys
from argparse import ArgumentParser
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from levier.foundation.accounts.actions import add_member, create_user
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.errors import AccountError
from levier.foundation.accounts.models import Organisation, User


class Command(BaseCommand):
    help = "Crée un compte et lui donne un rôle dans une organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="ADRESSE", help="adresse électronique")
        parser.add_argument(
            "--organisation", default="", metavar="IDENTIFIANT", help="défaut : la seule qui existe"
        )
        parser.add_argument("--role", default=Role.CAMPAIGNER, choices=Role.values)
        parser.add_argument("--name", default="", metavar="NOM", help="nom montré à l’équipe")
        passwords = parser.add_mutually_exclusive_group()
        passwords.add_argument(
            "--password-stdin", action="store_true", help="lit le mot de passe sur l’entrée"
        )
        passwords.add_argument(
            "--without-password", action="store_true", help="connexion par code seulement"
        )

    def handle(self, *args: object, **options: str | bool) -> None:
        email = str(options["email"]).strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"« {email} » n’est pas une adresse électronique.") from error
        organisation = _organisation(str(options["organisation"]))
        now = timezone.now()
        try:
            user = User.objects.filter(email=email).first()
            if user is None:
                name = str(options["name"]) or email.split("@")[0]
                password = _password(User(email=email, name=name), options)
                user = create_user(email=email, name=name, password=password, now=now)
            else:
                self.stdout.write("Ce compte existe déjà : son mot de passe ne change pas.")
            role = str(options["role"])
            add_member(organisation=organisation, user=user, role=role, now=now)
        except AccountError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{email} : {Role(role).label}, « {organisation.name} ».")


def _organisation(wanted: str) -> Organisation:
    """The one asked for, by identifier or by name; without asking, the only one."""
    everyone = Organisation.objects.order_by("slug")
    found = everyone.filter(slug=wanted) or everyone.filter(name=wanted) if wanted else everyone
    if len(found) == 1:
        return found[0]
    if not everyone:
        raise CommandError("aucune organisation n’existe : levier createorganisation NOM d’abord.")
    known = ", ".join(everyone.values_list("slug", flat=True))
    raise CommandError(f"précisez --organisation parmi : {known}.")


def _password(user: User, options: dict[str, str | bool]) -> str | None:
    if options["without_password"]:
        return None
    if options["password_stdin"]:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = getpass("Mot de passe : ")
        if password != getpass("Le même : "):
            raise CommandError("les deux mots de passe diffèrent ; recommencez.")
    else:
        raise CommandError("donnez --password-stdin ou --without-password.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
