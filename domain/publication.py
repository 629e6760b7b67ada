"""Reads times of publication as pages and listings write them, and chooses among several of them.

A day is never made an instant: what carries no zone or stands at exactly midnight is a day written as a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from domain.model import Published

EARLIEST = date(
    1990, 1, 1
)  # no news page is older; earlier dates are defaults of software (1970, 1900, 0001)
AHEAD = timedelta(
    days=2
)  # a page may be dated tomorrow in its zone; later dates are wrong, or those of an event
_SAME = timedelta(days=1)  # how far two sources of one date may lie apart, by their zones

_ISO = re.compile(
    r"^\s*(\d{4})[-/](\d{2})[-/](\d{2})"
    r"(?:[T ]\s*(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)


def read_published(text: str, basis: str) -> Published | None:
    """Reads a date or time in ISO 8601 (or nearly) or RFC 2822; None if it is neither or no real date."""
    match = _ISO.match(text)
    if match is None:
        return _read_rfc2822(text, basis)
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        noon = datetime(int(year), int(month), int(day), 12, tzinfo=UTC)
        if hour is None or zone is None:
            return Published(noon, "day", basis)
        at = noon.replace(
            hour=int(hour), minute=int(minute), second=int(second or 0), tzinfo=_read_zone(zone)
        )
    except ValueError:
        return None
    return _from_instant(at, basis)


def choose_published(candidates: Sequence[Published | None], seen_at: datetime) -> Published | None:
    """The best of several dates of one article, the most trusted first.

    The first that is possible decides the day (not before 1990, at most two days after ``seen_at``). If it is only a
    day, the first exact instant of about that day takes its place.
    """
    possible = [p for p in candidates if p and EARLIEST <= p.day <= (seen_at + AHEAD).date()]
    if not possible:
        return None
    first = possible[0]
    exact = (p for p in possible if p.precision == "instant" and abs(p.day - first.day) <= _SAME)
    return next(exact, first)


def _read_rfc2822(text: str, basis: str) -> Published | None:
    try:
        at = parsedate_to_datetime(text)
    except (
        ValueError,
        IndexError,
        TypeError,
        OverflowError,
    ):  # what the standard library raises for other text
        return None
    if at.tzinfo is None:
        return Published(at.replace(hour=12, minute=0, second=0, tzinfo=UTC), "day", basis)
    return _from_instant(at, basis)


def _from_instant(at: datetime, basis: str) -> Published:
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return Published(at.replace(hour=12), "day", basis)
    return Published(at, "instant", basis)


def _read_zone(zone: str) -> timezone:
    if zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)
