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

_NEARBY_DAYS = 2  # a day of the lead that lies farther back is not taken for that of the contact
_AHEAD_DAYS = 30  # nor one that lies farther ahead
_SMALL_HOURS = 5  # news published before this hour is of the day before


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
        if status is Status.PLANNED and self.day:
            dated = [d for d in dated if d.first and d.first > self.day] or dated
        fine = [d for d in dated if d.precision is Precision.DAY] or dated
        if fine:
            return fine[0]
        if role is Role.MAIN and status in (Status.PLANNED, Status.CANCELLED) and self.day is not None:
            return self._day_ahead(group[0], self.day, status) or NO_DATE
        if role is Role.MAIN and status is Status.OCCURRED and self.day is not None:
            ticked = group[0].sentence.block in self.layout.items
            nearby = None if ticked else self._day_nearby(group[0], self.day)
            return nearby or self._day_of_news(self.day)
        if role is Role.MAIN and status is Status.OCCURRED:
            return self._day_of_lead() or NO_DATE
        return NO_DATE

    def _day_of_news(self, day: date) -> DateSpan:
        """The day of news without any: that of publication; in the small hours that which has just ended."""
        at = self.published
        if at is not None and at.precision == "instant" and at.at.hour < _SMALL_HOURS:
            eve = day - timedelta(days=1)
            return DateSpan(eve, eve, Precision.DAY, Basis.INFERRED)
        return DateSpan(day, day, Precision.DAY, Basis.PUBLICATION)

    def _day_of_lead(self) -> DateSpan | None:
        """The one calendar day with its year that the lead of an undated article names."""
        days = {
            span.first: span
            for order in sorted(self.layout.lead_orders)
            if order in self.layout.lines and not is_about_others(self.layout.lines[order])
            for span in (resolve(e, None) for e in self.layout.lines[order].dates if not (e.since or e.until))
            if span.precision is Precision.DAY
        }
        return replace(next(iter(days.values())), basis=Basis.INFERRED) if len(days) == 1 else None

    def _day_ahead(self, m: Mention, published: date, status: Status) -> DateSpan | None:
        """A day to come that the title or the sentence before a plan names, for want of a better date.

        That of a plan which was called off may be the day of publication itself.
        """
        soonest = 0 if status is Status.CANCELLED else 1
        before = (m.order - 1, m.order - 2) if status is Status.CANCELLED else (m.order - 1,)
        for order in (*before, *sorted(self.layout.title)):
            line = self.layout.lines.get(order) if order in self.layout.running else None
            for expression in line.dates if line else ():
                if expression.since or expression.until or expression.context:
                    continue
                for future in (False, True) if status is Status.CANCELLED else (True,):
                    span = resolve(expression, published, future=future)
                    fit = span.precision is Precision.DAY and span.first is not None
                    if fit and span.first and soonest <= (span.first - published).days <= _AHEAD_DAYS:
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
            if len(days) > 1 and 0 < order < m.order - 1:
                continue  # "on Monday and Tuesday he is in Belgrade": of several days none is that of the news
            near = [d for d in days if d and 0 <= (published - d).days <= _NEARBY_DAYS]
            if near:
                return replace(days[near[0]], basis=Basis.INFERRED)
        return None


def _is_day(span: DateSpan) -> bool:
    return span.precision is Precision.DAY and span.first is not None


def _covers(span: DateSpan, day: date) -> bool:
    return span.first is not None and span.last is not None and span.first <= day <= span.last
