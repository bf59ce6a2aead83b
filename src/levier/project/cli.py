"""The `levier` command: our own commands, and every management command of Django's."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module

from levier.project.environment import Environment, WrongEnvironment, read_environment
from levier.project.postgres.errors import PostgresCannotRun
from levier.project.postgres.server import EmbeddedPostgres

SETTINGS = "levier.project.settings"
BEHIND = 10  # niceness of background work: a visitor is always served first

#: Long-lived processes: what each runs, and whether it needs a database already there.
PROCESSES = {
    "up": ("levier.project.up:main", False),
    "demo": ("levier.project.up:demo", False),
    "web": ("levier.project.web:main", True),
    "worker": ("levier.project.worker:main", True),
    # Started by `demo` only.
    "demo-mailbox": ("levier.project.sink:main", True),
}
WITHOUT_DATABASE = {
    *("check", "collectstatic", "compilemessages", "diffsettings", "doctor", "findstatic"),
    *("makemessages", "makeplurals"),
}
HELP = """\
Levier : de la signature à la décision.

  levier up                        démarre tout : base, site et tâches de fond
  levier demo                      de même, avec une campagne de démonstration
  levier web                       le site seul
  levier worker                    les tâches de fond seules
  levier migrate                   met la base à jour
  levier createorganisation NOM    crée une organisation
  levier createuser ADRESSE        crée un compte (--organisation …, --role …)
  levier rebuildsearch             refait la recherche des soutiens à partir des données
  levier switch                    montre, active ou désactive un interrupteur
  levier import FICHIER            reprend des signatures ou des soutiens d’un fichier
  levier export FICHIER            emporte des signatures ou des soutiens dans un fichier
  levier doctor                    dit ce qui manque ou ne va pas, et comment y remédier
  levier COMMANDE --help           les options d’une commande

Les commandes de Django répondent aussi (levier shell, levier dbshell…).
Les réglages se donnent par l’environnement ; docs/env.md les décrit tous.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (2: the environment or the machine is at fault)."""
    command, *rest = [*(sys.argv[1:] if arguments is None else arguments)] or ["--help"]
    if command in {"--help", "-h"} or [command, *rest] == ["help"]:
        print(HELP, end="")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        return _run(command, rest, read_environment())
    except WrongEnvironment as error:
        return _refuse(f"réglage incorrect. {error}")
    except PostgresCannotRun as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 130


def _refuse(reason: str) -> int:
    print(f"levier : {reason}", file=sys.stderr)
    return 2


def _run(command: str, rest: list[str], environment: Environment) -> int:
    target, with_database = PROCESSES.get(
        command, ("levier.project.django_command:run", command not in WITHOUT_DATABASE)
    )
    needs_server = with_database and not environment.database_url and "--help" not in rest
    server = EmbeddedPostgres(environment.data).joined() if needs_server else nullcontext()
    if command == "worker":
        os.nice(BEHIND)
    module, _, function = target.partition(":")
    with server:  # Django and the rest are loaded by those who need them only
        code = getattr(import_module(module), function)(
            *([] if command in PROCESSES else [[command, *rest]])
        )
    return int(code or 0)


if __name__ == "__main__":
    sys.exit(main())
