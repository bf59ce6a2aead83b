from argparse import ArgumentParser
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from levier.foundation.accounts.actions import create_organisation
from levier.foundation.accounts.models import Organisation


class Command(BaseCommand):
    help = "Crée une organisation : celle qui mène les campagnes et répond des données."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NOM", help="nom montré au public")
        parser.add_argument("--legal-name", default="", help="nom complet, s’il est autre")
        parser.add_argument("--postal-address", default="", help="adresse postale du siège")
        parser.add_argument("--sender-email", default="", help="adresse d’où partent les courriels")

    def handle(self, *args: object, **options: str) -> None:
        name = " ".join(options["name"].split())
        longest = Organisation._meta.get_field("name").max_length or 0
        if not name or len(name) > longest:
            raise CommandError(f"donnez un nom d’au plus {longest} caractères.")
        sender = options["sender_email"] or _default_sender()
        if options["sender_email"]:
            try:
                validate_email(sender)
            except ValidationError as error:
                raise CommandError(f"« {sender} » n’est pas une adresse électronique.") from error
        organisation = create_organisation(
            name=name,
            legal_name=options["legal_name"],
            postal_address=options["postal_address"],
            sender_email=sender,
            now=timezone.now(),
        )
        self.stdout.write(f"Organisation « {organisation.name} » créée ({organisation.slug}).")
        if not (options["postal_address"] and options["sender_email"]):
            self.stdout.write(
                f"Ses courriels partent de {sender} ; complétez ses adresses dans ses réglages."
            )
        self.stdout.write(
            f"Ensuite : levier createuser ADRESSE --organisation {organisation.slug} --role owner"
        )


def _default_sender() -> str:
    host = urlsplit(settings.BASE_URL).hostname or ""
    return f"petitions@{host if any(c.isalpha() for c in host) else 'localhost'}"
