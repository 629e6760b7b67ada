"""Who speaks in a quotation: what one of the pair tells in the first person ("I called him") is told by name.

A quotation belongs to the person beside a verb of saying behind it ('"...," said A'), or before it ('A said: "..."',
'A: "..."'); one that goes on after its speaker keeps him. A pronoun there ('"...," he said') is the last speaker of
the paragraph, or the person whom the last sentence before it names first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.fold import fold
from domain.lexicon import Lexicon
from domain.segment import Sentence
from domain.spans import UNKNOWN, Span

_SAYING_REACH = 8  # tokens from the end of a quotation to its speaker and to the verb
_LEAD_REACH = 10  # tokens from the verb of saying, or the colon, back to the speaker
_MARKS = '"“”„«»「」『』'
_PAIR = ("A", "B")


class _Word(NamedTuple):
    """A word or person of a paragraph, with the sentence and the tokens it stands for."""

    form: str
    sentence: int
    first: int
    people: frozenset[str]


@dataclass(slots=True)
class Voices:
    """The speakers of an article's quotations; ``forms`` and ``people`` give the words and persons of a sentence."""

    sentences: Sequence[Sentence]
    lexicon: Lexicon
    forms: Callable[[Sentence], Sequence[str]]
    people: Callable[[Sentence], Sequence[Span]]
    members: dict[int, list[Sentence]] = field(init=False)  # the sentences of each block
    interviewed: Span | None = field(init=False)  # the one of the pair whose words are the title ('A: "..."')
    found: dict[int, Mapping[Sentence, list[Span]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.members = {}
        for sentence in self.sentences:
            self.members.setdefault(sentence.block, []).append(sentence)
        self.interviewed = self._interviewed()

    def spoken(self, sentence: Sentence, forms: Sequence[str]) -> list[Span]:
        """The words of a sentence in which one of the pair speaks of himself ("I"), or of both ("we")."""
        words = self.lexicon.words
        if not (words["me"] | words["us"]).intersection(forms):
            return []
        if sentence.block not in self.found:
            self.found[sentence.block] = self._read(self.members[sentence.block])
        return self.found[sentence.block].get(sentence, [])

    def _read(self, members: Sequence[Sentence]) -> Mapping[Sentence, list[Span]]:
        quoted = {n for n, s in enumerate(members) if any(mark in s.text for mark in _MARKS)}
        if not quoted and self.interviewed is None:
            return {}
        line = [
            word
            for number, s in enumerate(members)
            for word in self._words(number, s, named=bool(quoted & {number, number + 1}))
        ]
        out: dict[Sentence, list[Span]] = {}
        told = [*(self._first_persons(line) if quoted else ()), *self._answers(members, line)]
        for word, symbol, people in told:
            out.setdefault(members[word.sentence], []).append(
                Span(word.first, word.first + 1, symbol, people)
            )
        return out

    def _words(self, number: int, sentence: Sentence, *, named: bool) -> Iterator[_Word]:
        """The words of a sentence; its persons only where they may speak: beside a quotation mark."""
        forms = self.forms(sentence)
        at = 0
        for span in self.people(sentence) if named else ():
            yield from (_Word(forms[n], number, n, frozenset()) for n in range(at, span.first))
            yield _Word(span.symbol, number, span.first, span.people)
            at = span.last
        yield from (_Word(forms[n], number, n, frozenset()) for n in range(at, len(forms)))

    def _answers(
        self, members: Sequence[Sentence], line: Sequence[_Word]
    ) -> Iterator[tuple[_Word, str, frozenset[str]]]:
        """The "I" outside quotations in the answers of an interview; what ends with a question mark is a question."""
        speaker = self.interviewed
        if speaker is None or members[0].block < 0 or members[-1].text.rstrip().endswith("?"):
            return
        within = False
        for word in line:
            within ^= word.form == '"'
            if not within and word.form in self.lexicon.words["me"]:
                yield word, speaker.symbol, speaker.people

    def _interviewed(self) -> Span | None:
        title = next(iter(self.members.get(-1, ())), None)
        if title is None or '"' not in fold(title.text):
            return None
        forms, people = self.forms(title), self.people(title)
        first = next(iter(people), None)
        if first is None or first.first or first.symbol not in _PAIR:
            return None
        return first if list(forms[first.last : first.last + 2]) == [":", '"'] else None

    def _first_persons(self, line: list[_Word]) -> Iterator[tuple[_Word, str, frozenset[str]]]:
        marks = [n for n, word in enumerate(line) if word.form == '"']
        subjects: dict[int, _Word] = {}  # whom each sentence names first
        for word in line:
            if word.people:
                subjects.setdefault(word.sentence, word)
        speaker: _Word | None = None
        for number in range(0, len(marks) - 1, 2):
            first, last = marks[number], marks[number + 1]
            until = marks[number + 2] if number + 2 < len(marks) else len(line)
            since = marks[number - 1] if number else -1
            earlier = speaker or subjects.get(line[first].sentence - 1)
            found = self._behind(line, last, until, earlier) or self._before(line, first, since, earlier)
            speaker = found or speaker
            if speaker is None or speaker.form not in _PAIR:
                continue
            for word in line[first:last]:
                if word.form in self.lexicon.words["me"]:
                    yield word, speaker.form, speaker.people
                elif word.form in self.lexicon.words["us"]:
                    yield word, "THEY", frozenset()

    def _behind(self, line: list[_Word], last: int, until: int, speaker: _Word | None) -> _Word | None:
        """Who says so right behind a quotation, in the sentence that holds its end."""
        near = line[last + 1 : min(until, last + 1 + _SAYING_REACH)]
        near = [w for w in near if w.sentence == near[0].sentence]
        saying = next((n for n, w in enumerate(near) if w.form in self.lexicon.words["reporting"]), None)
        if saying is None:
            return None
        person = next((w for w in near if w.people), None)
        if person is not None and (person.form != "OTHER" or person.people != {UNKNOWN} or saying <= 2):
            return person
        return self._he(near, speaker)

    def _before(self, line: list[_Word], first: int, since: int, speaker: _Word | None) -> _Word | None:
        """Who is about to say so: before a verb of saying or a colon that leads to the quotation."""
        lead = [w for w in line[since + 1 : first] if w.sentence == line[first].sentence]
        if not lead:
            return None
        words = self.lexicon.words
        says = [n for n, w in enumerate(lead) if w.form in words["reporting"]]
        if lead[-1].form != ":" and not says:
            return None
        at = says[-1] if says else len(lead) - 1
        before = [w for w in lead[max(0, at - _LEAD_REACH) : at] if w.people]
        behind = [w for w in lead[at : at + 4] if w.people]
        person = next(iter(before or behind), None)
        return person or self._he(lead, speaker)

    def _he(self, near: Sequence[_Word], speaker: _Word | None) -> _Word | None:
        """Who "he" beside a verb of saying is: the last speaker, or the subject of the sentence before."""
        return speaker if any(w.form in self.lexicon.words["he"] for w in near) else None
