"""Listing many sources and fetching what they list, all at once: each host at its own pace, results as they arrive."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from domain.model import Capture, Failure, Item, Outcome

L = TypeVar("L")
Result = Capture | Failure
MOST_AT_ONCE = 400  # fetches under way over all hosts
SETTLED = 0.5  # seconds without another listing, after which those that came are gone through
LONGEST = 2.0  # seconds after which they are in any case


class Intake(Generic[L]):
    """The sources and items of a pass on their way in.

    Every host has a queue and ``per_host`` workers of its own, so that one that hangs holds up nobody else. Listings
    that come shortly after one another are handed to ``choose`` together and in the order of ``listings``, so that it
    does not depend on chance which of two sources an article is taken from; it returns the items to fetch.

    Work goes on only while ``take`` waits for it: what has arrived and was not taken is never much more than one call
    asks for. After ``seconds`` the items that were not reached are given back as DEFERRED.
    """

    def __init__(
        self,
        listings: Sequence[Callable[[], Awaitable[L]]],
        choose: Callable[[Sequence[L]], Sequence[Item]],
        fetch: Callable[[Item], Awaitable[Result]],
        *,
        per_host: int,
        seconds: float,
    ) -> None:
        self._listings = listings
        self._choose = choose
        self._fetch = fetch
        self._per_host = per_host
        self._seconds = seconds
        self._unlisted = len(listings)
        self._listed: list[tuple[int, L]] = []
        self._look_at = 0.0  # when the listings that came are gone through
        self._first_at = 0.0
        self._left = 0  # items that were chosen and not taken
        self._arrived: deque[Result] = deque()
        self._queues: dict[str, deque[Item]] = {}
        self._workers: dict[str, int] = {}
        self._underway: dict[int, Item] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._deadline: float | None = None
        self._error: BaseException | None = None
        self.chosen = 0  # items so far

    @property
    def done(self) -> bool:
        """Whether everything has been taken."""
        return not (self._unlisted or self._listed or self._left)

    async def take(self, most: int) -> list[Result]:
        """The next results, ``most`` of them while so many are to come; fewer only at the end."""
        loop = asyncio.get_running_loop()
        if self._deadline is None:
            self._deadline = loop.time() + self._seconds
            for position, listing in enumerate(self._listings):
                self._start(self._list(position, listing))
        while len(self._arrived) < most and not self._is_idle():
            self._news.clear()
            wait_until = self._look_at if self._listed else self._deadline
            try:
                async with asyncio.timeout_at(max(wait_until, loop.time())):
                    await self._news.wait()
            except TimeoutError:
                if not self._listed:
                    await self._give_up()
            if self._error is not None:
                raise self._error
            self._go_through(loop.time())
        return self.ready(most)

    def ready(self, most: int | None = None) -> list[Result]:
        """What has arrived already, without waiting."""
        n = len(self._arrived) if most is None else min(most, len(self._arrived))
        self._left -= n
        return [self._arrived.popleft() for _ in range(n)]

    async def close(self) -> None:
        """Stop all that is still under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_idle(self) -> bool:
        return not self._unlisted and not self._listed and self._left <= len(self._arrived)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        """An error that is nobody's failure (a full disk, a mistake of ours) ends the pass: ``take`` raises it."""
        try:
            await work
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - handed on by take
            self._error = error
        self._news.set()

    async def _list(self, position: int, listing: Callable[[], Awaitable[L]]) -> None:
        listed = await listing()
        now = asyncio.get_running_loop().time()
        if not self._listed:
            self._first_at = now
        self._listed.append((position, listed))
        self._unlisted -= 1
        self._look_at = min(now + SETTLED, self._first_at + LONGEST)

    def _go_through(self, now: float) -> None:
        if not self._listed or (self._unlisted and now < self._look_at):
            return
        listed = [one for _, one in sorted(self._listed, key=lambda pair: pair[0])]
        self._listed.clear()
        items = self._choose(listed)
        self.chosen += len(items)
        self._left += len(items)
        for item in items:
            host = urlsplit(item.address).netloc.lower()
            queue = self._queues.setdefault(host, deque())
            queue.append(item)
            if self._workers.get(host, 0) < min(self._per_host, len(queue)):
                self._workers[host] = self._workers.get(host, 0) + 1
                self._start(self._work(host, queue))

    async def _work(self, host: str, queue: deque[Item]) -> None:
        try:
            while queue:
                item = queue.popleft()
                self._underway[id(item)] = item
                async with self._places:
                    result = await self._fetch(item)
                del self._underway[id(item)]
                self._arrived.append(result)
                self._news.set()
        finally:
            self._workers[host] -= 1

    async def _give_up(self) -> None:
        """Give back what was not reached, so that every item has an outcome; listings have deadlines of their own."""
        for queue in self._queues.values():
            self._defer(queue)
            queue.clear()
        late = dict(self._underway)
        if late and not self._unlisted:
            await self.close()
            self._defer(late.values())
            self._underway.clear()
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + SETTLED  # another look, where listings or fetches are still ending

    def _defer(self, items: Iterable[Item]) -> None:
        detail = f"not reached within the {self._seconds:g} s of a pass; the next one goes on with it"
        for item in items:
            self._arrived.append(Failure(item, Outcome.DEFERRED, detail))
