"""Reads single sentences: every passage that tells of a contact of the pair, with kind, status, date and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.actors import Cast
from domain.bind import IMPLICIT, WINDOW, Bound, Unbound, bind
from domain.canonical import Canonical, canonical
from domain.circumstances import Circumstances
from domain.content import content_from, is_about_contact, is_occasion
from domain.dates import find_dates
from domain.dating import date_of, moved_to, said_before, since_of, told_on
from domain.duration import minutes_of
from domain.hits import Hit, find_hits
from domain.idioms import bind_idiom
from domain.lexicon import Lexicon
from domain.mentions import Mention, Refusal
from domain.model import Kind, Status
from domain.retelling import looks_back
from domain.segment import Sentence
from domain.spans import Span
from domain.status import Verdict, judge
from domain.tokens import Token, tokenize
from domain.voices import Voices

_AUXILIARY_REACH = 2  # tokens between an auxiliary and its participle


@dataclass(slots=True)
class Reader:
    """Reads the sentences of one article with one lexicon."""

    lexicon: Lexicon
    cast: Cast
    day: date | None
    language: str
    sentences: Sequence[Sentence]
    voices: Voices = field(init=False)
    circumstances: Circumstances = field(init=False)
    said: date | None = None  # the day of the statement of which the sentence before speaks
    refusals: list[Refusal] = field(default_factory=list)
    tokens: dict[Sentence, list[Token]] = field(default_factory=dict)
    found: dict[Sentence, list[Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.circumstances = Circumstances(self.lexicon, self.cast)
        self.voices = Voices(self.sentences, self.lexicon, self._forms, self._people)

    def may_tell(self, sentence: Sentence, sides: frozenset[str]) -> bool:
        """Whether a sentence holds the words of a trigger; most do not, and need not be read.

        ``sides``: to whom of the pair words in it may refer. A rule that asks for both is met without them only by
        "they", "his partner" or "I".
        """
        forms = [token.form for token in self._plain(sentence)]
        words = frozenset(forms)
        line = "".join(f"{form} " for form in forms)
        for n in self.lexicon.open_index.candidates(words):
            source = self.lexicon.open_rules[n].source
            if not source.literal or source.regex.search(line):
                return True
        found = self.lexicon.rule_index.candidates(words)
        if not found:
            return False
        if len(sides) == 2 or self.lexicon.words["me"].intersection(forms):
            return True
        if any(self.lexicon.phrases[who].search(line) for who in ("they", "company", "partner")):
            return True
        needs = (self.lexicon.rules[n].needs for n in found)
        return any(need and need <= sides for need in needs)

    def line(self, sentence: Sentence) -> Canonical:
        """The canonical form of a sentence, its dates included."""
        dates = find_dates(sentence.text, self.language)
        plain = self._plain(sentence)
        spoken = self.voices.spoken(sentence, self._forms(sentence))
        return canonical(sentence.text, plain, self.lexicon, self._people(sentence), dates, spoken)

    def _people(self, sentence: Sentence) -> list[Span]:
        """The persons that a sentence names, found once."""
        if sentence not in self.found:
            plain = self._plain(sentence)
            self.found[sentence] = self.cast.find(sentence.text, plain, self.lexicon, self.day)
        return self.found[sentence]

    def _forms(self, sentence: Sentence) -> list[str]:
        return [token.form for token in self._plain(sentence)]

    def _plain(self, sentence: Sentence) -> list[Token]:
        """The tokens of a sentence, made once."""
        if sentence not in self.tokens:
            self.tokens[sentence] = tokenize(sentence.text, self.lexicon)
        return self.tokens[sentence]

    def read(
        self, sentence: Sentence, order: int, line: Canonical, before: Canonical | None = None
    ) -> list[Mention]:
        """The mentions of one sentence, behind another; what was refused is kept in ``refusals``."""
        self.said = said_before(before, self.lexicon, self.day)
        out: list[Mention] = []
        verbs: list[int] = []
        vetoed = [line.span(m) for m in self.lexicon.veto.finditer(line.line)]
        hits = find_hits(line, self.lexicon, vetoed)
        for hit in hits:
            bound = self._bind(line, hit)
            if isinstance(bound, Bound) and is_about_contact(line, hit, hits, bound, self.lexicon):
                verbs.append(hit.first)
                bound = Unbound("it is with whom they talked about", third=True)
            if isinstance(bound, Unbound):
                self._refuse(sentence, line, hit, bound)
                continue
            if not hit.noun:
                verbs.append(hit.first)
            end = content_from(line, hit.first, hit.last, self.lexicon, weak=hit.trigger.weak)
            verdict = judge(line, *hit.head, hit.trigger, self.lexicon, end)
            spoken_of = any(bound.first <= verb < hit.first for verb in verbs)
            why = self._why_void(sentence, line, hit, verdict, spoken_of=spoken_of)
            if why is not None:
                self._refuse(sentence, line, hit, why)
                continue
            verdict = self._within_wish(
                line, out, hit.first, verdict, noun=hit.noun and bound.tier != IMPLICIT
            )
            if hit.noun and spoken_of and bound.tier == WINDOW:
                verdict = replace(verdict, earlier=True)  # "will speak to B after the Paris summit"
            if bound.retold:
                verdict = replace(verdict, background=verdict.background or "told to a third person")
            if any(h.first >= end and is_occasion(line, h.first, self.lexicon) for h in hits):
                end = len(line.tokens)  # "told him that ... in a call on Monday"
            mention = self._mention(sentence, order, line, hit, bound, verdict, end)
            if verdict.moved:
                mention = replace(mention, date=moved_to(line, self.lexicon, self.day))
            if verdict.moved and mention.date.first is None:
                verdict = replace(verdict, status=Status.CANCELLED, moved=False)
                mention = self._mention(sentence, order, line, hit, bound, verdict, end)
            why = self._why_not(line, hit, mention)
            if why is None:
                out.append(mention)
            else:
                self._refuse(sentence, line, hit, why)
            told_before = why is None and verdict.first and verdict.status is Status.OCCURRED
            if told_before or (why is not None and why.denied):
                out.extend(self._before(line, mention))
        return out

    def _bind(self, line: Canonical, hit: Hit) -> Bound | Unbound:
        pair = frozenset({self.cast.pair.a, self.cast.pair.b})
        if hit.trigger.shape == "idiom":
            found = bind_idiom(line, hit, self.lexicon, pair)
            seat = {"MA", "MB"} & {t.form for t in line.tokens[hit.first : hit.last]}
            alone = isinstance(found, Bound) and len(found.named) < 2
            if seat and alone and self.day is not None and not self.cast.in_office(self.day):
                return Unbound("a capital is no leader's before his term")
            return found
        return bind(line, hit.first, hit.last, hit.trigger, self.lexicon, pair)

    def _why_void(
        self, sentence: Sentence, line: Canonical, hit: Hit, verdict: Verdict, *, spoken_of: bool
    ) -> Unbound | None:
        """Why a trigger with parties tells of no contact at all: it is void, asked, or what they talked about."""
        if hit.noun and spoken_of and not verdict.cue:
            return Unbound("it is what they talked about")
        if verdict.void:
            return Unbound(f"void: {verdict.void}")
        askable = not hit.noun or sentence.block >= 0
        return Unbound("a question") if askable and self._is_asked(line, hit.head[1]) else None

    def _why_not(self, line: Canonical, hit: Hit, m: Mention) -> Unbound | None:
        """Why a mention tells of no occasion after all; None where it does."""
        if self._is_bare_infinitive(line, hit, m.verdict):
            return Unbound("an infinitive")
        bare = m.verdict.status is Status.OCCURRED and not m.verdict.cue and m.date.first is None
        if m.trigger.vague and bare:
            return Unbound("a relation, no occasion")
        return Unbound("it did not take place", denied=True) if m.verdict.negated else None

    def _before(self, line: Canonical, mention: Mention) -> list[Mention]:
        """The earlier contact that "the first since 2022" presupposes."""
        span = since_of(line, self.day)
        if span.first is None:
            return []
        verdict = replace(mention.verdict, background="first since", first=False, earlier=True)
        return [replace(mention, date=span, verdict=verdict, place=None, others=frozenset())]

    def _is_asked(self, line: Canonical, at: int) -> bool:
        """Whether the sentence, or its part from token ``at`` on, is a question that leaves open whether it was."""
        rest = [t.form for t in line.tokens[at:]]
        while rest and rest[-1] in ('"', ")", "'s"):
            rest.pop()
        if not rest or rest[-1] != "?" or {":", ";", ".", "!"} & set(rest):
            return False
        return self.lexicon.phrases["presupposed"].match(line.line) is None

    def _refuse(self, sentence: Sentence, line: Canonical, hit: Hit, why: Unbound) -> None:
        start, end = line.tokens[hit.first].start, line.tokens[hit.last - 1].end
        self.refusals.append(Refusal(sentence, start, end, hit.trigger, why.reason, why.third, why.denied))

    def _mention(
        self,
        sentence: Sentence,
        order: int,
        line: Canonical,
        hit: Hit,
        bound: Bound,
        verdict: Verdict,
        end: int,
    ) -> Mention:
        at = hit.head
        future = verdict.status in (Status.PLANNED, Status.PROPOSED) or self._announces(
            sentence, line, at, verdict
        )
        kind = self.circumstances.kind(line, at, hit.trigger)
        span = date_of(
            line,
            self._dated_at(line, hit, bound),
            self.lexicon,
            self.day,
            future=future,
            since=bool(verdict.background),
            off=verdict.status is Status.CANCELLED,
            said=self.said,
            end=end,
        )
        placed = kind in (Kind.MEETING, Kind.UNSPECIFIED) and verdict.status is not Status.DECLINED
        place = self.circumstances.place(line, at, goals=kind is Kind.MEETING) if placed else None
        done = verdict.status is Status.OCCURRED and not verdict.first and sentence.block >= 0
        return Mention(
            sentence,
            order,
            line.tokens[bound.first].start,
            line.tokens[bound.last - 1].end,
            hit.trigger,
            kind,
            bound.tier,
            verdict,
            span,
            place,
            bound.others | self.circumstances.joined(line),
            bound.named,
            bound.partner,
            self.circumstances.initiator(line),
            retells=done and span.first is None and looks_back(line, *at, self.lexicon),
            told=told_on(line, self.lexicon, self.day),
            lasted=verdict.status is Status.OCCURRED and span.first is None and self._lasted(line),
            present=self._is_present(line, at),
            occasion=hit.noun and is_occasion(line, hit.first, self.lexicon),
        )

    def _dated_at(self, line: Canonical, hit: Hit, bound: Bound) -> tuple[int, int]:
        """The tokens whose date counts: those of the trigger, but of a partner who comes behind another's date.

        "He spoke with C on Saturday and the following morning with A": the day of A's call stands beside A.
        """
        between = [n for n in range(hit.last, bound.last - 1) if line.tokens[n].form == "OTHER"]
        if hit.trigger.shape == "idiom" or not between:
            return hit.head
        own = any(token.date is not None for token in line.tokens[between[-1] + 1 : bound.last])
        return (bound.last - 1, bound.last) if own else hit.head

    def _lasted(self, line: Canonical) -> bool:
        return minutes_of([token.form for token in line.plain], self.lexicon) is not None

    def _within_wish(
        self, line: Canonical, before: list[Mention], first: int, verdict: Verdict, *, noun: bool
    ) -> Verdict:
        """What is named within a wish or plan is wished or planned ("ready to engage in dialogue")."""
        if verdict.status is not Status.OCCURRED or verdict.cue or not before:
            return verdict
        last = before[-1]
        if last.verdict.status not in (Status.PLANNED, Status.PROPOSED, Status.DECLINED):
            return verdict
        border = self.lexicon.words["boundary"] | {",", ";", ":", "—"}
        if noun and last.verdict.status is Status.PLANNED and last.solid:
            border = frozenset(
                {";", ":"}
            )  # "will ring B on Sunday, A's office said, describing the talk with B as ..."
        between = [t.form for t in line.tokens[:first] if t.start >= last.start]
        return (
            verdict
            if any(form in border for form in between)
            else replace(verdict, status=last.verdict.status)
        )

    def _is_bare_infinitive(self, line: Canonical, hit: Hit, verdict: Verdict) -> bool:
        """Whether a verb only says what for ("rang him to discuss", "to negotiate with him one must")."""
        verb = hit.trigger.shape in ("verb", "direct")
        if not verb or verdict.status is not Status.OCCURRED or verdict.cue:
            return False
        if any(t.people for t in line.tokens[hit.first : hit.last]):
            return False
        before = line.tokens[hit.first - 1].form if hit.first else ""
        own = f"{line.tokens[hit.first].form} "
        return (
            before in self.lexicon.words["infinitive"]
            or self.lexicon.phrases["infinitive"].fullmatch(own) is not None
        )

    def _announces(self, sentence: Sentence, line: Canonical, at: tuple[int, int], verdict: Verdict) -> bool:
        """Whether a present tense tells of what is to come: in running text, in few languages in a headline, too."""
        headline = sentence.block == -1 and "headline announces" not in self.lexicon.words["grammar"]
        return not headline and not verdict.cue and self._is_present(line, at)

    def _is_present(self, line: Canonical, at: tuple[int, int]) -> bool:
        own = "".join(f"{t.form} " for t in line.tokens[at[0] : at[1]])
        before = "".join(f"{t.form} " for t in line.tokens[max(0, at[0] - _AUXILIARY_REACH) : at[1]])
        if self.lexicon.phrases["perfect"].search(before):
            return False
        return self.lexicon.phrases["present"].search(own) is not None
