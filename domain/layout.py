"""The parts of an article: title, lead, body, captions and the furniture behind (or between) the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.bystanders import MIXED
from domain.canonical import Canonical
from domain.clauses import sides as sides_of
from domain.fold import fold
from domain.furniture import Mark, classify
from domain.lexicon import Lexicon
from domain.pattern_set import PatternSet
from domain.segment import Sentence
from domain.spans import UNKNOWN
from domain.tokens import Token
from domain.unspaced import count_words

_LEAD_SENTENCES = 3  # of running text
_HEADLINE_WORDS = 18  # a block behind a "related" header is a headline up to this length
_MENU_CHARACTERS = 200  # of a line of links with bars between, at most
_HEADER_CHARACTERS = 60  # of a header of related articles, at most
_TOP_REACH = 5  # sentences from the top in which the two of an article are named
_BACK_REACH = 3  # sentences back over which two persons are still "the two"
_CLOCK = re.compile(r"\(?(?:[01]?\d|2[0-4])\s?[:.h]\s?[0-5]\d\b(?![.,:]\d)")
_TICKER_ITEMS = 3  # blocks that begin with a time of day, for an article to be a live ticker
_FURNITURE = frozenset(
    {Mark.COMMENTS, Mark.RELATED, Mark.TEASER, Mark.LEGAL, Mark.MENU, Mark.BYLINE, Mark.AGENCY}
)
_STOPS = tuple('.!?…»”")')
_WIDE_STOPS = (*_STOPS, *"。！？；」』）")


class Lines(Mapping[int, Canonical]):
    """The canonical sentences of an article by their order, but for furniture; made when first asked for."""

    def __init__(self, orders: Iterable[int], make: Callable[[int], Canonical]) -> None:
        self._orders = dict.fromkeys(orders)
        self._make = make
        self._made: dict[int, Canonical] = {}

    def __contains__(self, order: object) -> bool:
        return order in self._orders

    def __getitem__(self, order: int) -> Canonical:
        if order not in self._made:
            if order not in self._orders:
                raise KeyError(order)
            self._made[order] = self._make(order)
        return self._made[order]

    def __iter__(self) -> Iterator[int]:
        return iter(self._orders)

    def __len__(self) -> int:
        return len(self._orders)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each sentence stands."""

    captions: frozenset[int]
    body: tuple[int, ...]  # the blocks of running text, in order
    lead: frozenset[tuple[int, int]]  # (block, position) of the lead sentences
    title: frozenset[int]  # the sentences of the title
    running: frozenset[int]  # the sentences of title and running text
    lead_orders: frozenset[int]  # the sentences of the lead
    lines: Lines
    items: frozenset[int] = (
        frozenset()
    )  # the blocks of a live ticker: what they tell is news wherever they stand

    def is_caption(self, sentence: Sentence) -> bool:
        """Whether a sentence is the caption of a picture."""
        return sentence.block in self.captions

    def in_lead(self, sentence: Sentence) -> bool:
        """Whether a sentence is one of the title or of the first of the running text."""
        return sentence.block == -1 or (sentence.block, sentence.position) in self.lead

    def lead_says(self, words: PatternSet) -> bool:
        """Whether a sentence of the title or the lead holds such words."""
        orders = sorted(n for n in self.title | self.lead_orders if n in self.lines)
        return any(words.search(self.lines[n].line) for n in orders)

    def title_lines(self) -> list[Canonical]:
        """The sentences of the title."""
        return [self.lines[order] for order in sorted(self.title) if order in self.lines]

    def sides(self, first: int, last: int) -> frozenset[str]:
        """Which of the pair the sentences from ``first`` to ``last`` name."""
        out: frozenset[str] = frozenset()
        for order in range(last, max(0, first) - 1, -1):  # the last are mostly made already
            if order in self.lines and len(out) < 2:
                for token in self.lines[order].tokens:
                    out |= sides_of(token)
        return out

    def names_both(self, order: int, reach: int) -> bool:
        """Whether both were named in the last ``reach`` sentences or in this one."""
        return len(self.sides(order - reach, order)) == 2

    def title_sides(self) -> frozenset[str]:
        """Which of the pair the title names."""
        tokens = [t for line in self.title_lines() for t in line.tokens]
        seats = {t.form[1] for t in tokens if t.form in ("MA", "MB")}  # "A takes Moscow's pulse"
        return frozenset(seats).union(*(sides_of(t) for t in tokens))

    def title_names_others(self) -> bool:
        """Whether the title names two or more of whom somebody else is one, and not both of the pair."""
        people = [t for line in self.title_lines() for t in line.tokens if t.people]
        sides = {side for t in people for side in sides_of(t)}
        several = len(people) > 1 or any(len(t.people) > 1 for t in people)
        return several and len(sides) < 2 and any(t.form in MIXED for t in people)

    def title_names_just_both(self) -> bool:
        """Whether the title names both of the pair and nobody else."""
        people = [t for line in self.title_lines() for t in line.tokens if t.people]
        sides = {side for t in people for side in sides_of(t)}
        return len(sides) == 2 and all(t.form in ("A", "B", "PAIR") for t in people)

    def protagonist(self) -> frozenset[str]:
        """The one of the pair whom the title names, if it names just that one person."""
        people = [t for line in self.title_lines() for t in line.tokens if t.people]
        sides = frozenset().union(*(sides_of(t) for t in people)) if people else frozenset()
        return sides if len(sides) == 1 and all(t.form in ("A", "B") for t in people) else frozenset()

    def refers_back(self, order: int, missing: frozenset[str]) -> bool:
        """Whether "he" in a sentence is the missing one of the pair, by the last sentence that names people."""
        earlier, people = self._people_before(order)
        if len(missing) == 2:
            return bool(people) and self._both_meant(earlier, people)
        if any(t.form == "OTHER" for t in people):
            return bool(sides_of(people[0]) & missing) and people[0].form in ("A", "B", "PAIR")
        return any(sides_of(t) & missing for t in people)

    def anyone_before(self, order: int) -> bool:
        """Whether somebody is named before a sentence."""
        return bool(self._people_before(order)[1])

    def refers_elsewhere(self, order: int) -> bool:
        """Whether "he" in a sentence is somebody else: the last sentence that names people names none of the pair."""
        _, people = self._people_before(order)
        return bool(people) and not any(sides_of(t) for t in people)

    def _people_before(self, order: int) -> tuple[int, list[Token]]:
        """The last sentence before one that names people, and those it names."""
        for earlier in range(order - 1, -1, -1):
            people = self.people(earlier)
            if people:
                return earlier, people
        return -1, []

    def people(self, order: int) -> list[Token]:
        """The persons of a sentence, but for spokespersons."""
        line = self.lines.get(order)
        return [t for t in line.tokens if t.people and t.form != "SPEAKER"] if line else []

    def _both_meant(self, order: int, people: list[Token]) -> bool:
        """Whether "the two" behind a sentence with these people are the pair."""
        if any(t.form in ("OTHER", "AO", "BO") for t in people):
            return any(t.form == "PAIR" for t in people)
        return len(self.sides(order - _BACK_REACH, order)) == 2 or len(self.sides(0, _TOP_REACH)) == 2

    def is_answered(self, missing: frozenset[str]) -> bool:
        """Whether the first whom the text names is the one whom a title leaves out ("Conversation with A")."""
        for order in sorted(self.lines):
            people = self.people(order) if order not in self.title else []
            if people:
                return people[0].form == "".join(missing) and not any(t.form == "OTHER" for t in people)
        return False

    def beside(self, order: int, missing: frozenset[str]) -> bool:
        """Whether the next sentence that names people (or the one before) begins with the missing of the pair."""
        for step in (1, -1):
            at = order + step
            while at in self.lines and abs(at - order) <= _BACK_REACH - 1:
                people = self.people(at)
                if people:
                    named = sides_of(people[0])
                    if len(missing) == 2 and not any(t.form == "OTHER" for t in people):
                        named = frozenset().union(*(sides_of(t) for t in people))
                    if named >= missing:
                        return True
                    break
                at += step
        return False


