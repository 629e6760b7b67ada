"""Who the party is that a mention leaves out: "he", "the two presidents", the one whom a title does not name."""

from __future__ import annotations

from domain.bind import FOCUS, IMPLICIT
from domain.layout import Layout
from domain.mentions import Mention
from domain.model import Status


class Links:
    """Tells whether a missing party is plainly the other of the pair.

    ``third``: the lead speaks of somebody else's contact, or denies one. ``titled_other``: the title names others.
    """

    def __init__(self, layout: Layout, *, third: bool, lead_names_both: bool, titled_other: bool) -> None:
        self.layout, self.third = layout, third
        self.lead_names_both, self.titled_other = lead_names_both, titled_other

    def is_linked(self, m: Mention) -> bool:
        """Whether the missing party of a mention that names one is plainly the other of the pair."""
        if m.tier == IMPLICIT:
            return self._is_occasion(m) and (
                self.layout.refers_back(m.order, frozenset("AB"))
                or self.is_of_capitals(m)
                or self.is_of_titled_capitals(m)
            )
        if m.tier != FOCUS or (m.trigger.weak and m.trigger.shape != "idiom") or not m.partner:
            return False
        missing = frozenset("AB") - m.named
        if len(missing) == 2 and self.titled_other:
            return False  # "the two" are those of the title
        by_title = bool(m.named) and self.layout.protagonist() == missing
        headed = m.order in self.layout.title and m.trigger.shape != "noun" and not self.third
        headed = headed and self.layout.beside(m.order, missing)
        headed = headed or self._is_read_out(m, missing)
        known = by_title or headed or self.layout.refers_back(m.order, missing)
        return known or self._is_of_the_two(m) or self.is_of_titled_capitals(m)

    def _is_read_out(self, m: Mention, missing: frozenset[str]) -> bool:
        """Whether a title says with whom only ("Conversation with A"), and the text at once names the other."""
        plain = m.verdict.status is Status.OCCURRED and not m.verdict.cue and m.trigger.shape == "noun"
        return plain and m.order in self.layout.title and self.layout.is_answered(missing)

    def is_of_capitals(self, m: Mention) -> bool:
        """Whether a lead tells of a talk without parties that one side asked for, and the title names both sides."""
        return bool(m.initiator) and self.layout.in_lead(m.sentence) and len(self.layout.title_sides()) == 2

    def is_of_titled_capitals(self, m: Mention) -> bool:
        """Whether "the two" in a lead before anybody is named are those of the capitals in the title."""
        heads = not m.named and self.layout.in_lead(m.sentence) and not self.layout.anyone_before(m.order)
        heads = heads and "THEY " in self.layout.lines[m.order].line
        return heads and len(self.layout.title_sides()) == 2 and not self.third

    def _is_of_the_two(self, m: Mention) -> bool:
        """Whether "the two presidents" of a dated sentence without names are the pair that the article is about."""
        known = (self.lead_names_both and not self.third) or self.layout.title_names_just_both()
        if m.named or m.date.first is None or not known:
            return False
        return "THEY " in self.layout.lines[m.order].line and not self.layout.people(m.order)

    def _is_occasion(self, m: Mention) -> bool:
        """Whether a noun without parties names one occasion, by its day or whose wish it was ("last week's call")."""
        known = m.date.first is not None or bool(m.verdict.background) or bool(m.initiator)
        noun = m.trigger.shape == "noun" and not (m.trigger.weak or m.trigger.vague)
        return known and noun and self.lead_names_both and not self.third
