"""From mentions to contacts: the same contact told several times in one article becomes one."""

from __future__ import annotations

from dataclasses import replace

from domain.bind import IMPLICIT
from domain.mentions import Mention, kinds_agree
from domain.model import NO_DATE, Basis, Contact, Kind, Role, Status
from domain.news import News
from domain.summary import Summary, kind_of, overlap

_PENDING = frozenset({Status.PLANNED, Status.PROPOSED})
_WEEK = 7
_UNHELD = frozenset({Status.PROPOSED, Status.DECLINED})


def merge_mentions(news: News, summary: Summary) -> tuple[Contact, ...]:
    """The contacts of an article, the main one first."""
    return _Merger(news, summary).contacts()


class _Merger:
    def __init__(self, news: News, summary: Summary) -> None:
        self.news, self.summary, self.layout = news, summary, news.layout

    def contacts(self) -> tuple[Contact, ...]:
        main = self.news.main()
        rest = [m for m in self.news.mentions if m is not main]
        out: list[Contact] = []
        if main is not None:
            group = [main]
            left: list[Mention] = []
            for mention in rest:
                if self._joins(mention, group):
                    group.append(self._without_plan(mention, main))
                else:
                    left.append(mention)
            rest = left
            out.append(self.summary.contact(group, Role.MAIN))
        for group in self._background(rest, main):
            if self._tells_nothing_new(group, main):
                continue
            self._refine(group, main)
            contact = self.summary.contact(group, Role.BACKGROUND)
            if not any(_same_contact(contact, other) for other in out):
                out.append(contact)
        return tuple(out)

    # --- grouping -------------------------------------------------------------------------------------------
    def _joins(self, m: Mention, group: list[Mention]) -> bool:
        main = group[0]
        if m.verdict.background and not self._same_day(m, group):
            return False
        if not kinds_agree(m.kind, kind_of(group)):
            return False
        if main.verdict.status in _UNHELD and m.kind is not main.kind and not self.layout.in_lead(m.sentence):
            return False
        if self.news.is_old(m):
            return False
        status = main.verdict.status
        if self._is_week_before(m, main):
            return True
        if m.verdict.status is not status and not self._plan_of(m, group):
            open_noun = m.trigger.shape == "noun" and not m.verdict.cue and m.date.first is None
            if not (open_noun and status is Status.CANCELLED and self.layout.in_lead(m.sentence)):
                return not self.news.is_solid(m)
        known = next((g.date for g in group if g.date.first), None)
        return known is None or m.date.first is None or main.verdict.moved or overlap(known, m.date)

    def _is_week_before(self, m: Mention, main: Mention) -> bool:
        """Whether a headline without a verb ("new call on Sunday") means the next Sunday, not the last."""
        bare = m.verdict.status is Status.OCCURRED and not m.verdict.cue and m.trigger.shape == "noun"
        if not bare or main.verdict.status is not Status.PLANNED or m.date.basis is not Basis.WEEKDAY:
            return False
        return bool(m.date.first and main.date.first and (main.date.first - m.date.first).days == _WEEK)

    def _without_plan(self, m: Mention, main: Mention) -> Mention:
        """A mention as it joins the news: what it says of the future is no date of what took place."""
        if self._is_week_before(m, main):
            return replace(m, date=NO_DATE)
        if main.verdict.moved and m.date.first != main.date.first:
            return replace(m, date=NO_DATE)
        ahead = self.news.day is not None and m.date.first is not None and m.date.first > self.news.day
        return replace(m, date=NO_DATE) if ahead and main.verdict.status is Status.OCCURRED else m

    def _plan_of(self, m: Mention, group: list[Mention]) -> bool:
        """Whether a pending mention tells of the same contact as the news: its plan, or it in other words."""
        if m.verdict.status not in _PENDING and not (
            group[0].verdict.moved and m.verdict.status is Status.CANCELLED
        ):
            return False
        if group[0].verdict.moved:
            return m.kind is group[0].kind or Kind.UNSPECIFIED in (m.kind, group[0].kind)
        if group[0].verdict.status is Status.OCCURRED:
            return self._same_day(m, group) or self._same_weekday(m, group)
        return group[0].verdict.status in _PENDING and m.kind is group[0].kind

    def _same_weekday(self, m: Mention, group: list[Mention]) -> bool:
        """Whether "Tuesday" was taken for the next one where the last one was meant."""
        day = next((g.date.first for g in group if g.date.first), None) or self.news.day
        if m.date.basis is not Basis.WEEKDAY or m.date.first is None or day is None:
            return False
        return 5 <= (m.date.first - day).days <= 7

    def _same_day(self, m: Mention, group: list[Mention]) -> bool:
        return any(g.date.first and m.date.first and overlap(g.date, m.date) for g in group)

    def _background(self, rest: list[Mention], main: Mention | None) -> list[list[Mention]]:
        groups: list[list[Mention]] = []
        for m in rest:
            if not self.news.is_solid(m) or self._is_said_within(m, main) or _is_vague(m):
                continue
            if self.news.is_denied(m):
                continue
            m = self._dated(m, rest)
            for group in groups:
                if (
                    group[0].verdict.status is m.verdict.status
                    and kinds_agree(m.kind, kind_of(group))
                    and all(overlap(g.date, m.date) for g in group if g.date.first and m.date.first)
                ):
                    group.append(m)
                    break
            else:
                groups.append([m])
        return groups

    def _dated(self, m: Mention, rest: list[Mention]) -> Mention:
        """A mention with the day that other words for the same contact have in its sentence."""
        if m.date.first is not None:
            return m
        beside = (
            r.date
            for r in rest
            if r.order == m.order
            and r.date.first is not None
            and kinds_agree(r.kind, m.kind)
            and r.verdict.status is m.verdict.status
        )
        return replace(m, date=next(beside, NO_DATE))

    def _refine(self, group: list[Mention], main: Mention | None) -> None:
        """Give an earlier contact of open channel the one that the words around it, or the news itself, suggest."""
        if kind_of(group) is not Kind.UNSPECIFIED or group[0].verdict.status is not Status.OCCURRED:
            return
        orders = {m.order for m in group}
        near = [
            m
            for m in self.news.mentions
            if m.tier == IMPLICIT and m.order - 1 in orders and m.kind is not Kind.UNSPECIFIED
        ]
        if near:
            group.append(replace(near[0], date=NO_DATE))
        elif main is not None and main.kind is Kind.PHONE_CALL:
            group.append(replace(group[0], kind=main.kind, trigger=main.trigger))

    def _tells_nothing_new(self, group: list[Mention], main: Mention | None) -> bool:
        """Whether what took place has no day, no other parties and no word that sets it apart from the news."""
        if main is None or not kinds_agree(kind_of(group), main.kind):
            return False
        apart = (m.date.first or m.date.words or m.verdict.background or m.others for m in group)
        return group[0].verdict.status is Status.OCCURRED and not any(apart)

    def _is_said_within(self, m: Mention, main: Mention | None) -> bool:
        """Whether congratulations without a letter were part of the call or meeting that is the news."""
        spoken = m.kind is Kind.MESSAGE and m.trigger.shape == "direct"
        return (
            spoken
            and main is not None
            and main.kind is not Kind.MESSAGE
            and main.verdict.status is Status.OCCURRED
        )


def _is_vague(m: Mention) -> bool:
    """Whether a mention speaks of dialogue as such, without a day: in passing that is no contact."""
    return m.trigger.vague and m.kind is Kind.UNSPECIFIED and m.date.first is None and not m.solid


def _same_contact(a: Contact, b: Contact) -> bool:
    return (
        kinds_agree(a.kind, b.kind)
        and a.status is b.status
        and a.date.first is not None
        and b.date.first is not None
        and overlap(a.date, b.date)
    )
