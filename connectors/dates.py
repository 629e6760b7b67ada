"""Reading the dates of listings with their own offset: the day in the outlet's zone must not be lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from domain.model import Published

_EARLIEST_YEAR = 1990
_FUTURE = timedelta(days=2)  # clocks and zones of publishers are off by hours, not by more
_LONGEST = 80  # characters; no date needs more
_NOON = time(12)

# Zone names that feeds use, in hours; the American ones as RFC 822 defines them. Left out are names that stand for
# several zones (IST: India, Israel, Ireland): a date with such a name counts as one without a zone.
_ZONES = {
    "Z": 0,
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

_ZONE_NAME = re.compile(r"(?<=[\d\s])([A-Z]{1,5})$")
_OFFSET = re.compile(r"\s*(?:GMT|UTC)?([+-]\d{2}):?(\d{2})$")
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
    if match := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in match.groups()[:3])
        if match[4] is None:
            return date(year, month, day)
        return datetime(year, month, day, int(match[4]), int(match[5]), int(match[6] or 0))  # noqa: DTZ001
    if match := _MAIL_DAY.fullmatch(text):
        number = _MONTHS.get(match[2].lower())
        return None if number is None else date(int(match[3]), number, int(match[1]))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", text):
        return date.fromisoformat(text)
    if re.match(r"\d{4}-?\d{2}-?\d{2}[T ]\d", text):
        return datetime.fromisoformat(_name_offset(text, blank=""))
    return parsedate_to_datetime(_name_offset(text.replace("Sept ", "Sep "), blank=" "))


def _name_offset(text: str, blank: str) -> str:
    """Write the offset at the end as digits, after ``blank``; a zone name that says too little is dropped.

    "-0000" is how mail says "UTC, zone unknown"; feeds that write it mean UTC.
    """
    if match := _OFFSET.search(text):
        sign = "+" if match[1] + match[2] == "-0000" else match[1][0]
        return f"{text[: match.start()]}{blank}{sign}{match[1][1:]}{match[2]}"
    if match := _ZONE_NAME.search(text):
        hours = _ZONES.get(match[1])
        return text[: match.start()].rstrip() + ("" if hours is None else f"{blank}{hours:+03d}00")
    return text
