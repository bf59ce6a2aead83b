"""The web process: Granian in front of `levier.project.asgi`."""

import signal
import sys

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from levier.project.environment import read_environment

TARGET = "levier.project.asgi:application"
LAST_REQUESTS = 6  # seconds left to requests under way when stopping


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 when a server process was lost."""
    environment = read_environment()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    server = Granian(
        TARGET,
        address=environment.bind,
        port=environment.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=environment.web_workers,
        backlog=2048,
        websockets=False,
        log_access=False,  # addresses may hold a secret, and everyone's IP is in it
        log_level=LogLevels.warning,
        workers_kill_timeout=LAST_REQUESTS,
    )
    try:
        server.serve()
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
