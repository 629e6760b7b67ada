"""How hard one server is asked, and how long one fetch may take."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """The seconds that one fetch has left, over all its exchanges and waits."""

    left: float


class Lane:
    """The queue of one host: so many requests at a time (``places``), so many a second (0: no limit)."""

    def __init__(self, concurrency: int, per_second: float) -> None:
        self.places = asyncio.Semaphore(concurrency)
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0

    def slow_down(self, gap_seconds: float) -> None:
        """Leave at least so many seconds between two requests from now on."""
        self._gap = max(self._gap, gap_seconds)

    async def wait_turn(self) -> None:
        """Wait until the next request may start; turns are given out in the order of asking."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next)
        self._next = turn + self._gap
        if turn > now:
            await asyncio.sleep(turn - now)
