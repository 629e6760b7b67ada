"""What dates in a text are made of: expressions, the words of a language, the numeric dates of all languages.

`domain.date_compiler` makes them from the files in ``domain/language``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.model import Basis


class DateLexiconError(ValueError):
    """A date lexicon that cannot be used; the message names the file and the key, and says what is wrong."""


class Reading(StrEnum):
    """How the words of a form are to be understood."""

    DATE = "date"  # a calendar day, with or without a year
    RANGE = "range"  # from one calendar day (or month) to another
    MONTH = "month"
    YEAR = "year"
    SEASON = "season"  # last summer, in the summer of 2019
    MONTHDAY = "monthday"  # a day of the month the text speaks of: on the 28th
    WEEKDAY = "weekday"
    DAY = "day"  # a fixed number of days from today: yesterday
    SHIFT = "shift"  # so many units from today: two weeks ago
    PERIOD = "period"  # the unit so many units from now: last week
    WEEKEND = "weekend"  # Saturday and Sunday of a week
    VAGUE = "vague"  # a cue that fixes no day: in the coming days


class Unit(StrEnum):
    """The units of shifts and periods."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date as the words give it, not yet resolved; ``sentence[start:end] == words``.

    ``since``: the words bound a span of time from below ("since 2022"), ``until``: from above ("before
    Monday"); neither is the date of anything told in the sentence. Fields the words do not give are None or
    empty.
    """

    start: int
    end: int
    words: str
    reading: Reading
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_year: int | None = None  # the end of a range
    last_month: int | None = None
    last_day: int | None = None
    weekday: int | None = None  # 0 is Monday
    season: int | None = None  # an index in SEASONS
    unit: Unit | None = None
    offset: int | None = None  # days (reading "day") or units (readings "shift", "period", "weekend")
    part: str = ""  # one of PARTS
    side: str = ""  # "last", "next" or ""
    week: int | None = None  # the week of a weekday, relative to the anchor's
    years: int | None = None  # the year of a date without one, relative to the anchor's
    same_year: bool = False  # in the year the text spoke of
    context: bool = False  # counted from a day the text spoke of
    since: bool = False
    until: bool = False

    @property
    def basis(self) -> Basis:
        """What a span resolved from these words rests on."""
        if self.reading is Reading.WEEKDAY:
            return Basis.WEEKDAY
        if self.reading in (Reading.DAY, Reading.SHIFT, Reading.PERIOD, Reading.WEEKEND, Reading.VAGUE):
            return Basis.RELATIVE
        return Basis.EXPLICIT

    @property
    def has_year(self) -> bool:
        """True when the words name a year themselves, so that no anchor is needed."""
        return self.year is not None or self.last_year is not None


@dataclass(frozen=True, slots=True)
class Form:
    """One compiled form with what its file says of it.

    ``side`` is "last", "next" or "" (which weekday or month); ``offset`` counts days, or units of a period,
    from the anchor; ``years`` the year of a year-less date relative to the anchor's; ``context``: counted
    from a day the text spoke of rather than from its publication; ``same_year``: in the year the text spoke
    of; ``unless_before``: not where this is found shortly before it.
    """

    reading: Reading
    pattern: re.Pattern[str]
    needs: frozenset[str]  # slots without which the form cannot match
    words: frozenset[str] = (
        frozenset()
    )  # in small letters; without one of them it cannot match (none: unknown)
    side: str = ""
    offset: int | None = None
    years: int | None = None
    week: int | None = None
    unit: Unit | None = None
    part: str = ""
    context: bool = False
    same_year: bool = False
    unless_before: re.Pattern[str] | None = None


Table = tuple[tuple[re.Pattern[str], int], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The date words of one language, compiled."""

    name: str
    forms: tuple[Form, ...]
    values: dict[str, Table]  # slot -> its words with what they stand for
    probes: dict[str, re.Pattern[str]]  # slot -> finds whether any of its words occurs
    short_weekday: re.Pattern[str] | None  # an abbreviated weekday right before a date
    since: re.Pattern[str] | None
    until: re.Pattern[str] | None
    owner: re.Pattern[str] | None  # follows a date that says whose something is: "'s"
    since_behind: re.Pattern[str] | None = None  # the same behind a date ("10 Mart'tan beri")
    until_behind: re.Pattern[str] | None = None

    def read(self, slot: str, words: str) -> int:
        """Return the value of the words that filled a slot: a number, or an index in UNITS or PARTS."""
        if words.isdecimal():
            return int(words)
        for pattern, value in self.values[slot]:
            if pattern.fullmatch(words):
                return value
        raise DateLexiconError(f"{self.name}: no value for {words!r} in slot {slot!r}")


UNITS = tuple(Unit)
PARTS = ("early", "mid", "late", "first_half", "second_half")
SEASONS = ("spring", "summer", "autumn", "winter")


# Numeric dates, understood in every language. The day comes first except in ISO order; where only the other
# order gives a date, reading swaps them. Years of two digits need dots: "7/2/22" may be a fraction.
_Y, _M, _D = r"(?P<year>(?:19|20)[0-9]{2})", r"(?P<month>[0-3]?[0-9])", r"(?P<day>[0-3]?[0-9])"
_FREE = r"(?<![\w.,/:-])"
_NUMERIC = (
    (Reading.DATE, r"(?<![0-9.,/:-])" + _Y + r"-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])(?=$|T[0-9]|[^\w-])"),
    (Reading.DATE, _FREE + _D + r"\.\s?" + _M + r"\.\s?" + _Y + r"(?!\w)"),
    (Reading.DATE, _FREE + _D + r"(?P<mark>[/-])" + _M + r"(?P=mark)" + _Y + r"(?![\w/-])"),
    (
        Reading.DATE,
        _FREE
        + r"(?=[0-9]{2}|[0-9]\.[0-9]{2})"
        + _D
        + r"\."
        + _M
        + r"\.(?P<year>[0-9]{2})(?![\w/-]|[.,][0-9])",
    ),
    # Chinese, Japanese and Korean write no spaces between a date and its sentence.
    (
        Reading.DATE,
        rf"(?<![0-9])(?:{_Y}\s?[年년]\s?)?(?P<month>1[0-2]|0?[1-9])\s?[月월]\s?{_D}\s?[日일号號]",
    ),
    # "3日" alone is the day of this month; "3日間" is a span of three days, but "3日前往" is "on the 3rd to".
    (
        Reading.MONTHDAY,
        rf"(?<![0-9年月년월/]){_D}\s?[日일號号](?:(?=中午|前往|前[来來]|本[报報台社])|(?![0-9間间内內之前后後本中]|以[前后後内內来來上下降外]))",
    ),
    (Reading.MONTH, rf"(?<![0-9]){_Y}\s?[年년]\s?(?P<month>1[0-2]|0?[1-9])\s?[月월](?!\s?[0-9])"),
    (Reading.MONTH, r"(?<![0-9年년])(?P<month>1[0-2]|[1-9])\s?[月월](?!\s?[0-9])"),
    (Reading.YEAR, rf"(?<![0-9]){_Y}\s?[年년](?!\s?[0-9])"),
)


def numeric_forms() -> tuple[Form, ...]:
    """Return the forms that need no words of any language."""
    return tuple(Form(reading, re.compile(pattern), frozenset({"digit"})) for reading, pattern in _NUMERIC)
