"""What a site lets robots fetch (RFC 9309): its robots.txt, asked for once a day.

The rules of a site are plain data, so that the flow can keep them between passes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import httpx
from protego import Protego

from domain.model import SiteRules

MAX_BYTES = 512_000  # RFC 9309, 2.5: a crawler has to read at least 500 KiB; the rest is left unread
KEPT = timedelta(hours=24)  # RFC 9309, 2.4
KEPT_AFTER_FAILURE = timedelta(hours=1)
_MOST_STARS = 8
_LONGEST_LINE = 2_000
LONGEST_DELAY = 60.0  # seconds between requests; sites that ask for more would never be read


class RobotsError(Exception):
    """A robots.txt that could not be had, for a reason that may pass."""


class Site:
    """The rules of one origin, read for one robot (``agent``)."""

    def __init__(self, rules: SiteRules, agent: str) -> None:
        self.rules = rules
        self._agent = agent
        self._read = Protego.parse(_tame(rules.text or ""))

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched. Nothing may be while nobody can tell; everything, without rules."""
        return self.rules.text is not None and bool(self._read.can_fetch(url, self._agent))

    @property
    def delay_seconds(self) -> float:
        """The time that the site wants between two requests, at most ``LONGEST_DELAY``."""
        asked = self._read.crawl_delay(self._agent)
        rate = self._read.request_rate(self._agent)
        spread = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return min(max(float(asked or 0.0), spread), LONGEST_DELAY)


class Robots:
    """The rules of all sites that were asked so far; every site is asked once, whoever waits for it."""

    def __init__(self, agent: str, known: Mapping[str, SiteRules], clock: Callable[[], datetime]) -> None:
        """``agent`` is the name by which sites may address us; ``known`` are rules of earlier passes."""
        self._agent = agent
        self.learned: dict[str, SiteRules] = {}  # in this pass
        self._clock = clock
        self._known = dict(known)
        self._sites: dict[str, Site] = {}
        self._waiting: dict[str, asyncio.Task[Site]] = {}

    async def site(self, url: httpx.URL, ask: Callable[[httpx.URL], Awaitable[str]]) -> Site:
        """The rules that hold for an address; ``ask`` gets the text of a robots.txt, "" where there is none.

        It raises RobotsError with the reason where nobody can tell.
        """
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        now = self._clock()
        site = self._sites.get(origin)
        if site is None and origin in self._known:
            site = self._sites[origin] = Site(self._known[origin], self._agent)
        if site is not None and _is_fresh(site.rules, now):
            return site
        task = self._waiting.get(origin)
        if task is None:
            task = asyncio.create_task(self._learn(origin, url.copy_with(raw_path=b"/robots.txt"), now, ask))
            self._waiting[origin] = task
        return await asyncio.shield(task)

    async def _learn(
        self, origin: str, address: httpx.URL, now: datetime, ask: Callable[[httpx.URL], Awaitable[str]]
    ) -> Site:
        try:
            rules = SiteRules(origin, await ask(address), "", now)
        except RobotsError as e:
            rules = SiteRules(origin, None, str(e), now)
        finally:
            self._waiting.pop(origin, None)
        self.learned[origin] = rules
        site = self._sites[origin] = Site(rules, self._agent)
        return site


def _is_fresh(rules: SiteRules, now: datetime) -> bool:
    """Whether an answer still holds; a clock that went backwards makes it stale."""
    kept = KEPT if rules.text is not None else KEPT_AFTER_FAILURE
    return timedelta(0) <= now - rules.asked_at < kept


def _tame(text: str) -> str:
    """Without lines that only an attacker writes: their patterns would be tried for minutes."""
    lines = (
        line for line in text.splitlines() if line.count("*") <= _MOST_STARS and len(line) <= _LONGEST_LINE
    )
    return "\n".join(lines)
