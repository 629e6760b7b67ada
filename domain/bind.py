"""Who are the parties of a trigger? Decides whether words that may tell of a contact tell of one of the pair.

A trigger counts only with its arguments: the partner must be one of the pair, not the nearest name. The tiers, from
sure to unsure: ``strict`` (grammar shows both), ``window`` (both near, nobody else between), ``focus`` (one is left
out and the text has been speaking of both).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.canonical import Canonical, Token
from domain.lexicon import Lexicon, Trigger
from domain.model import Kind

STRICT, WINDOW, FOCUS, IMPLICIT = "strict", "window", "focus", "implicit"
_WITH_REACH = 10  # tokens between a trigger and the preposition that brings its partner
_OBJECT_REACH = 3
_ARGUMENT_REACH = 4  # between the preposition and the person
_SUBJECT_REACH = 14
_WINDOW_REACH = 12
_PEOPLE = frozenset({"A", "B", "AO", "BO", "PAIR", "OTHER"})
_HARD = frozenset({";", ":", ".", "?", "!"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A trigger with its parties: the tokens it spans with them, and who else took part (slugs)."""

    first: int
    last: int
    tier: str
    others: frozenset[str]
    named: frozenset[str] = frozenset()  # which of "A" and "B" it names
    partner: bool = False  # the one it names stands in the partner's place
    retold: bool = False  # one of the pair tells a third person of it


@dataclass(frozen=True, slots=True)
class Unbound:
    """A trigger that tells of no contact of the pair, and why; ``third``: it is somebody else's."""

    reason: str
    third: bool = False


def sides(token: Token) -> frozenset[str]:
    """Which principals a token of people holds."""
    return frozenset({"PAIR": "AB", "A": "A", "AO": "A", "B": "B", "BO": "B"}.get(token.form, ""))


def bind(
    line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon, pair: frozenset[str]
) -> Bound | Unbound:
    """Find the parties of a trigger that spans the tokens ``first`` to ``last``; ``pair``: the slugs of both."""
    return _Binder(line, first, last, trigger, lexicon, pair).bind()


