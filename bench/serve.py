"""`python -m bench.serve module:application PORT`: served exactly as `levier web` serves."""

import sys

from granian import Granian
from granian.constants import Interfaces, Loops

if __name__ == "__main__":
    Granian(
        sys.argv[1],
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        backlog=2048,
        websockets=False,
        log_access=False,
        log_enabled=False,
    ).serve()
