"""Where the parties of a trigger can stand in its sentence: as subject, object, attribute or behind a preposition."""

from __future__ import annotations

from domain.canonical import Canonical
from domain.clauses import HARD, PEOPLE, PRONOUN_REACH, SENTENCE, TOGETHER, sides
from domain.lexicon import Lexicon, Trigger
from domain.series import later_partner
from domain.standins import Standins

SUBJECT_REACH = 14  # tokens between a subject and its trigger
WINDOW_REACH = 12
MIXED = frozenset({"OTHER", "AO", "BO"})
_WITH_REACH = 12  # tokens between a trigger and the preposition that brings its partner
_OBJECT_REACH = 3
_SUBJECT_BEHIND = 5  # tokens between a verb and the subject behind it
_ARGUMENT_REACH = 4  # between the preposition and the person
_FACING_REACH = 6
_INSERTED_REACH = 5  # tokens between the end of an insertion and the verb whose subject stands before it
_AMONG_REACH = 9  # tokens within which those stand who had a talk among themselves


class Arguments(Standins):
    """Finds the persons around one trigger, which spans the tokens ``first`` to ``last`` of a sentence."""

    def __init__(self, line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon) -> None:
        self.tokens = line.tokens
        self.first, self.last = first, last
        self.trigger, self.lexicon = trigger, lexicon
        self.groups = [n for n, t in enumerate(line.tokens) if t.form in PEOPLE]

    def partner(self) -> int | None:
        """The person in the partner's place: behind a preposition, as object or as genitive."""
        inside = next((g for g in self.groups if self.first < g < self.last), None)
        if self.postposed and inside is not None and not self.governed(inside):
            inside = None
        if inside is not None:
            return inside
        if self.is_partner_first():
            return self.partner_first()
        start = max(0, self.first - _WITH_REACH)
        if self.postposed:
            return self._governed_partner(start)
        after = self.behind_preposition(range(self.last, min(len(self.tokens), self.last + _WITH_REACH)))
        if after is not None and self.is_quoted_apart(after):
            after = None
        aside = after is not None and self.tokens[after].form == "OTHER" and self.trigger.shape != "noun"
        if aside and any(t.form == "," for t in self.tokens[self.last : after]):
            after = None  # he belongs to what is told next ("by phone from Paris, called for talks with C")
        if after is not None:
            return after
        if self.trigger.shape in ("direct", "noun"):
            for n in range(self.last, min(len(self.tokens), self.last + _OBJECT_REACH)):
                if self.tokens[n].form in PEOPLE:
                    return n
                ends = HARD | {",", "(", "—"} | self.lexicon.words["without"]
                if self.trigger.shape == "direct":
                    ends = ends | self.lexicon.words["boundary"]  # "ringing before B meets C"
                if self.tokens[n].form in ends:
                    break
        return self.behind_preposition(range(start, self.first), before=True)

    def _governed_partner(self, start: int) -> int | None:
        """The partner whom his case or postposition shows: before the trigger, or behind it where the order is free.

        Of two the one in the clause of the trigger is meant; there the object of a verb goes before all others.
        """
        before = self.behind_preposition(range(start, self.first), before=True)
        if "free order" not in self.lexicon.words["grammar"]:
            return before
        here = before is not None and not self.parted(before, self.first, HARD | {","})
        if here and (self.trigger.shape != "direct" or self._is_object(before)):
            return before
        after = self.behind_preposition(range(self.last, self._clause_end()))
        return before if after is None or (here and not self._is_object(after)) else after

    def _clause_end(self) -> int:
        """Where the clause of the trigger ends: at a mark, at a word that opens another, or at its second verb."""
        words = self.lexicon.words
        ends = HARD | {",", "(", "—"} | words["boundary"]
        for n in range(self.last, min(len(self.tokens), self.last + _WITH_REACH)):
            ahead = self.tokens[n + 1] if n + 1 < len(self.tokens) else None
            second = self.tokens[n].form in words["and"] and not (
                ahead and (ahead.people or ahead.form in words["with"] | words["object"] | words["article"])
            )
            if self.tokens[n].form in ends or second:
                return n
        return min(len(self.tokens), self.last + _WITH_REACH)

    def _is_object(self, person: int | None) -> bool:
        return (
            person is not None and person > 0 and self.tokens[person - 1].form in self.lexicon.words["object"]
        )

    def subject_behind(self) -> int | None:
        """The subject behind its verb, in languages that put it there ("rang A to B"); None: it stands before."""
        words = self.lexicon.words
        if "verb first" not in words["grammar"] or self.trigger.shape not in ("verb", "direct"):
            return None
        n = self.first - 1
        while n >= 0 and (self.tokens[n].form in words["auxiliary"] or self.tokens[n].form == "DATE"):
            n -= 1
        before = self.tokens[n].form if n >= 0 else ""
        leads = before in PEOPLE and not self.governed(n)
        if leads or before == "THEY" or before in words["relative"]:
            return None
        for m in range(self.last, min(len(self.tokens), self.last + _SUBJECT_BEHIND)):
            form = self.tokens[m].form
            if form in PEOPLE:
                return None if self.governed(m) else m
            if form in HARD or form == "," or form in words["boundary"]:
                return None
        return None

    def subject_between(self, partner: int) -> int | None:
        """The subject between a verb and its partner, where the order is free ("fogadta A B-t")."""
        if "free order" not in self.lexicon.words["grammar"] or self.trigger.shape == "noun":
            return None
        between = (g for g in self.groups if self.last <= g < partner)
        return next((g for g in between if not (self.governed(g) or self.is_followed_by_s(g))), None)

    def pair_behind(self) -> int | None:
        """The pair as the subject behind a verb, where the order is free ("telefonon beszélt kedden A és B")."""
        if "free order" not in self.lexicon.words["grammar"] or self.trigger.shape == "noun":
            return None
        for n in range(self.last, self._clause_end()):
            if self.tokens[n].form in PEOPLE and not self.governed(n):
                pair = self.tokens[n].form == "PAIR" and not self.is_followed_by_s(n)
                return n if pair else None
        return None

    def partner_behind(self, subject: int) -> int | None:
        """The partner of a subject that stands behind its verb: the object right behind it, or behind a preposition."""
        if self.trigger.shape == "direct":
            for n in range(subject + 1, min(len(self.tokens), subject + 1 + _OBJECT_REACH)):
                form = self.tokens[n].form
                if form in PEOPLE and not self.is_mentioned(n):
                    return n
                if form in HARD or form in (",", "(", "—") or form in self.lexicon.words["boundary"]:
                    break
        return self.behind_preposition(range(subject + 1, min(len(self.tokens), subject + 1 + _WITH_REACH)))

    def is_partner_first(self) -> bool:
        """Whether the language puts who is brought by a preposition before his verb or noun, never behind it."""
        return "partner first" in self.lexicon.words["grammar"]

    def partner_first(self) -> int | None:
        """The object right behind the trigger, or else who is brought by a preposition before it."""
        ends = HARD | {",", "(", "—"} | self.lexicon.words["without"] | self.lexicon.words["boundary"]
        reach = _OBJECT_REACH if self.trigger.shape == "direct" else 0
        for n in range(self.last, min(len(self.tokens), self.last + reach)):
            if self.tokens[n].form in PEOPLE:
                return n
            if self.tokens[n].form in ends:
                break
        start = max(0, self.first - _WITH_REACH)
        return self.behind_preposition(range(start, self.first), before=True)

    def is_quoted_apart(self, person: int) -> bool:
        """Whether a person stands in a quotation that begins behind the trigger ('spoke of "a signal to B"')."""
        within = sum(token.form == '"' for token in self.tokens[: self.first]) % 2 == 1
        return not within and sum(token.form == '"' for token in self.tokens[self.last : person]) % 2 == 1

    def behind_preposition(self, span: range, before: bool = False) -> int | None:
        allowed = self.lexicon.words["with"]
        if not before:
            if self.trigger.shape == "noun":
                allowed = allowed | self.lexicon.words["between"]
            if self.trigger.shape == "direct":
                allowed = allowed | self.lexicon.words["agent"]
        first = self.is_partner_first()
        if first and self.trigger.shape == "direct":
            allowed = allowed | self.lexicon.words["agent"]
        if self.trigger.transitive:
            allowed = self.lexicon.words["agent"] if first or not before or self.postposed else frozenset()
        if self.trigger.shape == "direct" and self.postposed:
            allowed = allowed | self.lexicon.words["object"] | self.lexicon.words["agent"]
        ends = HARD | allowed | self.lexicon.words["him"] | self.lexicon.words["about"]
        found = None
        for n in span:
            form = self.tokens[n].form
            if (first or (before and self.postposed)) and form in HARD:
                found = None
                continue
            passed = before or self.postposed or form not in PEOPLE or self.is_topic(n)
            if form in HARD or not passed:
                return found
            # "B'yle görüşmesi hakkında konuştu": he is the partner of the noun, not of the verb
            if found is not None and self.lexicon.phrases["taking"].fullmatch(f"{form} "):
                found = None
            follows = self.tokens[n + 1].form if n + 1 < len(self.tokens) else ""
            if form in self.lexicon.words["boundary"] and follows not in allowed:
                if not before:
                    return found
                found = None
            if form in allowed:
                reach = 1 if form in self.lexicon.words["close"] else _ARGUMENT_REACH
                reach += follows == "," and not self.postposed
                for m in range(n + 1, min(len(self.tokens), n + 1 + reach)):
                    if self.tokens[m].form in PEOPLE:
                        if before and m >= self.first:
                            break
                        if not before:
                            later = (
                                None if sides(self.tokens[m]) else later_partner(self.tokens, m, self.lexicon)
                            )
                            return m if later is None else later
                        found = m
                        break
                    if self.tokens[m].form in ends:
                        break
        return found

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
        ahead = {t.form for t in self.tokens[partner + 2 : partner + 2 + _OBJECT_REACH]}
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
        behind = [t.form for t in self.tokens[self.last : self.last + 1 + _ARGUMENT_REACH]]
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
        before = [t.form for t in self.tokens[max(0, partner - _WITH_REACH) : partner]]
        while (HARD | {","}) & set(before):
            before.pop(0)
        behind = [t.form for t in self.tokens[self.last : self.last + _WITH_REACH]]
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
        for n in range(self.first - 1, max(-1, self.first - 1 - _WITH_REACH), -1):
            form = self.tokens[n].form
            if form in known or form in HARD or form == "," or form in words["boundary"]:
                return False
            if form in leads:
                return True
        return False

    def nearest_before(self, at: int, skip: int | None = None) -> int | None:
        """The person before a token, as its likely subject: somebody's object is passed over for that somebody."""
        meant = self.antecedent(at)
        if meant is not None and meant != skip:
            return meant
        before = [g for g in self.groups if g < at and g != skip and not self.governed(g)]
        before = [g for g in before if not self.parted(g, at, SENTENCE)]
        if self.postposed and self.trigger.shape != "noun":  # a genitive is the subject of nouns only
            before = [g for g in before if not self.is_followed_by_s(g)]
        if (
            "verb first" in self.lexicon.words["grammar"]
            and len(before) >= 2
            and before[-1] - before[-2] == 1
        ):  # "met A B before a call with ...", but "sent A B to meet ..."
            verb = self.tokens[max(0, before[-2] - 1)].form
            return before[-1] if verb in self.lexicon.words["asking"] else before[-2]
        if len(before) >= 2 and self.tokens[before[-2]].form == "OTHER" and before[-1] - before[-2] in (2, 3):
            between = {t.form for t in self.tokens[before[-2] + 1 : before[-1]]}
            words = self.lexicon.words
            saying = (words["reporting"] - words["telling"]) | words["boundary"] | {",", ":", "'s"}
            if not between & saying:
                return before[-2]
        if not before:
            return None
        whose = self._before_insertion(before[-1], at)
        if whose is not None and whose != skip:
            return whose
        asked = next((g for g in self.groups if before[-1] < g < at and self.tokens[g].form == "OTHER"), None)
        if asked is not None:
            between = {t.form for t in self.tokens[before[-1] + 1 : asked]}
            passive = self.tokens[asked - 1].form in self.lexicon.words["agent"]
            if between & self.lexicon.words["asking"] or (
                passive and between & self.lexicon.words["telling"]
            ):
                return asked
        return before[-1]

    def _before_insertion(self, person: int, at: int) -> int | None:
        """Who stands before the insertion between commas that names a person ("C, after ringing A, met B")."""
        closing = next(
            (n for n in range(at - 1, max(person, at - _INSERTED_REACH), -1) if self.is_comma(n)), 0
        )
        opening = next((n for n in range(person - 1, 0, -1) if self.is_comma(n)), 0)
        inserted = closing > person > opening + 1 and opening > 0
        return opening - 1 if inserted and self.tokens[opening - 1].form in PEOPLE else None

    def is_comma(self, n: int) -> bool:
        """Whether a token is a comma."""
        return self.tokens[n].form == ","

    def antecedent(self, at: int) -> int | None:
        """Whom a relative pronoun close before a token takes up ("C, who had received A")."""
        for n in range(at - 1, max(0, at - PRONOUN_REACH), -1):
            form = self.tokens[n].form
            if form in self.lexicon.words["relative"]:
                before = n - 2 if self.tokens[n - 1].form == "," else n - 1
                return before if before >= 0 and self.tokens[before].form in PEOPLE else None
            if (form in PEOPLE and not (self.postposed and self.governed(n))) or form in HARD or form == ",":
                return None
        return None

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

    def subject_after(self) -> int | None:
        """The one of the pair who is the subject behind an opening with a pronoun ("on the phone with him, A said")."""
        after = self.nearest_after(self.last)
        near = after is not None and after - self.last <= SUBJECT_REACH and self.tokens[after].form in ("A", "B")
        if not near or self.parted(self.last, after, SENTENCE) or self.governed(after) or self.is_owner(after):
            return None
        between = self.tokens[self.last : after]
        with_him = self.lexicon.phrases["partner_with"].search("".join(f"{t.form} " for t in between))
        alone = not any(t.people for t in between) and any(t.form == "," for t in between)
        return after if with_him and alone else None

    def second_behind(self, partner: int) -> int | None:
        """The other party of a noun that names both behind it ("the talks of A with B")."""
        if self.trigger.shape != "noun" or partner < self.last:
            return None
        for n in range(partner + 1, min(len(self.tokens), partner + 1 + _ARGUMENT_REACH)):
            if self.tokens[n].form in PEOPLE:
                words = self.lexicon.words
                before = {t.form for t in self.tokens[partner + 1 : n]}
                apart = before & (words["boundary"] | words["then"] | {","})  # "with B after speaking to C"
                return n if before & (words["with"] | words["between"]) and not apart else None
        return None

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
