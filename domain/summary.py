"""The contact that a group of mentions of the same article tells of, with its best words, date, place and length."""

from __future__ import annotations

from collections.abc import Sequence

from domain.actors import Cast
from domain.bind import CALLS
from domain.bystanders import MIXED
from domain.canonical import Canonical
from domain.clock import time_of
from domain.contact_date import ContactDater
from domain.duration import minutes_of
from domain.layout import Layout, is_about_others
from domain.lexicon import Lexicon
from domain.mentions import Mention
from domain.model import (
    Contact,
    DateSpan,
    Evidence,
    Kind,
    Published,
    Role,
    Status,
    TimeOfDay,
)
from domain.news import LEAD_REACH, TIER_SCORE
from domain.places import find_places
from domain.topics import find_topics

# What a place shows to be a meeting; a talk that is only wished for may be held by telephone from there.
_LOCATED = frozenset({Status.OCCURRED, Status.PLANNED, Status.CANCELLED})
_TIMED = frozenset({Status.OCCURRED, Status.PLANNED})
_TALK_REACH = 2  # sentences behind the one that tells the news that mostly say what was talked about
_QUOTE_LIMIT = 320
_CONFIDENCE = {"strict": 0.9, "window": 0.7, "focus": 0.5, "implicit": 0.4}


