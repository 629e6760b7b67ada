"""Parties told by what stands for them: "they", "him", a capital that is rung up, whoever "had" what a noun names."""

from __future__ import annotations

from domain.clauses import HARD, PEOPLE, SENTENCE, TOGETHER, Clauses, sides
from domain.lexicon import Trigger
from domain.model import Kind

_WITH_REACH = 12  # tokens between a trigger and the preposition that brings its partner
_OBJECT_REACH = 3
_THEY_REACH = 12  # tokens between "they" and a trigger
_METONYMS = {"MA": frozenset("A"), "MB": frozenset("B")}
_THEIR_REACH = 14  # tokens between "their" and the envoys whose meeting it is
_HAD_REACH = 9  # tokens between a relative pronoun and those who had a talk
_HIM_REACH = 4  # tokens between a pronoun and the verb that closes its clause


class Standins(Clauses):
    """Questions about what stands for a party; the trigger spans the tokens ``first`` to ``last``."""

    last: int
    trigger: Trigger
    groups: list[int]

    def is_owner(self, group: int) -> bool:
        """Whether a person only owns something other than the trigger ("B's war")."""
        behind = self.tokens[group + 1].form if group + 1 < len(self.tokens) else ""
        return behind == "'s" and not (self.trigger.shape == "noun" and group < self.first <= group + 3)

    def belongs(self, n: int) -> bool:
        """Whether somebody or something at a token is only that of which something else is ("advisers of them")."""
        words = self.lexicon.words
        return n > 0 and self.tokens[n - 1].form in words["between"] | words["about"]

    def just_both(self) -> bool:
        """Whether the sentence names both of the pair and nobody else."""
        named = {self.tokens[g].form for g in self.groups if not self.is_owner(g)}
        return named <= {"A", "B", "PAIR"} and (len(named) > 1 or "PAIR" in named)

    def metonym(self, subject: int | None) -> int | None:
        """The capital or seat that one of the pair rings up ("dialled the Kremlin"); for calls only."""
        if (
            self.trigger.kind is not Kind.PHONE_CALL
            or subject is None
            or self.tokens[subject].form not in "AB"
            or any(t.form == "OTHER" for t in self.tokens[subject : self.first])
        ):
            return None
        for n in range(self.last, min(len(self.tokens), self.last + _OBJECT_REACH)):
            owner = n + 1 < len(self.tokens) and self.tokens[n + 1].form == "'s"
            if _METONYMS.get(self.tokens[n].form, frozenset()) - sides(self.tokens[subject]) and not owner:
                return n
        return None

    def partner_word(self) -> bool:
        behind = [t.form for t in self.tokens[self.last : self.last + 2]]
        if self.trigger.shape == "direct" and any(form in self.lexicon.words["him"] for form in behind):
            return True
        early = [t.form for t in self.tokens[max(0, self.first - _HIM_REACH) : self.first]]
        last = "verb last" in self.lexicon.words["grammar"]  # "nachdem ihn A angerufen hatte"
        if (
            self.trigger.shape == "direct"
            and last
            and any(form in self.lexicon.words["him"] for form in early)
        ):
            return True
        near = " ".join(t.form for t in self.tokens[max(0, self.first - 4) : self.last + _WITH_REACH]) + " "
        return "PARTNER " in near or bool(self.lexicon.phrases["partner_with"].search(near))

    def attribute(self) -> int | None:
        """The person right before a noun ("the A-B call", "Putin's meeting"); where verbs come first, owners do not."""
        if "verb first" in self.lexicon.words["grammar"]:
            return None
        for n in range(self.first - 1, max(-1, self.first - 5), -1):
            if self.tokens[n].form in PEOPLE:
                led = self.postposed and self.tokens[n - 1].form in self.lexicon.words["about"]
                return None if self.is_owner(n) or led else n
            opened = (
                self.postposed and self.tokens[n].form in self.lexicon.words["article"]
            )  # "A praised the talks"
            if self.tokens[n].form in HARD or self.tokens[n].form == "," or opened:
                return None
        return None

    def had_by(self) -> int | None:
        """The pair, as those who had what a noun names ("the talk which the two presidents had on Sunday")."""
        n = self.last + (self.last < len(self.tokens) and self.tokens[self.last].form == ",")
        forms = [t.form for t in self.tokens[n : n + 1 + _HAD_REACH]]
        which = self.lexicon.words["which"].intersection(forms[:2])  # "which", "on which"
        if self.trigger.shape != "noun" or not which:
            return None
        near = [g for g in self.groups if n < g <= n + _HAD_REACH + 2]
        held = [g for g in near if self.tokens[g].form in ("A", "B", "PAIR")][:2]
        both = frozenset().union(*(sides(self.tokens[g]) for g in held)) if held else frozenset()
        return held[-1] if len(both) == 2 and held == near[: len(held)] else None

    def they(self, subject: int | None) -> int | None:
        """A "they" that stands nearer before the trigger than any person, or right behind it."""
        low = subject if subject is not None else -1
        for n in range(self.first - 1, max(low, self.first - _THEY_REACH), -1):
            if self.tokens[n].form not in TOGETHER or self.parted(n, self.first, SENTENCE):
                continue
            # "advisers of the four met"
            if self.postposed and self.tokens[n - 1].form in self.lexicon.words["with"]:
                return None  # "he met with the two leaders"
            if self.tokens[n].form == "THEY" or self.trigger.shape == "noun" or not self.belongs(n):
                return n
        for n in range(self.last, min(len(self.tokens), self.last + 2)) if subject is None else ():
            if self.tokens[n].form in TOGETHER:
                return n
        if not self.groups and all(token.form == "DATE" for token in self.tokens[: self.first]):
            own = "".join(f"{token.form} " for token in self.tokens[self.first : self.last])
            if self.lexicon.phrases["dropped"].match(own):
                return self.first
        if self.trigger.shape == "noun":
            for n in range(self.first - 1, max(-1, self.first - 5), -1):
                if self.tokens[n].form in self.lexicon.words["their"]:
                    before = {t.form for t in self.tokens[max(0, n - _THEIR_REACH) : n]}
                    return None if before & self.lexicon.words["posted"] else n
        return None
