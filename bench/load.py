"""wrk, and what it says."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import uuid4

CONNECTIONS = 64
HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came of one load."""

    requests: int
    seconds: float
    refused: int  # any status but a success
    broken: int  # connections
    p50: float  # milliseconds
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def need_wrk() -> None:
    """Stop, saying how to mend, when wrk is missing."""
    if shutil.which("wrk") is None:
        sys.exit("bench : « wrk » manque. Installez-le (apt-get install wrk), puis relancez.")


def storm(base: str, path: str, seconds: float) -> Load:
    """Sign as fast as 64 connections allow."""
    return _wrk("storm.lua", base, seconds, path, uuid4().hex[:12])


def read(address: str, seconds: float, encoding: str = "br") -> Load:
    """Read one address as fast as 64 connections allow."""
    return _wrk("read.lua", address, seconds, encoding)


def middle(loads: list[Load]) -> Load:
    """The load of median rate, with the worst of what must not happen."""
    chosen = min(loads, key=lambda load: abs(load.rate - median(load.rate for load in loads)))
    return Load(
        requests=sum(load.requests for load in loads),
        seconds=sum(load.requests for load in loads) / chosen.rate,
        refused=sum(load.refused for load in loads),
        broken=sum(load.broken for load in loads),
        p50=median(load.p50 for load in loads),
        p95=median(load.p95 for load in loads),
        p99=median(load.p99 for load in loads),
    )


@contextmanager
def reading(address: str, seconds: float, rate: int) -> Iterator[list[Load]]:
    """Meanwhile, somebody reads one address so many times a second. What came of it is in the
    list once it is over."""
    command = _command("paced.lua", address, seconds, str(rate))
    told: list[Load] = []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield told
    finally:
        said, _ = process.communicate()
        told.append(_said(said))


def _wrk(script: str, address: str, seconds: float, *arguments: str) -> Load:
    command = _command(script, address, seconds, *arguments)
    return _said(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _command(script: str, address: str, seconds: float, *arguments: str) -> list[str]:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(HERE / script)]
    return [*command, address, "--", *arguments]


def _said(told: str) -> Load:
    line = next(line for line in told.splitlines() if line.startswith("RESULT"))
    requests, micros, refused, broken, p50, p95, p99 = (float(x) for x in line.split()[1:])
    return Load(
        requests=int(requests),
        seconds=micros / 1e6,
        refused=int(refused),
        broken=int(broken),
        p50=p50,
        p95=p95,
        p99=p99,
    )
