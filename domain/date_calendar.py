"""The calendar behind date expressions: which year a date without one is in, and what months and seasons span."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from domain.date_lexicon import DateExpression
from domain.model import Precision

# An article may be stamped a day before the day it tells of (time zones, embargoes): such a date is still
# "past".
TOLERANCE_DAYS = 1
# A future date without a year may lie this far back (the text may be older than its stamp).
FUTURE_TOLERANCE_DAYS = 7
# A date without a year that lies this close ahead is meant, not the one eleven months ago.
NEAR_FUTURE_DAYS = 31

_MONTHS_OF_PART = {
    "early": (1, 4),
    "mid": (5, 8),
    "late": (9, 12),
    "first_half": (1, 6),
    "second_half": (7, 12),
}

Span = tuple[date, date, Precision]


def calendar_day(e: DateExpression, anchor: date | None, future: bool, after: date | None) -> date | None:
    if e.month is None or e.day is None:
        return None
    year = e.year if e.year is not None else _given_year(e, anchor, after)
    if year is not None:
        return date(year, e.month, e.day) if is_day(year, e.month, e.day) else None
    if e.same_year:
        return None
    if e.side:
        future, after = e.side == "next", None
    base = after or anchor
    if base is None:
        return None
    # 29 February comes every four years, with one gap of eight.
    days = [date(y, e.month, e.day) for y in _years_around(base.year) if is_day(y, e.month, e.day)]
    if after is not None:
        return min((day for day in days if day >= after), default=None)
    return _nearest(days, base, future, e)


def _nearest(days: list[date], anchor: date, future: bool, e: DateExpression) -> date | None:
    past = max((day for day in days if day <= anchor + timedelta(days=TOLERANCE_DAYS)), default=None)
    slack = -1 if e.side == "next" else FUTURE_TOLERANCE_DAYS if future else -TOLERANCE_DAYS - 1
    coming = min((day for day in days if day >= anchor - timedelta(days=slack)), default=None)
    if past is None or coming is None:
        return past or coming
    if (past.weekday() == e.weekday) != (coming.weekday() == e.weekday):
        return past if past.weekday() == e.weekday else coming
    # "Since 24 February" and "last 24 February" are past however near the next one is.
    near = not e.since and e.side != "last" and (coming - anchor).days <= NEAR_FUTURE_DAYS
    return coming if future or near else past


def _years_around(year: int) -> range:
    return range(max(1, year - 8), min(9999, year + 8) + 1)


def _given_year(e: DateExpression, anchor: date | None, after: date | None) -> int | None:
    """Return the year that "last year" or "the same year" stands for."""
    if e.years is not None and anchor is not None:
        return anchor.year + e.years
    if e.same_year and after is not None:
        return after.year
    return None


def year_of_month(e: DateExpression, anchor: date | None, future: bool, after: date | None) -> int | None:
    given = _given_year(e, anchor, after)
    if given is not None or e.same_year or e.month is None:
        return given
    if after is not None and not e.side:
        return after.year if e.month >= after.month else after.year + 1
    if anchor is None:
        return None
    if e.side == "last":
        return anchor.year if e.month < anchor.month else anchor.year - 1
    if e.side == "next":
        return anchor.year if e.month > anchor.month else anchor.year + 1
    if future:
        return anchor.year if e.month >= anchor.month else anchor.year + 1
    return anchor.year if e.month <= anchor.month else anchor.year - 1


def range_span(e: DateExpression, anchor: date | None, future: bool, after: date | None) -> Span | None:
    if e.month is None or e.last_month is None:
        return None
    crosses = e.last_month < e.month
    first_year, last_year = e.year, e.last_year
    if first_year is None and last_year is None:
        if e.day is None:
            first_year = year_of_month(e, anchor, future, after)
        else:
            start = calendar_day(e, anchor, future, after)
            first_year = start.year if start is not None else None
        if first_year is None:
            return None
    if first_year is None and last_year is not None:
        first_year = last_year - crosses
    if last_year is None and first_year is not None:
        last_year = first_year + crosses
    if first_year is None or last_year is None:
        return None
    if not (is_day(first_year, e.month, e.day or 1) and is_day(last_year, e.last_month, e.last_day or 1)):
        return None
    first = date(first_year, e.month, e.day or 1)
    last = date(last_year, e.last_month, e.last_day or monthrange(last_year, e.last_month)[1])
    if last < first:
        return None
    return first, last, _precision(first, last)


def season_span(
    e: DateExpression, season: int, anchor: date | None, future: bool, after: date | None
) -> Span | None:
    """Return the three months of a season in the northern half of the world; a winter is named by its first year.

    No precision stands for a quarter: the interval is exact, the precision is that of its year.
    """
    year = e.year if e.year is not None else _given_year(e, anchor, after)
    if year is not None:
        return _months_of_season(year, season) if year < MAXYEAR else None
    base = anchor if e.side or after is None else after
    if base is None or not MINYEAR < base.year < MAXYEAR - 1:
        return None
    spans = [_months_of_season(y, season) for y in range(base.year - 1, base.year + 2)]
    if e.side == "last":
        return max(s for s in spans if s[1] < base)
    if e.side == "next":
        return min(s for s in spans if s[0] > base)
    if future or base is not anchor:
        return min(s for s in spans if s[1] >= base)
    return max(s for s in spans if s[0] <= base)


def _months_of_season(year: int, season: int) -> Span:
    first, last = 3 * season + 3, 3 * season + 5
    last_year, last = (year, last) if last <= 12 else (year + 1, last - 12)
    return date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1]), Precision.YEAR


def day_of_month(day: int, anchor: date | None, future: bool, after: date | None) -> Span | None:
    """Return the last such day up to the anchor; or the first after it, if the clause speaks of the future."""
    base = after or anchor
    if base is None or not MINYEAR < base.year < MAXYEAR:
        return None
    months = [base.year * 12 + base.month - 1 + shift for shift in (-2, -1, 0, 1, 2)]
    days = [date(m // 12, m % 12 + 1, day) for m in months if is_day(m // 12, m % 12 + 1, day)]
    if future or after is not None:
        found = min(d for d in days if d >= base)
    else:
        found = max(d for d in days if d <= base + timedelta(days=TOLERANCE_DAYS))
    return found, found, Precision.DAY


def _precision(first: date, last: date) -> Precision:
    days = (last - first).days + 1
    if days <= 7:
        return Precision.DAY if days == 1 else Precision.WEEK
    return Precision.MONTH if days <= 31 else Precision.YEAR


def month_span(year: int, month: int, part: str) -> Span | None:
    if not 1 <= year <= 9999:
        return None
    end = monthrange(year, month)[1]
    first, last = _days_of_part(part, end)
    return date(year, month, first), date(year, month, last), Precision.MONTH


def _days_of_part(part: str, end: int) -> tuple[int, int]:
    parts = {
        "early": (1, 10),
        "mid": (11, 20),
        "late": (21, end),
        "first_half": (1, 15),
        "second_half": (16, end),
    }
    return parts.get(part, (1, end))


def year_span(year: int, part: str) -> Span | None:
    """Return a year, or the part of it that "early" (a third) or "the first half" stands for."""
    if not 1 <= year <= 9999:
        return None
    first, last = _MONTHS_OF_PART.get(part, (1, 12))
    return date(year, first, 1), date(year, last, monthrange(year, last)[1]), Precision.YEAR


def is_day(year: int | None, month: int | None, day: int) -> bool:
    """Tell whether there is such a day; without a year 29 February is one."""
    if month is None or not 1 <= month <= 12 or day < 1:
        return False
    return day <= monthrange(year if year is not None else 2000, month)[1]