def lay_out(
    sentences: tuple[Sentence, ...],
    title: str,
    text: str,
    lexicon: Lexicon,
    make: Callable[[Sentence], Canonical],
) -> Layout:
    """Tell the parts of an article apart; ``make`` gives the canonical form of a sentence."""
    blocks: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        if sentence.block >= 0:
            blocks.setdefault(sentence.block, []).append(sentence)
    furniture, captions, body = _parts(blocks, title, text, lexicon)
    in_body = frozenset(body)
    running = [s for s in sentences if s.block in in_body]
    lead = frozenset((s.block, s.position) for s in running[:_LEAD_SENTENCES])
    text_orders = frozenset(n for n, s in enumerate(sentences) if s.block in in_body)
    leads = frozenset(n for n, s in enumerate(sentences) if (s.block, s.position) in lead)
    titles = frozenset(n for n, s in enumerate(sentences) if s.block == -1)
    kept = (n for n, s in enumerate(sentences) if s.block not in furniture)
    lines = Lines(kept, lambda order: make(sentences[order]))
    items = _ticker(text, {number: members[0].start for number, members in blocks.items()})
    return Layout(
        frozenset(captions), tuple(body), lead, titles, titles | text_orders, leads, lines, items - furniture
    )


def _parts(
    blocks: Mapping[int, Sequence[Sentence]], title: str, text: str, lexicon: Lexicon
) -> tuple[set[int], set[int], list[int]]:
    """The numbers of the blocks that are page furniture, captions, and running text; what is left is short lines."""
    furniture: set[int] = set()
    captions: set[int] = set()
    body: list[int] = []
    mode = ""
    heading = fold(title).strip()
    for number, members in blocks.items():
        block = text[members[0].start : members[-1].end]
        menu = block.count(" | ") >= 2 and len(block) < _MENU_CHARACTERS
        mark = Mark.MENU if menu else _mark(block, lexicon)
        unspaced = lexicon.cutter is not None
        words = count_words(block) if unspaced else len(block.split())
        ends = block.rstrip().endswith(_WIDE_STOPS if unspaced else _STOPS)
        if mark is Mark.COMMENTS and body:
            mode = "comments"
        elif mark is Mark.RELATED and body:
            mode = "related"
        elif mode == "related" and words > _HEADLINE_WORDS and ends:
            mode = ""
        if mode or mark in _FURNITURE:
            furniture.add(number)
        elif mark is Mark.CAPTION:
            captions.add(number)
        elif ((words > 7 and ends) or words > 25) and fold(block).strip() != heading:
            body.append(number)
    return furniture, captions, body


def _ticker(text: str, blocks: dict[int, int]) -> frozenset[int]:
    """The blocks (with where they start) of a live ticker: that begin with a time of day, or stand behind one."""
    timed = sorted(number for number, start in blocks.items() if _CLOCK.match(text, start))
    if len(timed) < _TICKER_ITEMS:
        return frozenset()
    return frozenset(number for number in blocks if number >= timed[0])


def is_about_others(line: Canonical) -> bool:
    """Whether a sentence tells of known others, or of one of the pair with them: its day is not that of the two."""
    forms = {token.form for token in line.tokens}
    others = any(token.form in MIXED and token.people - {UNKNOWN} for token in line.tokens)
    return others and not forms & {"A", "B", "PAIR", "MA", "MB"}


def _mark(block: str, lexicon: Lexicon) -> Mark | None:
    ends = lexicon.furniture.get("ends")
    if ends is not None and len(block) < _HEADER_CHARACTERS:
        words = " ".join("".join(c if c.isalnum() else " " for c in fold(block)).split()) + " "
        if ends.match(words) is not None:
            return Mark.RELATED
    return classify(block)
