"""Who else stands in a sentence beside the parties of a trigger, and what that says of them."""

from __future__ import annotations

from domain.clauses import HARD, PEOPLE, SENTENCE, TOGETHER, sides
from domain.standins import Standins

MIXED = frozenset({"OTHER", "AO", "BO"})
WINDOW_REACH = 12
WITH_REACH = 12  # tokens between a trigger and the preposition that brings its partner
OBJECT_REACH = 3
ARGUMENT_REACH = 4  # between the preposition and the person
_FACING_REACH = 6
_AMONG_REACH = 9  # tokens within which those stand who had a talk among themselves


class Bystanders(Standins):
    """Questions about the people around one trigger, which spans the tokens ``first`` to ``last`` of a sentence."""

    def is_partner_first(self) -> bool:
        """Whether the language puts who is brought by a preposition before his verb or noun, never behind it."""
        return "partner first" in self.lexicon.words["grammar"]

    def is_quoted_apart(self, person: int) -> bool:
        """Whether a person stands in a quotation that begins behind the trigger ('spoke of "a signal to B"')."""
        within = sum(token.form == '"' for token in self.tokens[: self.first]) % 2 == 1
        return not within and sum(token.form == '"' for token in self.tokens[self.last : person]) % 2 == 1

    def is_topic(self, person: int) -> bool:
        """Whether a person behind a verb is what was spoken about, as the partner comes right behind him."""
        ahead = [t.form for t in self.tokens[person + 1 : person + 3]]
        words = self.lexicon.words
        brings = len(ahead) == 2 and ahead[0] in words["with"] - words["close"] and ahead[1] in PEOPLE
        return brings and self.trigger.shape == "verb" and not self.governed(person)

    def owns(self, partner: int) -> bool:
        """Whether the one in the partner's place is only an owner ("visits B's hometown", "talks to B's team")."""
        behind = self.tokens[partner + 1].form if partner + 1 < len(self.tokens) else ""
        return behind == "'s" and partner >= self.last and self.tokens[partner].form in ("A", "B")

    def speaks(self, owner: int) -> bool:
        """Whether who belongs to a person is the source of what stands before ("..., B's spokesman said")."""
        behind = [t.form for t in self.tokens[owner + 1 : owner + 5]]
        return any(form in self.lexicon.words["reporting"] for form in behind)

    def told_of(self, owner: int) -> bool:
        """Whether between an owner and the trigger somebody speaks ("A's office said he had met B")."""
        words = self.lexicon.words
        between = {t.form for t in self.tokens[owner + 1 : self.first]}
        return bool(between & (words["reporting"] | words["boundary"] | {","}))

    def with_somebody(self, partner: int) -> bool:
        """Whether right behind a noun's party a "with" brings nobody known ("the talks of A with rebels")."""
        if self.trigger.shape != "noun" or partner < self.last or partner + 2 >= len(self.tokens):
            return False
        words = self.lexicon.words
        brings = self.tokens[partner + 1].form in words["with"] - words["close"]
        ahead = {t.form for t in self.tokens[partner + 2 : partner + 2 + OBJECT_REACH]}
        known = PEOPLE | TOGETHER | {"PARTNER", "DATE", ","} | words["him"]
        return brings and not ahead & known

    def among_themselves(self, partner: int) -> bool:
        """Whether a noun names its parties behind "between", and one of the pair is not among them."""
        before = self.tokens[partner - 1].form if partner else ""
        words = self.lexicon.words
        between = before in words["between"] and before not in words["with"]
        mixed = self.tokens[partner].form in ("AO", "BO")
        near = partner == self.last and "genitive" in words["grammar"]
        return self.trigger.shape == "noun" and partner >= self.last and mixed and (between or near)

    def has_strange_partner(self) -> bool:
        """Whether the noun takes as partner right behind it somebody who is not known ("talks with his generals")."""
        words = self.lexicon.words
        if self.is_partner_first():
            return self.is_led_by_stranger()
        behind = [t.form for t in self.tokens[self.last : self.last + 1 + ARGUMENT_REACH]]
        if behind and behind[0] in words["among"]:
            behind = [t.form for t in self.tokens[self.last : self.last + 1 + _AMONG_REACH]]
        leads = (words["with"] - words["close"]) | words["among"]
        if self.trigger.shape != "noun" or not behind or behind[0] not in leads or self.postposed:
            return False
        known = PEOPLE | TOGETHER | {"PARTNER", "MA", "MB", "DATE", "SPEAKER"} | words["him"] | words["idle"]
        known |= words["boundary"] | {'"', ",", "("}
        return not any(form in known for form in behind[1:])

    def has_silent_subject(self, partner: int) -> bool:
        """Whether the clause of the trigger has a pronoun as subject, or somebody speaks in it who is not named."""
        words = self.lexicon.words
        before = [t.form for t in self.tokens[max(0, partner - WITH_REACH) : partner]]
        while (HARD | {","}) & set(before):
            before.pop(0)
        behind = [t.form for t in self.tokens[self.last : self.last + WITH_REACH]]
        behind = behind[: behind.index(",")] if "," in behind else []
        return bool(words["he"].intersection(before) or words["reporting"].intersection(behind))

    def are_others(self, they: int) -> bool:
        """Whether "the two" are one of the pair and somebody else, whom the sentence names last before."""
        if self.tokens[they].form == "ALL":
            return False
        before = [self.tokens[g].form for g in self.groups if g < they and not self.is_followed_by_s(g)]
        return bool(before) and (before[-1] in MIXED or "OTHER" in before[-2:])

    def is_led_by_stranger(self) -> bool:
        """Whether the last preposition of the clause before the trigger brings nobody who is known."""
        words = self.lexicon.words
        leads = words["with"] - words["and"]
        known = PEOPLE | {"PARTNER", "THEY", "MA", "MB", "SPEAKER"} | words["him"]
        for n in range(self.first - 1, max(-1, self.first - 1 - WITH_REACH), -1):
            form = self.tokens[n].form
            if form in known or form in HARD or form == "," or form in words["boundary"]:
                return False
            if form in leads:
                return True
        return False

    def mentioned_before(self, mine: frozenset[str]) -> int | None:
        """The other of the pair before the trigger, be it not as subject ("B's diary holds no call with A")."""
        for g in reversed([g for g in self.groups if self.first - WINDOW_REACH <= g < self.first]):
            if self.tokens[g].form == "OTHER" or self.parted(g, self.first, SENTENCE):
                return None
            owner = self.is_followed_by_s(g) or self.governed(g)
            if self.postposed and owner and self.trigger.shape != "noun":
                return None
            if sides(self.tokens[g]) - mine:
                return g
        return None

    def teller(self, listener: int) -> int | None:
        """Who tells the listener something ("A briefed C on his call with B"), if the words say so."""
        teller = next((g for g in reversed(self.groups) if g < listener), None)
        if teller is None or listener - teller > 4:
            return None
        between = {t.form for t in self.tokens[teller + 1 : listener]}
        words = self.lexicon.words
        if between & words["boundary"]:
            return None  # "A said that C will meet B": he is no listener
        return teller if between & words["telling"] else None

    def governed(self, at: int) -> bool:
        """Whether a person stands behind a preposition, so that he is nobody's subject."""
        words = self.lexicon.words
        before = self.tokens[at - 1].form if at else ""
        led = words["with"] | words["agent"] | words["between"] | words["about"] | words["object"]
        return before in led

    def nearest_after(self, at: int, skip: int | None = None) -> int | None:
        return next((g for g in self.groups if g >= at and g != skip and not self.is_mentioned(g)), None)

    def faces(self, group: int) -> bool:
        """Whether one of the pair in company ("A and C") stands right before or behind the other of the pair."""
        at = self.groups.index(group)
        border = self.lexicon.words["boundary"] | HARD | {",", "—", "("}
        for neighbour in (*self.groups[at + 1 : at + 2], *self.groups[max(0, at - 1) : at]):
            low, high = min(group, neighbour), max(group, neighbour)
            between = {t.form for t in self.tokens[low + 1 : high]}
            if (
                sides(self.tokens[neighbour]) - sides(self.tokens[group])
                and high - low <= _FACING_REACH
                and not between & border
            ):
                return True
        return False

    def crosses(self, used: list[int]) -> bool:
        """Whether a clause border lies between the trigger and one of the persons."""
        low, high = min(used[0], self.first), max(used[-1], self.last)
        words = self.lexicon.words["boundary"]
        for n in range(low, high):
            form = self.tokens[n].form
            dated = "DATE" in [t.form for t in self.tokens[max(0, n - 1) : n + 2]]
            heading = form == ":" and len(used) == 1  # "eight hours of talks: A and B ..."
            if form in words or (form in HARD and not heading) or (form in (",", "—", "(") and not dated):
                return True
        return False

    def is_comma(self, n: int) -> bool:
        """Whether a token is a comma."""
        return self.tokens[n].form == ","
