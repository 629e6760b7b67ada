"""How well a source can be seen: a verdict on what its last listings and items were. An outage is no quiet day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES = 3  # listings in a row, after which a source is failing rather than degraded
LEAST_ITEMS = 5  # of which a share is believed
HALF = 0.5
# New items come like the drops of rain: where so many would have been expected, none is no chance (e^-8 = 0.0003).
EXPECTED = 8.0
LEAST_SILENCE = timedelta(days=2)  # a weekend is not an outage
BLOCKING = frozenset({401, 403, 407, 429, 451})


class Health(StrEnum):
    """What an operator has to know of a source."""

    OK = "ok"
    QUIET = "quiet"  # it answers, and lists nothing new for much longer than it used to
    DEGRADED = "degraded"  # it answers, but much of what it lists comes without a text or a date
    BLOCKED = "blocked"  # it, or its pages, refuse us
    FAILING = "failing"  # it does not answer


@dataclass(frozen=True, slots=True)
class Shares:
    """Of so many items that were fetched: which share ended how."""

    items: int = 0
    refused: float = 0.0  # by status or robots.txt
    without_text: float = 0.0
    without_date: float = 0.0  # of those with a text


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the warehouse knows of one source. ``lately`` are its last items, ``before`` those of its past."""

    slug: str
    last_success_at: datetime | None
    failures_in_a_row: int
    last_error: str
    last_status: int | None  # of the last listing
    listed_items: int | None  # of the last listing that was no "not modified"
    usual_items: float  # median of such listings before
    last_new_at: datetime | None  # when it last had an item that was not known
    new_per_day: float  # over its past
    lately: Shares = Shares()
    before: Shares = Shares()


@dataclass(frozen=True, slots=True)
class Finding:
    """A state with the reason in a sentence ("" where all is well)."""

    slug: str
    state: Health
    detail: str
    facts: SourceFacts
    passing: bool = False  # too early to tell anybody: it may pass, or has never worked yet

    def to_be_told(self, told: Health) -> bool:
        """Whether operators, who were told ``told`` last, have to be told: once of trouble, once of its end."""
        if self.state is Health.OK:
            return told is not Health.OK
        return told is Health.OK and not self.passing


@dataclass(frozen=True, slots=True)
class HealthChange:
    """A state that operators have to be told, with the one that they were told before."""

    finding: Finding
    before: Health
    at: datetime


def judge(facts: SourceFacts, now: datetime) -> Finding:
    """The state of a source; the gravest that its facts allow."""
    found = _listing(facts) or _items(facts) or _silence(facts, now)
    state, detail = found if found is not None else (Health.OK, "")
    early = 0 < facts.failures_in_a_row < FAILURES or facts.last_success_at is None
    return Finding(facts.slug, state, detail, facts, passing=early)


def _listing(facts: SourceFacts) -> tuple[Health, str] | None:
    n = facts.failures_in_a_row
    if n:
        times = "" if n == 1 else f" ({n} times in a row)"
        if facts.last_status in BLOCKING or "robots.txt forbids" in facts.last_error:
            return Health.BLOCKED, f"{facts.last_error}{times}"
        failing = n >= FAILURES or facts.last_success_at is None
        return (Health.FAILING if failing else Health.DEGRADED), f"{facts.last_error}{times}"
    if facts.listed_items == 0 and facts.usual_items >= LEAST_ITEMS:
        return (
            Health.DEGRADED,
            f"lists nothing, {facts.usual_items:.0f} items as a rule: has its layout changed?",
        )
    return None


def _items(facts: SourceFacts) -> tuple[Health, str] | None:
    lately, before = facts.lately, facts.before
    if lately.items < LEAST_ITEMS:
        return None
    if lately.refused >= HALF:
        return Health.BLOCKED, f"{lately.refused:.0%} of its last {lately.items} pages refused us"
    for share, past, what in (
        (lately.without_text, before.without_text, "text"),
        (lately.without_date, before.without_date, "date"),
    ):
        if share < HALF:
            continue
        changed = before.items >= LEAST_ITEMS and past < share / 2
        why = f", {past:.0%} before: has its layout changed?" if changed else ""
        return Health.DEGRADED, f"{share:.0%} of its last {lately.items} pages came without a {what}{why}"
    return None


def _silence(facts: SourceFacts, now: datetime) -> tuple[Health, str] | None:
    if facts.last_new_at is None or facts.new_per_day <= 0:
        return None
    silent = now - facts.last_new_at
    expected = facts.new_per_day * (silent / timedelta(days=1))
    if silent < LEAST_SILENCE or expected < EXPECTED:
        return None
    days = math.floor(silent / timedelta(days=1))
    return Health.QUIET, f"nothing new for {days} days, {facts.new_per_day:.1f} items a day as a rule"