class Summary:
    """Makes contacts of groups of mentions. ``sure`` scales the confidence; see domain.news."""

    def __init__(
        self, layout: Layout, cast: Cast, lexicon: Lexicon, published: Published | None, sure: float
    ) -> None:
        self.layout, self.cast, self.lexicon, self.sure = layout, cast, lexicon, sure
        self.day = published.day if published else None
        self.dater = ContactDater(layout, published)

    def contact(self, group: Sequence[Mention], role: Role) -> Contact:
        """The contact of a group; the first mention of the main group speaks for it, else the best one."""
        best = group[0]
        if role is Role.BACKGROUND:
            best = max(group, key=lambda m: (TIER_SCORE[m.tier], bool(m.date.first)))
        status = best.verdict.status
        if status is Status.PROPOSED and any(
            m.verdict.status is Status.PLANNED and m.date.first for m in group
        ):
            status = Status.PLANNED
        span = self.dater.span(group, role, status)
        if status is Status.OCCURRED and self.day and span.first and span.first > self.day:
            status = Status.PLANNED
        if status is Status.OCCURRED and best.present and self.dater.is_this_evening(span):
            status = Status.PLANNED  # "A calls B tonight", written at noon
        kind, place = self._kind_and_place(group, role)
        initiator = next((m.initiator for m in group if m.initiator), "")
        cues = (best.verdict.cue, best.verdict.background, span.words)
        return Contact(
            kind=kind,
            status=status,
            role=role,
            date=span,
            place=place,
            with_others=tuple(sorted({self.cast.people.leaders[s].label for m in group for s in m.others})),
            initiator={"A": self.cast.pair.a, "B": self.cast.pair.b}.get(initiator),
            duration_minutes=self._minutes(group) if status is Status.OCCURRED else None,
            topics=find_topics(self._talk(group, role)) if status is not Status.DECLINED else (),
            evidence=_evidence(best),
            rule=best.trigger.name,
            cues=tuple(cue for cue in cues if cue),
            confidence=round(_CONFIDENCE[best.tier] * self.sure, 2),
            again=self._is_second(group),
            time=self._time(group) if status in _TIMED else None,
        )

    def _is_set(self, m: Mention) -> bool:
        """Whether a mention gives a plan a day to come."""
        ahead = self.day is None or (m.date.first is not None and m.date.first > self.day)
        return m.verdict.status is Status.PLANNED and m.date.first is not None and ahead

    def _kind_and_place(self, group: Sequence[Mention], role: Role) -> tuple[Kind, str | None]:
        kind = kind_of(group)
        if kind is Kind.UNSPECIFIED and role is Role.MAIN and self.sure == 1:
            kind = self._channel_nearby(group[0])
        if kind in CALLS or kind is Kind.MESSAGE:
            return kind, None
        status = group[0].verdict.status
        usable = [m for m in group if m.place and not (status is Status.OCCURRED and m.place.country)]
        top = [m for m in usable if m is group[0] or self.layout.in_lead(m.sentence)]
        place = next((m.place for m in (*top, *usable) if m.place), None)
        if kind is Kind.UNSPECIFIED:
            aside = role is Role.BACKGROUND
            sure = [m.place for m in usable if aside or m.solid or self.layout.in_lead(m.sentence)]
            met = place is not None and place in sure and not place.country and status in _LOCATED
            return (Kind.MEETING, place.name) if place and met else (kind, None)
        if not top and role is Role.MAIN and status in (Status.OCCURRED, Status.PLANNED):
            nearby = self._place_nearby()
            if nearby is not None:
                return kind, nearby
        if place is None and kind is Kind.MEETING:
            return kind, self._place_of_house(group)
        return kind, place.name if place else None

    def _place_of_house(self, group: Sequence[Mention]) -> str | None:
        """The place of the title, for what took place in a house that the text names without one."""
        houses = self.lexicon.phrases["building"]
        lines = (self.layout.lines[m.order] for m in group if m.order in self.layout.lines)
        if not any(houses.search(line.line) for line in lines):
            return None
        titles = (self.layout.lines[o] for o in sorted(self.layout.title) if o in self.layout.lines)
        places = (p for line in titles for p, _ in find_places(line, self.lexicon) if not p.country)
        return next((p.name for p in places), None)

    def _channel_nearby(self, m: Mention) -> Kind:
        """The channel of the call that the title or the sentences around talks name, with nobody else in them."""
        known = m.others | {self.cast.pair.a, self.cast.pair.b}
        for order in (*sorted(self.layout.title), m.order - 1, m.order + 1, m.order + 2):
            line = self.layout.lines.get(order) if order in self.layout.running else None
            if line is None or any(t.form in MIXED and not t.people <= known for t in line.tokens):
                continue
            for name in ("video_call", "phone_call"):
                if name in self.lexicon.channels and self.lexicon.channels[name].search(line.line):
                    return Kind(name)
        return Kind.UNSPECIFIED

    def _place_nearby(self) -> str | None:
        for order in range(LEAD_REACH + 1):
            line = self.layout.lines.get(order)
            found = find_places(line, self.lexicon) if line and order in self.layout.running else ()
            name = next((place.name for place, _ in found if not place.country), None)
            if name:
                return name
        return None

    def _talk(self, group: Sequence[Mention], role: Role) -> list[Canonical]:
        """The sentences that tell a contact; for the news also those behind, unless they are about others."""
        orders = dict.fromkeys(m.order for m in group)
        if role is Role.MAIN:
            last = group[0].order
            behind = range(last + 1, last + 1 + _TALK_REACH)
            orders.update((order, None) for order in behind if order in self.layout.running)
        lines = [self.layout.lines[order] for order in orders if order in self.layout.lines]
        return [line for line in lines if not is_about_others(line)]

    def _is_second(self, group: Sequence[Mention]) -> bool:
        """Whether the words call the contact the second of its kind on one day."""
        again = self.lexicon.phrases["again"]
        lines = (self.layout.lines.get(order) for order in dict.fromkeys(m.order for m in group))
        return any(line is not None and again.search(line.line) is not None for line in lines)

    def _time(self, group: Sequence[Mention]) -> TimeOfDay | None:
        saying = self.lexicon.words["reporting"]
        times = (time_of(m.sentence.text, (m.start, m.end), self.lexicon.language, saying) for m in group)
        return next((time for time in times if time is not None), None)

    def _minutes(self, group: Sequence[Mention]) -> int | None:
        for order in dict.fromkeys(m.order for m in group):
            line = self.layout.lines.get(order)
            minutes = minutes_of([t.form for t in line.plain], self.lexicon) if line else None
            if minutes is not None:
                return minutes
        return None


def kind_of(group: Sequence[Mention]) -> Kind:
    """The kind that the mentions of a group agree on; what names both parties outweighs the rest."""
    kinds = [m.kind for m in group if m.solid] or [m.kind for m in group]
    if all(k is Kind.UNSPECIFIED for k in kinds):
        status = group[0].verdict.status
        kinds = [m.kind for m in group if m.solid or m.verdict.status is status]
    if Kind.VIDEO_CALL in kinds and (kinds[0] in CALLS or kinds[0] is Kind.UNSPECIFIED):
        return Kind.VIDEO_CALL
    return next((k for k in kinds if k is not Kind.UNSPECIFIED), Kind.UNSPECIFIED)


def overlap(a: DateSpan, b: DateSpan) -> bool:
    """Whether two dates may be those of one contact; unknown dates agree with any."""
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return True
    return a.first <= b.last and b.first <= a.last


def _evidence(m: Mention) -> Evidence:
    sentence = m.sentence
    if sentence.end - sentence.start <= _QUOTE_LIMIT:
        return Evidence(sentence.field, sentence.start, sentence.end, sentence.text)
    start, end = sentence.start + m.start, sentence.start + m.end
    return Evidence(sentence.field, start, end, sentence.text[m.start : m.end])
