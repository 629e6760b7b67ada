"""Reading the dates of listings with their own offset: the day in the outlet's zone must not be lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from domain.model import Published

_EARLIEST_YEAR = 1990
_FUTURE = timedelta(days=2)  # clocks and zones of publishers are off by hours, not by more
_LONGEST = 80  # characters; no date needs more
_NOON = time(12)

# Zone names that feeds use and that Python's mail reader does not know, in hours. Left out are names that
# stand for several zones (IST, CST outside of mail, ...): such a date counts as one without a zone.
_ZONES = {
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "MSK": 3,
}
_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

_ZONE_NAME = re.compile(r"(?<=[\d\s])([A-Z]{3,4})$")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_MAIL_DAY = re.compile(r"(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})")


def read_published(text: str, zone: tzinfo | None = None, basis: str = "listing") -> Published | None:
    """Read a date as feeds and files give it; None for what is no date.

    Understood are RFC 822 (RSS), ISO 8601 (Atom, W3C) and day.month.year, with or without a time. A time
    with an offset gives an instant in that offset. A time without one is taken in ``zone`` if given;
    otherwise only its day is known, as it is for a date without a time: precision ``day``, noon (UTC, or in
    ``zone``).
    """
    text = " ".join(text[: _LONGEST + 1].split())
    if not text or len(text) > _LONGEST:
        return None
    try:
        found = _read(text)
    except (ValueError, OverflowError):
        return None
    return None if found is None else publish(found, zone, basis)


def publish(found: date | datetime, zone: tzinfo | None = None, basis: str = "listing") -> Published | None:
    """A day, or a time with or without a zone, as ``Published`` (rules as in ``read_published``).

    None for times at the ends of the calendar, which cannot be moved into other zones.
    """
    if not 2 < found.year < 9998:
        return None
    if isinstance(found, datetime):
        if found.tzinfo is not None:
            return Published(found, "instant", basis)
        if zone is not None:
            return Published(found.replace(tzinfo=zone), "instant", basis)
        found = found.date()
    return Published(datetime.combine(found, _NOON, tzinfo=zone or UTC), "day", basis)


def is_plausible(published: Published, now: datetime) -> bool:
    """Whether an article can have been published then: from 1990 on and at most two days after ``now``."""
    return published.at.year >= _EARLIEST_YEAR and published.at <= now + _FUTURE


def _read(text: str) -> date | datetime | None:
    if re.match(r"\d{4}", text):
        return _read_iso(text)
    if match := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in match.groups()[:3])
        if match[4] is None:
            return date(year, month, day)
        return datetime(year, month, day, int(match[4]), int(match[5]), int(match[6] or 0))  # noqa: DTZ001
    if match := _MAIL_DAY.fullmatch(text):
        number = _MONTHS.get(match[2].lower())
        return None if number is None else date(int(match[3]), number, int(match[1]))
    return _read_mail(text)


def _read_iso(text: str) -> date | datetime | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", text):
        return date.fromisoformat(text)
    if not re.match(r"\d{4}-?\d{2}-?\d{2}[T ]\d", text):
        return None  # a year or a month alone is no day
    # ISO knows no blank before the offset and no zone names, but publishers do.
    plain = re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", re.sub(r"\s*(?:UTC|GMT)$", "Z", text))
    return datetime.fromisoformat(plain)


def _read_mail(text: str) -> datetime:
    name = _ZONE_NAME.search(text)
    hours = _ZONES.get(name[1]) if name else None
    if name and hours is not None:
        found = parsedate_to_datetime(text[: name.start()] + "+0000")
        return found.replace(tzinfo=timezone(timedelta(hours=hours)))
    # "-0000" is how mail says "time in UTC, zone unknown"; feeds that write it mean UTC.
    found = parsedate_to_datetime(re.sub(r"-0000$", "+0000", text))
    return found
