"""The worker process: jobs, thanks, senders and housekeeping, in one event loop."""

import asyncio
import sys
from importlib import import_module

import django
import uvloop

PROCESS = "levier.project.work.process"  # loaded once Django is ready


def main() -> int:
    """Work until SIGTERM or SIGINT."""
    django.setup(set_prefix=False)
    process = import_module(PROCESS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(process.work())
    return 0


if __name__ == "__main__":
    sys.exit(main())
