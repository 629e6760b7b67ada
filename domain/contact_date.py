"""The day of a contact: the one that its words give, or else what the words around and the publication imply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.dates import resolve
from domain.layout import Layout, is_about_others
from domain.mentions import Mention
from domain.model import NO_DATE, Basis, DateSpan, Kind, Precision, Published, Role, Status
from domain.news import LEAD_REACH
from domain.pattern_set import PatternSet

_NEARBY_DAYS = 2  # a day of the lead that lies farther back is not taken for that of the contact
_AHEAD_DAYS = 30  # nor one that lies farther ahead
_COUNTED_REACH = 2  # sentences back to the day from which "the next day" is counted
_OFF_DAYS = 120  # but what is called off may have been planned for later
_EVENING = 16  # the hour before which an evening is still to come
_EVENING_WORDS = frozenset(
    "soir soirée evening tonight вечером вечер вечора увечері ввечері abend stasera sera noche tarde akşam".split()  # noqa: SIM905
)
_SET_DAYS = 60  # a day that far back sets a tale of the past
_FAR_DAYS = 240  # a month that far ahead would be named with its year
_SMALL_HOURS = 10  # presidents do not call each other earlier: news published before is of the day before


class ContactDater:
    """Dates the contacts of one article; without a publication only full calendar days are believed."""

    def __init__(self, layout: Layout, published: Published | None) -> None:
        self.layout, self.published = layout, published
        self.day = published.day if published else None

    def span(self, group: Sequence[Mention], role: Role, status: Status) -> DateSpan:
        """The day or period of the contact that a group tells of; NO_DATE where nothing gives one."""
        if status is Status.DECLINED:
            return NO_DATE
        dated = [m.date for m in group if m.date.first is not None]
        if role is Role.MAIN and status is Status.OCCURRED and self.day is not None:
            # "for the first time this year" says nothing of the day of today's news
            dated = [d for d in dated if d.precision is not Precision.YEAR or not _covers(d, self.day)]
        if status is Status.PROPOSED:
            dated = [d for d in dated if d.last and self.day and d.last > self.day]
            dated = [d for d in dated if d.precision in (Precision.DAY, Precision.MONTH)]
        if status in (Status.PLANNED, Status.PROPOSED) and self.day:
            # "the talk begun at the end of May": a month without a year that has just ended is none to come
            dated = [d for d in dated if d.precision is not Precision.MONTH or not self._is_far(d)]
        if status is Status.PLANNED and self.day:
            dated = [d for d in dated if d.first and d.first > self.day] or dated
        fine = [d for d in dated if d.precision is Precision.DAY] or dated
        if fine:
            return fine[0]
        counted = self._day_counted(group[0], future=status in (Status.PLANNED, Status.PROPOSED))
        if counted is not None:
            return counted
        if role is Role.MAIN and status in (Status.PLANNED, Status.CANCELLED) and self.day is not None:
            return self._day_ahead(group[0], self.day, status) or NO_DATE
        if role is Role.MAIN and status is Status.OCCURRED and self.day is not None:
            if group[0].verdict.ongoing:
                return DateSpan(self.day, self.day, Precision.DAY, Basis.PUBLICATION)
            ticked = group[0].sentence.block in self.layout.items
            nearby = None if ticked else self._day_nearby(group[0], self.day)
            return nearby or self._day_of_news(self.day)
        if role is Role.MAIN and status is Status.OCCURRED:
            return self._day_of_lead() or NO_DATE
        return NO_DATE

    def _day_counted(self, m: Mention, *, future: bool) -> DateSpan | None:
        """The day that "the next day" is, counted from the last day that the sentences before name."""
        own = self.layout.lines.get(m.order)
        for expression in own.dates if own else ():
            if not expression.context or expression.since or expression.until:
                continue
            for order in range(m.order - 1, max(m.order - 1 - _COUNTED_REACH, -2), -1):
                line = self.layout.lines.get(order) if order in self.layout.running else None
                known = [resolve(e, self.day, future=future) for e in line.dates] if line else []
                days = [span.first for span in known if _is_day(span)]
                if days:
                    span = resolve(expression, self.day, future=future, after=days[-1])
                    return span if _is_day(span) else None
        return None

    def _is_far(self, span: DateSpan) -> bool:
        """Whether a month without its year, read as one to come, lies so far ahead that the last one was meant."""
        named = any(c.isdigit() for c in span.words)
        return (
            not named
            and span.first is not None
            and self.day is not None
            and (span.first - self.day).days > _FAR_DAYS
        )

    def is_this_evening(self, span: DateSpan) -> bool:
        """Whether the words name the evening of the day of publication, and that was before it."""
        at = self.published
        if at is None or at.precision != "instant" or span.first != self.day:
            return False
        before = _SMALL_HOURS <= at.at.hour < _EVENING
        return before and bool(_EVENING_WORDS & set(span.words.lower().split()))

    def _day_of_news(self, day: date) -> DateSpan:
        """The day of news without any: that of publication; in the small hours that which has just ended."""
        at = self.published
        if at is not None and at.precision == "instant" and at.at.hour < _SMALL_HOURS:
            eve = day - timedelta(days=1)
            return DateSpan(eve, eve, Precision.DAY, Basis.INFERRED)
        return DateSpan(day, day, Precision.DAY, Basis.PUBLICATION)

    def _day_of_lead(self) -> DateSpan | None:
        """The one calendar day with its year that the lead of an undated article names."""
        last = max(self.layout.lead_orders, default=0)  # a line such as "Date: 1 July 2025" stands before
        days = {
            span.first: span
            for order in sorted(self.layout.lines)
            if order <= last and not is_about_others(self.layout.lines[order])
            for span in (resolve(e, None) for e in self.layout.lines[order].dates if not (e.since or e.until))
            if span.precision is Precision.DAY
        }
        return replace(next(iter(days.values())), basis=Basis.INFERRED) if len(days) == 1 else None

    def _day_ahead(self, m: Mention, published: date, status: Status) -> DateSpan | None:
        """A day to come that the title or the sentence before a plan names, for want of a better date.

        It may be the day of publication itself, where it is that of a plan which was called off, or is called today.
        Where a plan was called off, a date ("9 May") counts before a day of the week, on which it was mostly said.
        """
        off = status is Status.CANCELLED
        farthest = _OFF_DAYS if off else _AHEAD_DAYS
        before = (m.order - 1, m.order - 2) if off else (m.order - 1,)
        orders = [o for o in (*before, *sorted(self.layout.title)) if o in self.layout.running]
        named = [
            expression
            for order in orders
            for expression in (self.layout.lines[order].dates if order in self.layout.lines else ())
            if not (expression.since or expression.until or expression.context)
        ]
        if off:
            named.sort(key=lambda expression: expression.weekday is not None)
        for expression in named:
            for future in (False, True) if off else (True,):
                span = resolve(expression, published, future=future)
                today = off or span.basis is Basis.RELATIVE
                if _is_day(span) and span.first and -today < (span.first - published).days <= farthest:
                    return replace(span, basis=Basis.INFERRED)
        return None

    def _day_nearby(self, m: Mention, published: date) -> DateSpan | None:
        """A day of the last few that the lead or the sentence behind names, for want of a better date."""
        own = self.layout.lines.get(m.order)
        begun = [resolve(e, published) for e in own.dates if e.since and not e.until] if own else []
        for span in begun:  # "since Monday the two have been talking"
            if span.precision is Precision.DAY and span.first and 0 <= (published - span.first).days <= 1:
                return replace(span, basis=Basis.INFERRED)
        orders = (*range(LEAD_REACH), m.order - 1, m.order + 1)
        if m.kind is Kind.MESSAGE:  # what stands farther down is mostly its occasion
            orders = (0, 1, 2, m.order + 1)
        for order in orders:
            line = self.layout.lines.get(order) if order in self.layout.running else None
            if line is None or (order not in self.layout.title and is_about_others(line)):
                continue
            named = (e for e in line.dates if not (e.since or e.until or e.context))
            days = {span.first: span for span in (resolve(e, published) for e in named) if _is_day(span)}
            if len(days) > 1 and order not in (0, m.order - 1):
                continue  # "on Monday and Tuesday he is in Belgrade": of several days none is that of the news
            near = [d for d in days if d and 0 <= (published - d).days <= _NEARBY_DAYS]
            if near:
                return replace(days[near[0]], basis=Basis.INFERRED)
        return None


def _is_day(span: DateSpan) -> bool:
    return span.precision is Precision.DAY and span.first is not None


def _covers(span: DateSpan, day: date) -> bool:
    return span.first is not None and span.last is not None and span.first <= day <= span.last


def with_days_added(
    mentions: Sequence[Mention], layout: Layout, itwas: PatternSet, day: date | None
) -> list[Mention]:
    """The mentions, those without a date with the day that a sentence behind adds ("A called. That was on Monday.").

    ``itwas``: how such a sentence opens.
    """
    out = []
    for m in mentions:
        undated = m.date.first is None and m.verdict.status in (Status.OCCURRED, Status.CANCELLED)
        added = _day_added(m.order, layout, itwas, day) if undated else NO_DATE
        if undated and added.first is None and m.verdict.status is Status.OCCURRED and not m.date.words:
            added = _day_set(m, layout, day)
        out.append(replace(m, date=added) if added.first is not None else m)
    return out


def _day_set(m: Mention, layout: Layout, day: date | None) -> DateSpan:
    """The time of the past that the sentence before sets ("Back to the summer of 2019. A received B at ...")."""
    before = layout.lines.get(m.order - 1) if m.sentence.position and m.order - 1 in layout.running else None
    if day is None or before is None or len(before.dates) != 1 or layout.in_lead(m.sentence):
        return NO_DATE
    span = resolve(before.dates[0], day)
    past = span.last is not None and span.last < day - timedelta(days=_SET_DAYS)
    return replace(span, words="", basis=Basis.INFERRED) if past else NO_DATE


def _day_added(order: int, layout: Layout, itwas: PatternSet, day: date | None) -> DateSpan:
    for behind in (order + 1, order + 2):
        line = layout.lines.get(behind) if behind in layout.running else None
        if line is not None and line.dates and itwas.match(line.line.removeprefix('" ')):
            return resolve(line.dates[0], day)
    return NO_DATE
