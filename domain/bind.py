"""Who are the parties of a trigger? Decides whether words that may tell of a contact tell of one of the pair.

A trigger counts only with its arguments: the partner must be one of the pair, not the nearest name. The tiers, from
sure to unsure: ``strict`` (grammar shows both), ``window`` (both near, nobody else between), ``focus`` (one is left
out and the text has been speaking of both).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.arguments import SUBJECT_REACH, Arguments
from domain.bystanders import MIXED, WINDOW_REACH
from domain.canonical import Canonical
from domain.clauses import SENTENCE, sides
from domain.lexicon import Lexicon, Trigger
from domain.model import Kind

CALLS = frozenset({Kind.PHONE_CALL, Kind.VIDEO_CALL})
_CLOSE_SUBJECT = 6  # tokens between a verb and somebody who is surely its subject
_OWNED_REACH = 4  # tokens between an owner and the verb of what is his ("B's fiercest critic on the phone")
STRICT, WINDOW, FOCUS, IMPLICIT = "strict", "window", "focus", "implicit"
NEARER = "somebody else is nearer"  # a refusal by distance alone, not by grammar


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
    denied: bool = False


def bind(
    line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon, pair: frozenset[str]
) -> Bound | Unbound:
    """Find the parties of a trigger that spans the tokens ``first`` to ``last``; ``pair``: the slugs of both."""
    return _Binder(line, first, last, trigger, lexicon, pair).bind()


class _Binder(Arguments):
    def __init__(
        self, line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon, pair: frozenset[str]
    ) -> None:
        super().__init__(line, first, last, trigger, lexicon)
        self.pair = pair

    def bind(self) -> Bound | Unbound:
        close = [t.form for t in self.tokens[max(0, self.first - 2) : self.first]]
        if self.trigger.shape != "noun" and "SPEAKER" in close and "," not in close:
            return Unbound("a spokesperson is the subject")
        if self.has_strange_partner():
            return Unbound("the partner is somebody unknown", third=True)
        lead = self.subject_behind()
        if lead is not None:
            return self._verb_first(lead)
        holder = self.attribute() if self.trigger.shape == "noun" else None
        if holder is not None and self.tokens[holder].form == "OTHER" and self.is_followed_by_s(holder):
            return Unbound("somebody else had it", third=True)
        partner = self.partner()
        subject = self.nearest_before(self.first, skip=partner)
        if partner is not None and self.owns(partner):
            return Unbound("what is his, not he", third=True)
        if partner is not None and self.trigger.shape == "direct" and self.is_relative_to_unknown(self.first):
            return Unbound("the subject is not named", third=True)
        if partner is not None:
            return self._with_partner(partner, subject)
        return self._with_standin(subject)

    def _with_standin(self, subject: int | None) -> Bound | Unbound:
        """The contact where no partner is named in his place: by what stands for him, or by who is near."""
        had = self.had_by()
        if had is not None:
            return self._bound(self.first, had, WINDOW, had)
        if self.partner_word():
            return self._with_partner_word(subject)
        metonym = self.metonym(subject)
        if metonym is not None and subject is not None:
            return self._bound(subject, metonym, WINDOW, subject)
        if self.trigger.shape == "noun":
            owner = self.attribute()
            if owner is not None and self.tokens[owner].form in ("AO", "BO"):
                return Unbound("they had it among themselves", third=True)
            if owner is not None:
                bound = self._with_partner(owner, subject if subject != owner else self.nearest_before(owner))
                return (
                    replace(bound, partner=False) if isinstance(bound, Bound) else replace(bound, third=False)
                )
        they = self.they(subject)
        if they is not None:
            return self._of_them(they)
        if (
            subject is not None
            and self.tokens[subject].form == "PAIR"
            and self.first - subject <= SUBJECT_REACH
        ):
            return self._bound(subject, self.last - 1, STRICT, subject)
        behind = self.pair_behind() if subject is None or self.tokens[subject].form != "OTHER" else None
        if behind is not None:
            return self._bound(self.first, behind, STRICT, behind)
        led = "verb first" in self.lexicon.words["grammar"] and self.trigger.shape == "verb"
        led = led or (self.postposed and self.trigger.shape != "noun")
        if (
            self.trigger.weak or led
        ):  # there a noun stands before its owner: "discussed with C the threats of B"
            return Unbound("no grammar shows both")
        return self._window(subject)

    def _of_them(self, they: int) -> Bound | Unbound:
        """The contact of those for whom "they" stands."""
        if self.are_others(they):
            return Unbound("the two are somebody else", third=True)
        if self.just_both():
            return self._bound(self.groups[0], self.last - 1, WINDOW, *self.groups)
        return replace(self._bound(they, self.last - 1, FOCUS), partner=True)

    def _verb_first(self, lead: int) -> Bound | Unbound:
        """The contact of a verb with the subject behind it, or with its object where the subject stands far before."""
        if self.tokens[lead].form == "OTHER":
            return Unbound("the subject is somebody else", third=True)
        mine, partner = sides(self.tokens[lead]), self.partner_behind(lead)
        if partner is not None:
            yours = sides(self.tokens[partner])
            if not yours:
                return Unbound("the partner is somebody else", third=True)
            return (
                self._bound(lead, partner, STRICT, lead, partner)
                if len(mine | yours) == 2
                else Unbound("nobody else named")
            )
        if len(mine) == 2:
            return self._bound(self.first, lead, STRICT, lead)
        if self.partner_word():
            return self._with_partner_word(lead)
        metonym = self.metonym(lead)
        if metonym is not None:
            return self._bound(lead, metonym, WINDOW, lead)
        if self.trigger.shape == "direct":  # "A went to Moscow and met B"
            subject = self.nearest_before(self.first)
            if subject is not None and self.tokens[subject].form == "OTHER":
                return Unbound("the subject is somebody else", third=True)
            if subject is not None and sides(self.tokens[subject]) - mine and not self.trigger.weak:
                return self._bound(subject, lead, WINDOW, subject, lead)
        return Unbound("the other party is not named")

    def _with_partner(self, partner: int, subject: int | None) -> Bound | Unbound:
        mine = sides(self.tokens[partner])
        named_behind = self._beside_partner(partner, mine)
        if named_behind is not None:
            return named_behind
        if len(mine) == 2:
            third = (
                subject is not None and self.tokens[subject].form == "OTHER" and self.trigger.shape != "noun"
            )
            brought = partner and self.tokens[partner - 1].form in self.lexicon.words["with"]
            if third or (self.postposed and brought):  # "A ve B'yle görüştü": the subject is left out
                return Unbound("somebody else had it with both", third=True)
            return self._bound(partner, partner, STRICT, partner)
        while (
            subject is not None and sides(self.tokens[subject]) == mine and self.tokens[subject].form in "AB"
        ):
            subject = self.nearest_before(subject, skip=partner)
        found = self._with_subject(partner, subject, mine) if subject is not None else None
        found = found or self._with_person_behind(partner, subject, mine)
        if found is not None:
            return found
        aside = self.mentioned_before(mine)
        if aside is not None and not self.trigger.weak:
            return self._bound(min(aside, partner), max(aside, partner), WINDOW, aside, partner)
        silent = subject is None and self.has_silent_subject(partner)  # "he told A and C by phone"
        if self.trigger.weak or (self.tokens[partner].form in ("AO", "BO") and not silent):
            return Unbound("no grammar shows both", third=not self.trigger.weak and subject is not None)
        whole = not self.parted(self.groups[0], self.groups[-1], SENTENCE)
        if self.trigger.shape == "noun" and self.just_both() and whole:
            return self._bound(self.groups[0], self.groups[-1], WINDOW, *self.groups)
        return replace(self._bound(partner, partner, FOCUS, partner), partner=True)

    def _beside_partner(self, partner: int, mine: frozenset[str]) -> Bound | Unbound | None:
        """What the words right behind the partner settle: the other party of a noun, or that it is somebody else's."""
        other = self.second_behind(partner)
        if other is not None and len(mine | sides(self.tokens[other])) == 2:
            return self._bound(partner, other, STRICT, partner, other)
        if mine and other is not None and self.tokens[other].form == "OTHER":
            return Unbound("the other party is somebody else", third=True)
        if len(mine) == 1 and other is None and self.with_somebody(partner):
            return Unbound("the other party is somebody unknown", third=True)
        if len(mine) == 1 and self.among_themselves(partner):
            return Unbound("they had it among themselves", third=True)
        return None if mine else Unbound("the partner is somebody else", third=True)

    def _with_subject(self, partner: int, subject: int, mine: frozenset[str]) -> Bound | Unbound | None:
        """The contact of a partner with the subject before the trigger, None where the subject is no party."""
        if self.tokens[subject].form == "OTHER":
            teller = self.teller(subject)
            if teller is not None and sides(self.tokens[teller]) - mine:
                bound = self._bound(teller, partner, STRICT, teller, partner)
                return replace(bound, retold=True, others=frozenset())
            return Unbound("the subject is somebody else", third=True)
        near = self.trigger.shape == "direct" or self.first - subject <= _OWNED_REACH
        owner = self.trigger.shape != "noun" and near and self.is_owner(subject)
        if owner and not self.told_of(subject):
            return Unbound("what is his, not he", third=True)
        if sides(self.tokens[subject]) - mine:
            tier = STRICT if self.first - subject <= SUBJECT_REACH else WINDOW
            return self._bound(min(subject, partner), max(subject, partner), tier, subject, partner)
        return None

    def _with_person_behind(
        self, partner: int, subject: int | None, mine: frozenset[str]
    ) -> Bound | Unbound | None:
        """The contact of a partner with the person behind trigger and partner, None where that person is no party."""
        led = self.subject_between(partner)
        if led is not None and self.tokens[led].form == "OTHER":
            return Unbound("the other party is somebody else", third=True)
        if led is not None and sides(self.tokens[led]) - mine:
            return self._bound(led, partner, STRICT, led, partner)
        after = self.nearest_after(max(self.last, partner + 1), skip=partner)
        if after is None or after - self.last > WINDOW_REACH or self.parted(self.last, after, SENTENCE):
            return None
        if self.is_partner_first() and self.has_silent_subject(partner):
            return None
        told = self.governed(partner) and self.told(self.last, after)
        if sides(self.tokens[after]) and subject is None and told:
            return Unbound("somebody else tells of it", third=True)
        source = self.reported(partner, after) and not self.opens_with(partner, after)
        source = source and not self.is_partner_first()  # "in a call with A, C said": it is C's
        source = source or self.is_aside(partner, after)
        if self.tokens[after].form == "OTHER" and not source:
            return Unbound("the other party is somebody else", third=True)
        inside = self.first < partner < self.last  # "spoke A by phone with B": the subject stands within
        brought = (self.trigger.shape != "noun" or self.postposed) and self.governed(after) and not inside
        apart = brought or (self.is_owner(after) and not self.speaks(after))
        if sides(self.tokens[after]) - mine and not self.trigger.weak and not apart:
            return self._bound(partner, after, WINDOW, after, partner)
        return None

    def _with_partner_word(self, subject: int | None) -> Bound | Unbound:
        behind = None if subject is not None or self.trigger.weak else self.subject_after()
        if behind is not None:
            return replace(self._bound(behind, behind, FOCUS, behind), partner=True)
        if subject is None or self.trigger.weak:
            return (
                Unbound("nobody named")
                if self.trigger.weak
                else self._bound(self.first, self.first, IMPLICIT)
            )
        if self.tokens[subject].form == "OTHER":
            return Unbound("the subject is somebody else", third=True)
        earlier = self.nearest_before(subject)
        alone = all(self.tokens[g].form in ("A", "B") for g in self.groups)
        if earlier is None and alone:  # "the day after B's election, A rang him": B is nobody's subject
            earlier = next((g for g in reversed(self.groups) if g < subject), None)
        if earlier is not None and sides(self.tokens[earlier]) - sides(self.tokens[subject]):
            return self._bound(earlier, self.last - 1, WINDOW, earlier, subject)
        return replace(self._bound(subject, subject, FOCUS, subject), partner=True)

    def _window(self, subject: int | None) -> Bound | Unbound:
        close = subject is not None and self.first - subject <= _CLOSE_SUBJECT
        third = subject is not None and close and self.tokens[subject].form == "OTHER"
        if third and self.trigger.shape != "noun":
            return Unbound("the subject is somebody else", third=True)
        near = [
            g
            for g in self.groups
            if self.first - WINDOW_REACH <= g < self.first or self.last <= g < self.last + WINDOW_REACH
            if not self.is_owner(g) and not self.is_mentioned(g)
            if not (g >= self.last and self.trigger.shape == "verb" and self.is_quoted_apart(g))
            if not (self.tokens[g].form == "OTHER" and g > self.last and self.reported(self.last, g))
        ]
        here: frozenset[str] = frozenset()
        for g in sorted(near, key=lambda g: self.first - g if g < self.first else g - self.last):
            form = self.tokens[g].form
            loose = self.trigger.shape == "verb" and self.trigger.kind is Kind.UNSPECIFIED
            apart = form in ("AO", "BO") and (loose or not self.faces(g))
            if form == "OTHER" or apart:
                break
            if any(t.form == ";" for t in self.tokens[min(g, self.last) : max(g, self.first)]):
                break
            here |= sides(self.tokens[g])
            if len(here) == 2:
                used = [n for n in near if sides(self.tokens[n])]
                if (self.trigger.kind is Kind.UNSPECIFIED or self.trigger.shape == "direct") and self.crosses(
                    used
                ):
                    return Unbound("the two stand in different clauses")
                return self._bound(min(used[0], self.first), max(used[-1], self.last - 1), WINDOW, *used)
        if self.trigger.kind in CALLS and self.just_both() and all(t.form != ";" for t in self.tokens):
            used = [self.groups[0], self.groups[-1]]
            return self._bound(min(used[0], self.first), max(used[-1], self.last - 1), WINDOW, *self.groups)
        closest = min(near, key=lambda g: self.first - g if g < self.first else g - self.last, default=None)
        if closest is not None and self.tokens[closest].form in MIXED:
            return Unbound(NEARER, third=True)
        if subject is not None and subject in near:
            return self._bound(subject, subject, FOCUS, subject)
        if closest is not None:
            return self._bound(closest, closest, FOCUS, closest)
        if self.trigger.shape == "direct":
            return Unbound("nobody named")
        return self._bound(self.first, self.first, IMPLICIT)

    def _bound(self, low: int, high: int, tier: str, *groups: int) -> Bound:
        people: set[str] = set()
        named: frozenset[str] = frozenset()
        for n in groups:
            people |= self.tokens[n].people
            named |= sides(self.tokens[n])
        others = frozenset(p for p in people - self.pair if p and p != "?")
        return Bound(min(low, self.first), max(high + 1, self.last), tier, others, named)
