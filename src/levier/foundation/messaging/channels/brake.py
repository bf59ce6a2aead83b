import asyncio
from dataclasses import dataclass

LONGEST_PAUSE = 30.0  # seconds


@dataclass
class Brake:
    """How long a route at fault is left alone: 1 s, 2 s, 4 s… up to 30 s; a success lets go."""

    failures: int = 0
    until: float = 0.0

    def press(self) -> float:
        """One more failure; returns the pause in seconds."""
        pause = min(2.0 ** min(self.failures, 10), LONGEST_PAUSE)
        self.failures += 1
        self.until = asyncio.get_running_loop().time() + pause
        return pause

    def release(self) -> None:
        """The route works."""
        self.failures, self.until = 0, 0.0

    def remaining(self) -> float:
        """Seconds still to wait."""
        return max(0.0, self.until - asyncio.get_running_loop().time())
