"""Find the dates in a sentence; resolving them to calendar intervals is `resolve`'s part.

All words are data (`domain.date_lexicon`); this module has no language of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from domain.date_calendar import is_day
from domain.date_compiler import load
from domain.date_lexicon import PARTS, UNITS, DateExpression, Form, Lexicon, Reading, Unit
from domain.date_spans import resolve, weekday_agrees

__all__ = ["DateExpression", "find_dates", "resolve", "weekday_agrees"]

# A year of two digits: 00..69 are 2000..2069, 70..99 are 1970..1999 (as in POSIX, a year later).
TWO_DIGIT_PIVOT = 70


_DIGIT = re.compile(r"\d")
# What may stand between a weekday or "yesterday" and the calendar date that says the same.
_SAME_DAY_GAP = re.compile(r"[\s,(\[–—-]{1,4}")
_BOUND_WINDOW = 80
_CALENDAR = (Reading.DATE, Reading.RANGE)
# Arabic and Persian figures are read as those of the patterns.
_FIGURES = {ord(figure): ord("0") + n for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for n, figure in enumerate(row)}


@lru_cache(maxsize=1024)
def find_dates(sentence: str, language: str) -> tuple[DateExpression, ...]:
    """Return the date expressions of a sentence in order; they do not overlap.

    ``language`` is ISO 639-1; one without a lexicon yields numeric dates only. Clock times and durations are
    no dates. Raises DateLexiconError where the lexicon of the language is broken.
    """
    lexicon = load(language)
    written, sentence = sentence, sentence.translate(_FIGURES)
    lowered = sentence.lower()
    has = {slot for slot, probe in lexicon.probes.items() if probe.search(sentence)}
    if _DIGIT.search(sentence):
        has.add("digit")
    forms = _forms_for(language, frozenset(has))
    present = {word for word in forms.words if word in lowered}
    matches = [
        (form, match)
        for form in forms.forms
        if not form.words or not form.words.isdisjoint(present)
        for match in form.pattern.finditer(sentence)
        if match.end() > match.start() and not _is_vetoed(form, sentence, match.start())
    ]
    # Calendar days first ("of July 1" is no "of July"), then the longest words, then the order of the file.
    matches.sort(key=lambda pair: (pair[0].reading not in _CALENDAR, pair[1].start() - pair[1].end()))
    taken: list[DateExpression] = []
    claimed: list[tuple[int, int]] = []
    for form, match in matches:
        start, end = match.span()
        if all(end <= first or start >= last for first, last in claimed):
            # An impossible date keeps its words, lest "31 February 2020" be read as a month.
            claimed.append((start, end))
            expression = _read(form, match, lexicon)
            if expression is not None:
                taken.append(expression)
    taken.sort(key=lambda expression: expression.start)
    found = (_bounded(e, sentence, lexicon) for e in _merge(taken, sentence, lexicon))
    return tuple(replace(e, words=written[e.start : e.end]) for e in found)


class _Forms(NamedTuple):
    forms: tuple[Form, ...]
    words: frozenset[str]  # those of which a form asks for one


@cache
def _forms_for(language: str, has: frozenset[str]) -> _Forms:
    """The forms of a language that a sentence may hold in which words of just these slots stand: few sets occur."""
    forms = tuple(form for form in load(language).forms if form.needs <= has)
    return _Forms(forms, frozenset().union(*(form.words for form in forms)))


def _is_vetoed(form: Form, sentence: str, start: int) -> bool:
    return form.unless_before is not None and bool(
        form.unless_before.search(sentence[max(0, start - 80) : start])
    )


def _read(form: Form, match: re.Match[str], lexicon: Lexicon) -> DateExpression | None:
    """Return what a match says, or None where it is no possible date (the 31st of a 13th month)."""
    groups = {slot: words for slot, words in match.groupdict().items() if words is not None}
    groups.pop("mark", None)
    values = {slot: lexicon.read(slot.rstrip("2"), words) for slot, words in groups.items()}
    year, month, day = values.get("year"), values.get("month"), values.get("day")
    last_year, last_month, last_day = values.get("year2"), values.get("month2"), values.get("day2")
    if year is not None and year < 100:
        year += 2000 if year < TWO_DIGIT_PIVOT else 1900
    if form.reading is Reading.DATE and month is not None and day is not None:
        if month > 12 >= day:
            month, day = day, month  # 02/27/2022
        if not is_day(year, month, day):
            return None
    if form.reading is Reading.MONTHDAY and not 1 <= (day or 0) <= 31:
        return None
    if form.reading is Reading.RANGE:
        last_month = last_month if last_month is not None else month
        month = month if month is not None else last_month
        ends = ((year, month, day), (last_year, last_month, last_day))
        if not all(is_day(y, m, d or 1) for y, m, d in ends):
            return None
    offset = form.offset
    if form.reading is Reading.SHIFT:
        offset = values.get("n", 1) * (form.offset or 1)
    return DateExpression(
        start=match.start(),
        end=match.end(),
        words=match[0],
        reading=form.reading,
        year=year,
        month=month,
        day=day,
        last_year=last_year,
        last_month=last_month,
        last_day=last_day,
        weekday=values.get("weekday"),
        unit=UNITS[values["unit"]] if "unit" in values else form.unit,
        offset=offset,
        part=PARTS[values["part"]] if "part" in values else form.part,
        side=form.side,
        week=form.week,
        years=form.years,
        same_year=form.same_year,
        context=form.context,
        season=values.get("season"),
    )


def _merge(found: list[DateExpression], sentence: str, lexicon: Lexicon) -> Iterator[DateExpression]:
    """Make one of two expressions for the same day that stand side by side.

    Of a weekday (or "yesterday") and the calendar date behind it the latter wins, of "tomorrow" and a weekday behind
    it the former; of "four days earlier" and a weekday the latter, as it needs no other day to be counted from.
    """
    previous: DateExpression | None = None
    for current in found:
        if current.reading is Reading.DATE:
            current = _with_short_weekday(current, sentence, lexicon, previous.end if previous else 0)
            if previous is not None and _says_the_same(previous, sentence[previous.end : current.start]):
                weekday = previous.weekday if previous.weekday is not None else current.weekday
                words = sentence[previous.start : current.end]
                current = replace(current, start=previous.start, words=words, weekday=weekday)
                previous = None
        elif previous is not None and _names_weekday(previous, current, sentence):
            words = sentence[previous.start : current.end]
            meant = current if previous.context else previous
            current = replace(
                meant, start=previous.start, end=current.end, words=words, weekday=current.weekday
            )
            previous = None
        if previous is not None:
            yield previous
        previous = current
    if previous is not None:
        yield previous


def _names_weekday(first: DateExpression, second: DateExpression, sentence: str) -> bool:
    """Whether the second only names the weekday of the first ("tomorrow, Monday", "four days earlier, on Thursday")."""
    counted = first.reading is Reading.DAY or (first.reading is Reading.SHIFT and first.unit is Unit.DAY)
    if not counted or second.reading is not Reading.WEEKDAY:
        return False
    return _SAME_DAY_GAP.fullmatch(sentence[first.end : second.start]) is not None


def _says_the_same(first: DateExpression, gap: str) -> bool:
    if first.reading not in (Reading.WEEKDAY, Reading.DAY) or first.context:
        return False
    return _SAME_DAY_GAP.fullmatch(gap) is not None


def _with_short_weekday(
    expression: DateExpression, sentence: str, lexicon: Lexicon, floor: int
) -> DateExpression:
    """Take an abbreviated weekday before a date ("Mon, 7 Feb") into it; alone it is often another word."""
    if lexicon.short_weekday is None:
        return expression
    floor = max(floor, expression.start - 12)
    match = lexicon.short_weekday.search(sentence[floor : expression.start])
    if match is None:
        return expression
    start = floor + match.start()
    return replace(expression, start=start, words=sentence[start : expression.end])


def _bounded(expression: DateExpression, sentence: str, lexicon: Lexicon) -> DateExpression:
    """Mark "since ..." and "until ...": the word may belong to the form or stand before it."""
    before = sentence[max(0, expression.start - _BOUND_WINDOW) : expression.start]

    # "Before Monday's talks": what is bounded is the talks' day itself.
    of_something = lexicon.owner is not None and bool(lexicon.owner.match(sentence, expression.end))

    def bounds(pattern: re.Pattern[str] | None) -> bool:
        if pattern is None or expression.reading is Reading.RANGE or of_something:
            return False
        # "vor zwei Tagen": in a shift the word is part of the count.
        latest = len(before) - (expression.reading is Reading.SHIFT)
        found = pattern.finditer(before + expression.words)
        return any(match.start() <= latest and len(before) <= match.end() for match in found)

    def bounds_behind(pattern: re.Pattern[str] | None) -> bool:
        behind = sentence[expression.end : expression.end + _BOUND_WINDOW].lstrip()
        return pattern is not None and expression.reading is not Reading.RANGE and bool(pattern.match(behind))

    return replace(
        expression,
        since=bounds(lexicon.since) or bounds_behind(lexicon.since_behind),
        until=bounds(lexicon.until) or bounds_behind(lexicon.until_behind),
    )
