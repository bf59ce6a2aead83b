"""Django's management commands, as `levier` runs them."""

import sys
from collections.abc import Sequence

import django
from django.core.management import ManagementUtility, get_commands
from django.db import OperationalError


def run(arguments: Sequence[str]) -> int:
    """Run a management command; returns its exit code."""
    django.setup()
    if arguments[0] != "help" and arguments[0] not in get_commands():
        print(
            f"levier : la commande « {arguments[0]} » n’existe pas. "
            "« levier --help » donne la liste.",
            file=sys.stderr,
        )
        return 2
    try:
        ManagementUtility(["levier", *arguments]).execute()
    except OperationalError as error:
        print(f"levier : la base ne répond pas. {str(error).strip()}", file=sys.stderr)
        print("levier : « levier doctor » dit ce qui ne va pas.", file=sys.stderr)
        return 1
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0
