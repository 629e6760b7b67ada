"""Where the parties of a trigger can stand in its sentence: as subject, object, attribute or behind a preposition."""

from __future__ import annotations

from domain.bystanders import ARGUMENT_REACH, OBJECT_REACH, WITH_REACH, Bystanders
from domain.canonical import Canonical
from domain.clauses import HARD, PEOPLE, PRONOUN_REACH, SENTENCE, sides
from domain.lexicon import Lexicon, Trigger
from domain.series import later_partner

SUBJECT_REACH = 14  # tokens between a subject and its trigger
_SUBJECT_BEHIND = 5  # tokens between a verb and the subject behind it
_INSERTED_REACH = 5  # tokens between the end of an insertion and the verb whose subject stands before it


class Arguments(Bystanders):
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
        start = max(0, self.first - WITH_REACH)
        if self.postposed:
            return self._governed_partner(start)
        after = self.behind_preposition(range(self.last, min(len(self.tokens), self.last + WITH_REACH)))
        if after is not None and self.is_quoted_apart(after):
            after = None
        aside = after is not None and self.tokens[after].form == "OTHER" and self.trigger.shape != "noun"
        if aside and any(t.form == "," for t in self.tokens[self.last : after]):
            after = None  # he belongs to what is told next ("by phone from Paris, called for talks with C")
        if after is not None:
            return after
        if self.trigger.shape in ("direct", "noun"):
            for n in range(self.last, min(len(self.tokens), self.last + OBJECT_REACH)):
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
        for n in range(self.last, min(len(self.tokens), self.last + WITH_REACH)):
            ahead = self.tokens[n + 1] if n + 1 < len(self.tokens) else None
            second = self.tokens[n].form in words["and"] and not (
                ahead and (ahead.people or ahead.form in words["with"] | words["object"] | words["article"])
            )
            if self.tokens[n].form in ends or second:
                return n
        return min(len(self.tokens), self.last + WITH_REACH)

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
            for n in range(subject + 1, min(len(self.tokens), subject + 1 + OBJECT_REACH)):
                form = self.tokens[n].form
                if form in PEOPLE and not self.is_mentioned(n):
                    return n
                if form in HARD or form in (",", "(", "—") or form in self.lexicon.words["boundary"]:
                    break
        return self.behind_preposition(range(subject + 1, min(len(self.tokens), subject + 1 + WITH_REACH)))

    def partner_first(self) -> int | None:
        """The object right behind the trigger, or else who is brought by a preposition before it."""
        ends = HARD | {",", "(", "—"} | self.lexicon.words["without"] | self.lexicon.words["boundary"]
        reach = OBJECT_REACH if self.trigger.shape == "direct" else 0
        for n in range(self.last, min(len(self.tokens), self.last + reach)):
            if self.tokens[n].form in PEOPLE:
                return n
            if self.tokens[n].form in ends:
                break
        start = max(0, self.first - WITH_REACH)
        return self.behind_preposition(range(start, self.first), before=True)

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
                reach = 1 if form in self.lexicon.words["close"] else ARGUMENT_REACH
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

    def subject_after(self) -> int | None:
        """The one of the pair who is the subject behind an opening with a pronoun ("on the phone with him, A said")."""
        after = self.nearest_after(self.last)
        if after is None or after - self.last > SUBJECT_REACH or self.tokens[after].form not in ("A", "B"):
            return None
        if self.parted(self.last, after, SENTENCE) or self.governed(after) or self.is_owner(after):
            return None
        between = self.tokens[self.last : after]
        with_him = self.lexicon.phrases["partner_with"].search("".join(f"{t.form} " for t in between))
        alone = not any(t.people for t in between) and any(t.form == "," for t in between)
        return after if with_him and alone else None

    def second_behind(self, partner: int) -> int | None:
        """The other party of a noun that names both behind it ("the talks of A with B")."""
        if self.trigger.shape != "noun" or partner < self.last:
            return None
        for n in range(partner + 1, min(len(self.tokens), partner + 1 + ARGUMENT_REACH)):
            if self.tokens[n].form in PEOPLE:
                words = self.lexicon.words
                before = {t.form for t in self.tokens[partner + 1 : n]}
                apart = before & (words["boundary"] | words["then"] | {","})  # "with B after speaking to C"
                return n if before & (words["with"] | words["between"]) and not apart else None
        return None
