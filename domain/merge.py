"""From mentions to contacts: the same contact told several times in one article becomes one, with the best words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from domain.actors import Cast
from dataclasses import replace

from domain.bind import FOCUS, IMPLICIT
from domain.dates import resolve
from domain.layout import Layout
from domain.mentions import Mention, Refusal
from domain.model import NO_DATE, Basis, Contact, DateSpan, Evidence, Kind, Precision, Role, Status

OLD_DAYS = 7  # an occurred contact that lies longer before publication is no news
_FOCUS_REACH = 4
_NEARBY_DAYS = 2
_LEAD_REACH = 5  # sentences from the top, the title included
_QUOTE_LIMIT = 320
_CALLS = frozenset({Kind.PHONE_CALL, Kind.VIDEO_CALL})
_TIER_SCORE = {"strict": 4, "window": 3, "focus": 1, "implicit": 0}
_PENDING = frozenset({Status.PLANNED, Status.PROPOSED})
_UNHELD = frozenset({Status.PROPOSED, Status.DECLINED})


def merge_mentions(
    mentions: list[Mention], refusals: list[Refusal], layout: Layout, cast: Cast, day: date | None
) -> tuple[Contact, ...]:
    """The contacts of an article, the main one first."""
    return _Merger(mentions, refusals, layout, cast, day).contacts()


class _Merger:
    def __init__(
        self, mentions: list[Mention], refusals: list[Refusal], layout: Layout, cast: Cast, day: date | None
    ) -> None:
        self.layout, self.cast, self.day = layout, cast, day
        self.third = any(r.third and layout.in_lead(r.sentence) for r in refusals)
        self.linked = {id(m) for m in mentions if self._is_linked(m)}
        self.lead_names_both = len(layout.sides(0, _LEAD_REACH)) == 2
        self.topical = any(m.order in layout.title for m in mentions)
        self.mentions = [m for m in mentions if self._is_tenable(m)]

    def _is_tenable(self, m: Mention) -> bool:
        if m.solid or id(m) in self.linked or self.layout.names_both(m.order, _FOCUS_REACH):
            return True
        return self.lead_names_both and self.layout.in_lead(m.sentence)

    def _is_linked(self, m: Mention) -> bool:
        """Whether the missing party of a mention that names one is plainly the other of the pair."""
        if m.tier != FOCUS or m.trigger.weak:
            return False
        missing = frozenset("AB") - m.named
        if not m.named:
            return m.partner and self.layout.refers_back(m.order, missing)
        return m.partner and (self.layout.protagonist() == missing or self.layout.refers_back(m.order, missing))

    def _solid(self, m: Mention) -> bool:
        return m.solid or id(m) in self.linked

    def contacts(self) -> tuple[Contact, ...]:
        main = self._main()
        rest = [m for m in self.mentions if m is not main]
        out: list[Contact] = []
        if main is not None:
            group = [main]
            for mention in rest:
                if self._joins(mention, group):
                    group.append(mention)
            rest = [m for m in rest if m not in group]
            out.append(self._contact(group, Role.MAIN))
        for group in self._background(rest):
            self._refine(group, main)
            contact = self._contact(group, Role.BACKGROUND)
            if not any(_same_contact(contact, other) for other in out):
                out.append(contact)
        return tuple(out)

    # --- the main contact -----------------------------------------------------------------------------------
    def _main(self) -> Mention | None:
        candidates = [m for m in self.mentions if self._may_be_main(m)]
        if not candidates:
            return None
        return max(candidates, key=lambda m: (self._score(m), -m.order))

    def _may_be_main(self, m: Mention) -> bool:
        if self.layout.is_caption(m.sentence):
            return False
        if self._is_old(m):
            return False
        if m.verdict.background and m.date.first is None:
            return False
        if self.layout.in_lead(m.sentence):
            return self._solid(m) or self._soft_news(m)
        return self._solid(m) and (self.lead_names_both or (self.topical and bool(self.layout.protagonist())))

    def _soft_news(self, m: Mention) -> bool:
        """Whether a lead that leaves a party out may still be the news: a clear channel, and nobody else about."""
        if not self.lead_names_both or self.third:
            return False
        if not (m.kind in _CALLS or (m.kind is Kind.MEETING and m.tier == FOCUS)):
            return False
        return self.layout.beside(m.order, frozenset("AB") - m.named)

    def _is_old(self, m: Mention) -> bool:
        if m.verdict.status is not Status.OCCURRED or m.date.last is None:
            return False
        if self.day is None:
            return bool(m.verdict.background)
        return m.date.last < self.day - timedelta(days=OLD_DAYS)

    def _score(self, m: Mention) -> int:
        score = _TIER_SCORE[m.tier]
        if m.sentence.block == -1:
            score += 5
        elif self.layout.in_lead(m.sentence):
            score += 5
        if m.verdict.background:
            score -= 4
        score += {Status.OCCURRED: 1, Status.CANCELLED: 3}.get(m.verdict.status, 0)
        if self.day and m.date.first and abs((m.date.first - self.day).days) <= 2:
            score += 2
        if m.trigger.kind is Kind.UNSPECIFIED:
            score -= 1
        return score

    # --- grouping -------------------------------------------------------------------------------------------
    def _joins(self, m: Mention, group: list[Mention]) -> bool:
        main = group[0]
        if m.verdict.background and not self._same_day(m, group):
            return False
        if not _kinds_agree(m.kind, _kind_of(group)):
            return False
        if main.verdict.status in _UNHELD and m.kind is not main.kind and not self.layout.in_lead(m.sentence):
            return False
        if self._is_old(m):
            return False
        status = main.verdict.status
        if m.verdict.status is not status and not self._plan_of(m, group):
            return not self._solid(m)
        known = next((g.date for g in group if g.date.first), None)
        return known is None or m.date.first is None or _overlap(known, m.date)

    def _plan_of(self, m: Mention, group: list[Mention]) -> bool:
        """Whether a pending mention tells of the same contact as the news: its plan, or it in other words."""
        if m.verdict.status not in _PENDING:
            return False
        if group[0].verdict.status is Status.OCCURRED:
            return self._same_day(m, group)
        return group[0].verdict.status in _PENDING and m.kind is group[0].kind

    def _same_day(self, m: Mention, group: list[Mention]) -> bool:
        return any(g.date.first and m.date.first and _overlap(g.date, m.date) for g in group)

    def _background(self, rest: list[Mention]) -> list[list[Mention]]:
        groups: list[list[Mention]] = []
        for m in rest:
            if not self._solid(m):
                continue
            for group in groups:
                if (
                    group[0].verdict.status is m.verdict.status
                    and _kinds_agree(m.kind, _kind_of(group))
                    and all(_overlap(g.date, m.date) for g in group if g.date.first and m.date.first)
                ):
                    group.append(m)
                    break
            else:
                groups.append([m])
        return groups

    def _refine(self, group: list[Mention], main: Mention | None) -> None:
        """Give an earlier contact of open channel the one that the words around it, or the news itself, suggest."""
        if _kind_of(group) is not Kind.UNSPECIFIED or group[0].verdict.status is not Status.OCCURRED:
            return
        orders = {m.order for m in group}
        near = [m for m in self.mentions if not m.solid and m.order - 1 in orders and m.kind is not Kind.UNSPECIFIED]
        if near:
            group.append(replace(near[0], date=NO_DATE))
        elif main is not None and main.kind is Kind.PHONE_CALL:
            group.append(replace(group[0], kind=main.kind, trigger=main.trigger))

    # --- rendering ------------------------------------------------------------------------------------------
    def _contact(self, group: list[Mention], role: Role) -> Contact:
        best = group[0] if role is Role.MAIN else max(group, key=lambda m: (_TIER_SCORE[m.tier], bool(m.date.first)))
        kind = _kind_of(group)
        status = best.verdict.status
        span = self._date(group, role, status)
        if status is Status.OCCURRED and self.day and span.first and span.first > self.day:
            status = Status.PLANNED
        others = sorted({self.cast.people.leaders[s].label for m in group for s in m.others})
        initiator = next((m.initiator for m in group if m.initiator), "")
        slug = {"A": self.cast.pair.a, "B": self.cast.pair.b}.get(initiator)
        place = None
        if kind not in _CALLS and kind is not Kind.MESSAGE:
            place = next((m.place.name for m in group if m.place), None)
            if place and kind is Kind.UNSPECIFIED and any(m.place and m.place.venue for m in group):
                kind = Kind.MEETING
            if kind is Kind.UNSPECIFIED:
                place = None
        cues = tuple(c for c in (best.verdict.cue, best.verdict.background, span.words) if c)
        confidence = {"strict": 0.9, "window": 0.7, "focus": 0.5, "implicit": 0.4}[best.tier]
        return Contact(
            kind, status, role, span, place, tuple(others), slug, None, (), _evidence(best), best.trigger.name, cues, confidence
        )

    def _date(self, group: list[Mention], role: Role, status: Status) -> DateSpan:
        if status is Status.DECLINED:
            return NO_DATE
        dated = [m.date for m in group if m.date.first is not None]
        if status is Status.PROPOSED:
            dated = [d for d in dated if d.last and self.day and d.last > self.day]
        fine = [d for d in dated if d.precision is Precision.DAY] or dated
        if fine:
            return fine[0]
        if role is Role.MAIN and status is Status.OCCURRED and self.day is not None:
            near = self._day_nearby(group[0])
            if near is not None:
                return near
            return DateSpan(self.day, self.day, Precision.DAY, Basis.PUBLICATION)
        return NO_DATE


    def _day_nearby(self, m: Mention) -> DateSpan | None:
        """A day of the last few that the lead or the sentence behind names, for want of a better date."""
        assert self.day is not None
        orders = [*range(_LEAD_REACH), m.order + 1]
        for order in orders:
            line = self.layout.lines.get(order)
            for expression in line.dates if line else ():
                if expression.since or expression.until:
                    continue
                span = resolve(expression, self.day)
                if span.first and span.precision is Precision.DAY and 0 <= (self.day - span.first).days <= _NEARBY_DAYS:
                    return replace(span, basis=Basis.INFERRED)
        return None


def _kind_of(group: Iterable[Mention]) -> Kind:
    group = list(group)
    kinds = [m.kind for m in group if m.solid] or [m.kind for m in group]
    if all(k is Kind.UNSPECIFIED for k in kinds):
        kinds = [m.kind for m in group]
    if Kind.VIDEO_CALL in kinds and (kinds[0] in _CALLS or kinds[0] is Kind.UNSPECIFIED):
        return Kind.VIDEO_CALL
    return next((k for k in kinds if k is not Kind.UNSPECIFIED), Kind.UNSPECIFIED)


def _kinds_agree(a: Kind, b: Kind) -> bool:
    return a is b or Kind.UNSPECIFIED in (a, b) or {a, b} == _CALLS


def _overlap(a: DateSpan, b: DateSpan) -> bool:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return True
    return a.first <= b.last and b.first <= a.last


def _same_contact(a: Contact, b: Contact) -> bool:
    return (
        _kinds_agree(a.kind, b.kind)
        and a.status is b.status
        and a.date.first is not None
        and b.date.first is not None
        and _overlap(a.date, b.date)
    )


def _evidence(m: Mention) -> Evidence:
    sentence = m.sentence
    if sentence.end - sentence.start <= _QUOTE_LIMIT:
        return Evidence(sentence.field, sentence.start, sentence.end, sentence.text)
    return Evidence(sentence.field, sentence.start + m.start, sentence.start + m.end, sentence.text[m.start : m.end])