class _Binder:
    def __init__(
        self, line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon, pair: frozenset[str]
    ) -> None:
        self.tokens = line.tokens
        self.first, self.last = first, last
        self.trigger, self.lexicon, self.pair = trigger, lexicon, pair
        self.groups = [n for n, t in enumerate(line.tokens) if t.form in _PEOPLE]

    def bind(self) -> Bound | Unbound:
        close = [t.form for t in self.tokens[max(0, self.first - 2) : self.first]]
        if self.trigger.shape != "noun" and "SPEAKER" in close and "," not in close:
            return Unbound("a spokesperson is the subject")
        partner = self._partner()
        subject = self._nearest_before(self.first, skip=partner)
        if partner is not None:
            return self._with_partner(partner, subject)
        if self._partner_word():
            return self._with_partner_word(subject)
        if self.trigger.shape == "noun":
            owner = self._attribute()
            if owner is not None:
                bound = self._with_partner(
                    owner, subject if subject != owner else self._nearest_before(owner)
                )
                return replace(bound, partner=False) if isinstance(bound, Bound) else bound
        they = self._they(subject)
        if they is not None:
            return replace(self._bound(they, self.last - 1, FOCUS), partner=True)
        if (
            subject is not None
            and self.tokens[subject].form == "PAIR"
            and self.first - subject <= _SUBJECT_REACH
        ):
            return self._bound(subject, self.last - 1, STRICT, subject)
        if self.trigger.weak:
            return Unbound("no grammar shows both")
        return self._window(subject)

    # --- arguments ------------------------------------------------------------------------------------------
    def _partner(self) -> int | None:
        """The person in the partner's place: behind a preposition, as object or as genitive."""
        inside = next((g for g in self.groups if self.first < g < self.last), None)
        if inside is not None:
            return inside
        after = self._behind_preposition(range(self.last, min(len(self.tokens), self.last + _WITH_REACH)))
        if after is not None:
            return after
        if self.trigger.shape in ("direct", "noun"):
            for n in range(self.last, min(len(self.tokens), self.last + _OBJECT_REACH)):
                if self.tokens[n].form in _PEOPLE:
                    return n
                if self.tokens[n].form in _HARD or self.tokens[n].form in (",", "(", "—"):
                    break
        start = max(0, self.first - _WITH_REACH)
        return self._behind_preposition(range(start, self.first), before=True)

    def _behind_preposition(self, span: range, before: bool = False) -> int | None:
        allowed = self.lexicon.words["with"]
        if not before:
            if self.trigger.shape == "noun":
                allowed = allowed | self.lexicon.words["between"]
            if self.trigger.shape == "direct":
                allowed = allowed | self.lexicon.words["agent"]
        found = None
        for n in span:
            form = self.tokens[n].form
            if form in _HARD or (not before and (form in _PEOPLE or form in self.lexicon.words["boundary"])):
                return found
            if form in allowed:
                reach = 1 if form in self.lexicon.words["close"] else _ARGUMENT_REACH
                for m in range(n + 1, min(len(self.tokens), n + 1 + reach)):
                    if self.tokens[m].form in _PEOPLE:
                        if before and m >= self.first:
                            break
                        if not before:
                            return m
                        found = m
                        break
                    if self.tokens[m].form in _HARD or self.tokens[m].form in allowed:
                        break
        return found

    def _partner_word(self) -> bool:
        near = " ".join(t.form for t in self.tokens[max(0, self.first - 4) : self.last + _WITH_REACH]) + " "
        return bool(
            self.lexicon.phrases["partner_with"].search(near) or self.lexicon.phrases["partner"].search(near)
        )

    def _attribute(self) -> int | None:
        """The person right before a noun ("the A-B call", "Putin's meeting")."""
        for n in range(self.first - 1, max(-1, self.first - 5), -1):
            if self.tokens[n].form in _PEOPLE:
                return n
            if self.tokens[n].form in _HARD or self.tokens[n].form == ",":
                return None
        return None

    def _nearest_before(self, at: int, skip: int | None = None) -> int | None:
        """The person before a token, as its likely subject: somebody's object is passed over for that somebody."""
        before = [g for g in self.groups if g < at and g != skip and not self._governed(g)]
        if len(before) >= 2 and self.tokens[before[-2]].form == "OTHER" and before[-1] - before[-2] in (2, 3):
            between = {t.form for t in self.tokens[before[-2] + 1 : before[-1]]}
            words = self.lexicon.words
            saying = (words["reporting"] - words["telling"]) | words["boundary"] | {",", "'s"}
            if not between & saying:
                return before[-2]
        return before[-1] if before else None

    def _they(self, subject: int | None) -> int | None:
        """A "they" that stands nearer before the trigger than any person, or right behind it."""
        low = subject if subject is not None else -1
        for n in range(self.first - 1, max(low, self.first - 8), -1):
            if self.tokens[n].form == "THEY":
                return n
        for n in range(self.last, min(len(self.tokens), self.last + 2)) if subject is None else ():
            if self.tokens[n].form == "THEY":
                return n
        if self.trigger.shape == "noun":
            for n in range(self.first - 1, max(-1, self.first - 5), -1):
                if self.tokens[n].form in self.lexicon.words["their"]:
                    return n
        return None

    def _teller(self, listener: int) -> int | None:
        """Who tells the listener something ("A briefed C on his call with B"), if the words say so."""
        teller = next((g for g in reversed(self.groups) if g < listener), None)
        if teller is None or listener - teller > 4:
            return None
        between = {t.form for t in self.tokens[teller + 1 : listener]}
        return teller if between & self.lexicon.words["telling"] else None

    def _governed(self, at: int) -> bool:
        """Whether a person stands behind a preposition, so that he is nobody's subject."""
        words = self.lexicon.words
        before = self.tokens[at - 1].form if at else ""
        return before in words["with"] or before in words["agent"] or before in words["between"]

    def _nearest_after(self, at: int, skip: int | None = None) -> int | None:
        return next((g for g in self.groups if g >= at and g != skip), None)

    # --- decisions ------------------------------------------------------------------------------------------
    def _with_partner(self, partner: int, subject: int | None) -> Bound | Unbound:
        mine = sides(self.tokens[partner])
        if not mine:
            return Unbound("the partner is somebody else", third=True)
        if len(mine) == 2:
            third = (
                subject is not None and self.tokens[subject].form == "OTHER" and self.trigger.shape != "noun"
            )
            if third:
                return Unbound("somebody else had it with both", third=True)
            return self._bound(partner, partner, STRICT, partner)
        while (
            subject is not None and sides(self.tokens[subject]) == mine and self.tokens[subject].form in "AB"
        ):
            subject = self._nearest_before(subject, skip=partner)
        if subject is not None:
            if self.tokens[subject].form == "OTHER":
                teller = self._teller(subject)
                if teller is not None and sides(self.tokens[teller]) - mine:
                    return replace(
                        self._bound(teller, partner, STRICT, teller, partner), retold=True, others=frozenset()
                    )
                return Unbound("the subject is somebody else", third=True)
            if sides(self.tokens[subject]) - mine:
                tier = STRICT if self.first - subject <= _SUBJECT_REACH else WINDOW
                return self._bound(min(subject, partner), max(subject, partner), tier, subject, partner)
        after = self._nearest_after(max(self.last, partner + 1), skip=partner)
        if after is not None and after - self.last <= _WINDOW_REACH:
            if self.tokens[after].form == "OTHER":
                return Unbound("the other party is somebody else", third=True)
            if sides(self.tokens[after]) - mine and not self.trigger.weak:
                return self._bound(partner, after, WINDOW, after, partner)
        if self.trigger.weak or self.tokens[partner].form in ("AO", "BO"):
            return Unbound("no grammar shows both", third=not self.trigger.weak)
        return replace(self._bound(partner, partner, FOCUS, partner), partner=True)

    def _with_partner_word(self, subject: int | None) -> Bound | Unbound:
        if subject is None or self.trigger.weak:
            return (
                Unbound("nobody named")
                if self.trigger.weak
                else self._bound(self.first, self.first, IMPLICIT)
            )
        if self.tokens[subject].form == "OTHER":
            return Unbound("the subject is somebody else", third=True)
        return self._bound(subject, subject, FOCUS, subject)

    def _window(self, subject: int | None) -> Bound | Unbound:
        near = [
            g
            for g in self.groups
            if self.first - _WINDOW_REACH <= g < self.first or self.last <= g < self.last + _WINDOW_REACH
        ]
        here: frozenset[str] = frozenset()
        for g in sorted(near, key=lambda g: self.first - g if g < self.first else g - self.last):
            if self.tokens[g].form in ("OTHER", "AO", "BO"):
                break
            here |= sides(self.tokens[g])
            if len(here) == 2:
                used = [n for n in near if sides(self.tokens[n])]
                if (
                    self.trigger.kind is Kind.UNSPECIFIED or self.trigger.shape == "direct"
                ) and self._crosses(used):
                    return Unbound("the two stand in different clauses")
                return self._bound(min(used[0], self.first), max(used[-1], self.last - 1), WINDOW, *used)
        closest = min(near, key=lambda g: self.first - g if g < self.first else g - self.last, default=None)
        if closest is not None and self.tokens[closest].form in ("OTHER", "AO", "BO"):
            return Unbound("somebody else is nearer", third=True)
        if subject is not None and subject in near:
            return self._bound(subject, subject, FOCUS, subject)
        if closest is not None:
            return self._bound(closest, closest, FOCUS, closest)
        return self._bound(self.first, self.first, IMPLICIT)

    def _crosses(self, used: list[int]) -> bool:
        """Whether a clause border lies between the trigger and one of the persons."""
        low, high = min(used[0], self.first), max(used[-1], self.last)
        border = self.lexicon.words["boundary"] | {",", "—", "("}
        return any(t.form in border for t in self.tokens[low:high])

    def _bound(self, low: int, high: int, tier: str, *groups: int) -> Bound:
        people: set[str] = set()
        named: frozenset[str] = frozenset()
        for n in groups:
            people |= self.tokens[n].people
            named |= sides(self.tokens[n])
        others = frozenset(p for p in people - self.pair if p and p != "?")
        return Bound(min(low, self.first), max(high + 1, self.last), tier, others, named)
