"""What a date expression means: a calendar interval.

What a weekday or a date without a year means depends on when the article was published and on whether its clause
speaks of the past or of the future; so reading (`domain.dates`) and resolving are two steps.
"""

from __future__ import annotations

from datetime import date, timedelta

from domain.date_calendar import (
    Span,
    calendar_day,
    day_of_month,
    month_span,
    range_span,
    season_span,
    year_of_month,
    year_span,
)
from domain.date_lexicon import DateExpression, Reading, Unit
from domain.model import Basis, DateSpan, Precision


def resolve(
    expression: DateExpression, anchor: date | None, *, future: bool = False, after: date | None = None
) -> DateSpan:
    """Return the calendar interval that an expression means.

    ``anchor`` is the day of publication in the outlet's zone; without it only words that name a year resolve.
    ``future``: the clause speaks of what is to come, so the next weekday or year-less date is meant, not the
    last. ``after``: the day (or 1 January of the year) the text speaks of: a date without a year is then the
    first one on or after it, "the same year" is its year, and "the day before" is counted from it.
    What cannot be known gives an interval without ends that keeps the words. Never raises on a found
    expression.
    """
    try:
        span = _span(expression, anchor, future, after)
    except OverflowError:  # a date outside the calendar of Python: years 1 to 9999
        span = None
    if span is None:
        return DateSpan(None, None, Precision.UNKNOWN, Basis.NONE, expression.words)
    first, last, precision = span
    return DateSpan(first, last, precision, expression.basis, expression.words)


def weekday_agrees(expression: DateExpression, span: DateSpan) -> bool | None:
    """Tell whether the weekday in the words is that of the resolved day; None where none is given."""
    if expression.weekday is None or span.first is None or span.precision is not Precision.DAY:
        return None
    return span.first.weekday() == expression.weekday


def _span(e: DateExpression, anchor: date | None, future: bool, after: date | None) -> Span | None:
    if e.reading is Reading.DATE:
        day = calendar_day(e, anchor, future, after)
        return None if day is None else (day, day, Precision.DAY)
    if e.reading is Reading.RANGE:
        return range_span(e, anchor, future, after)
    if e.reading is Reading.MONTH and e.month is not None:
        year = e.year if e.year is not None else year_of_month(e, anchor, future, after)
        return None if year is None else month_span(year, e.month, e.part)
    if e.reading is Reading.SEASON and e.season is not None:
        return season_span(e, e.season, anchor, future, after)
    if e.reading is Reading.MONTHDAY and e.day is not None:
        return day_of_month(e.day, anchor, future, after)
    if e.reading is Reading.YEAR and e.year is not None:
        return year_span(e.year, e.part)
    if e.reading is Reading.VAGUE:
        return None
    if e.context and after is not None:
        anchor = after
    elif e.context and not _counts_from_publication(e, future):
        return None
    return None if anchor is None else _relative(e, anchor, future)


def _counts_from_publication(e: DateExpression, future: bool) -> bool:
    """Tell whether "the day before" may be counted from publication for want of another day.

    News of the day uses it for yesterday, announcements "the next day" for tomorrow; longer counts ("two days
    earlier") always refer to a day told of before.
    """
    return e.reading is Reading.DAY and (e.offset == -1 or future)


def _relative(e: DateExpression, anchor: date, future: bool) -> Span | None:
    offset = e.offset or 0
    if e.reading is Reading.WEEKDAY and e.weekday is not None:
        day = _weekday(e, e.weekday, anchor, future)
        return day, day, Precision.DAY
    if e.reading is Reading.DAY:
        day = anchor + timedelta(days=offset)
        return day, day, Precision.DAY
    if e.reading is Reading.WEEKEND:
        if e.offset is None:
            # On the weekend itself it is the present one; before it, the last or the coming one.
            offset = 0 if future or anchor.weekday() >= 5 else -1
        elif e.offset < 0 and anchor.weekday() < 5:
            offset = -1
        saturday = anchor - timedelta(days=anchor.weekday()) + timedelta(days=7 * offset + 5)
        return saturday, saturday + timedelta(days=1), Precision.WEEK
    if e.unit is Unit.DAY:
        day = anchor + timedelta(days=offset)
        return day, day, Precision.DAY
    if e.unit is Unit.WEEK:
        monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=offset)
        return monday, monday + timedelta(days=6), Precision.WEEK
    if e.unit is Unit.MONTH:
        months = anchor.year * 12 + anchor.month - 1 + offset
        return month_span(months // 12, months % 12 + 1, e.part)
    if e.unit is Unit.YEAR:
        return year_span(anchor.year + offset, e.part)
    return None


def _weekday(e: DateExpression, weekday: int, anchor: date, future: bool) -> date:
    if e.week is not None:
        return anchor - timedelta(days=anchor.weekday()) + timedelta(days=7 * e.week + weekday)
    back = (anchor.weekday() - weekday) % 7
    ahead = (weekday - anchor.weekday()) % 7
    if e.side == "last":
        return anchor - timedelta(days=back or 7)
    if e.side == "next":
        return anchor + timedelta(days=ahead or 7)
    return anchor + timedelta(days=ahead) if future else anchor - timedelta(days=back)
