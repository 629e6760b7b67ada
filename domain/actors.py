"""Finding the people of a sentence: by name in any script, by office and country, and as "the two presidents"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from domain.fold import fold
from domain.lexicon import Lexicon
from domain.pattern_set import REMEMBERED
from domain.people import Pair, People, Person, load_people, name_pattern
from domain.spans import UNKNOWN, Span, merge_spans, with_appositions
from domain.strangers import find_strangers

if TYPE_CHECKING:
    from domain.tokens import Token

_TITLE_REACH = 6  # tokens of a title before a name at most


@dataclass(frozen=True, slots=True)
class _Name:
    regex: re.Pattern[str]
    symbol: str
    slug: str
    capital: bool  # must be written with a capital letter (where the script has them)


@dataclass(frozen=True, slots=True)
class Watched:
    """One of a watched pair, and a quick pattern over folded text for the surname in any script."""

    person: Person
    names: re.Pattern[str]


class Cast:
    """The people of a watched pair and everybody else, with an index over the beginnings of their names."""

    def __init__(self, pair: Pair, people: People) -> None:
        self.pair = pair
        self.people = people
        self.a, self.b = people.leaders[pair.a], people.leaders[pair.b]
        self._index: dict[str, list[tuple[str, _Name]]] = {}
        self._known: dict[str, tuple[_Name, ...]] = {}
        for person in people.leaders.values():
            self._add_person(person)
        for name in people.others:
            self._add(_plain(name), "OTHER", UNKNOWN, True, name)
        for name in people.spokespersons:
            self._add(_plain(name), "SPEAKER", "", True, name)
        self.watched = (Watched(self.a, _gate(self.a)), Watched(self.b, _gate(self.b)))

    def symbol(self, slug: str) -> str:
        """``A``, ``B`` or ``OTHER``."""
        return "A" if slug == self.pair.a else "B" if slug == self.pair.b else "OTHER"

    def in_office(self, day: date) -> bool:
        """Whether both of the pair held an office on that day."""
        return all(any(term.covers(day) for term in one.terms) for one in (self.a, self.b))

    def _add_person(self, person: Person) -> None:
        symbol = self.symbol(person.slug)
        given = "|".join(_plain(g) for g in person.given)
        lead = f"(?:(?:{given})(?:[.] )?){{0,3}}" if given else ""
        surname = "|".join(_plain(n) for n in person.names)
        regex = f"{lead}(?:{surname})"
        for first in (*person.names, *person.given):
            self._add(regex, symbol, person.slug, symbol == "OTHER" and not person.lower_case, first)

    def _add(self, source: str, symbol: str, slug: str, capital: bool, first: str) -> None:
        begin = _begin(first)
        bucket = self._index.setdefault(begin[:2], [])
        if all(known != begin or e.regex.pattern != source for known, e in bucket):
            bucket.append((begin, _Name(re.compile(source), symbol, slug, capital)))

    def names(
        self, token_forms: Sequence[str], line: str, starts: Sequence[int], *, glued: bool = True
    ) -> Iterable[tuple[int, int, _Name]]:
        """Every name found, as (start in the line, end in the line, entry), longest first at each place.

        ``glued``: other words may be letters before a name, which the tokens do not show apart.
        """
        for n, form in enumerate(token_forms):
            found: tuple[int, int, _Name] | None = None
            # Hebrew and Arabic write "and", "with", "to" as one or two letters before a name.
            for skip in (0, 1, 2) if glued and "\u0590" <= form[0] <= "\u06ff" else (0,):
                for entry in self._begun_by(form[skip:] if skip else form):
                    match = entry.regex.match(line, starts[n] + skip)
                    if match and (found is None or match.end() > found[1]):
                        found = (starts[n], match.end(), entry)
            if found:
                yield found

    def _begun_by(self, form: str) -> tuple[_Name, ...]:
        """The names that may begin with a token."""
        known = self._known.get(form)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = tuple(name for begin, name in self._index.get(form[:2], ()) if form.startswith(begin))
            self._known[form] = known
        return known

    def find(self, text: str, tokens: list[Token], lexicon: Lexicon, day: date | None) -> list[Span]:
        """All people of a tokenized sentence, left to right, without overlaps."""
        forms = [t.form for t in tokens]
        starts, length = [], 0
        for form in forms:
            starts.append(length)
            length += len(form) + 1
        line = "".join(f"{f} " for f in forms)
        index = {position: n for n, position in enumerate(starts)}
        index[length] = len(forms)
        named: list[Span] = []
        for start, end, entry in self.names(forms, line, starts, glued=lexicon.clitics is None):
            first, last = index[start], index.get(end)
            if last is None or (named and first < named[-1].last):
                continue
            if entry.capital and all(text[t.start].islower() for t in tokens[first:last]):
                continue
            if _is_common(text, tokens[first:last], lexicon.words["homonym"]):
                continue
            named.append(self._named(entry, forms, first, last, lexicon))
        words = frozenset(forms)
        described = self._described(line, words, index, lexicon, day)
        weak = self._metonyms(line, words, index, lexicon)
        for name, symbol in (("company", "ALL"), ("they", "THEY"), ("partner", "PARTNER")):
            weak += [
                Span(index[m.start()], index[m.end()], symbol, frozenset())
                for m in lexicon.phrases[name].finditer(line, words)
            ]
        unknown = find_strangers(text, tokens, lexicon)
        weak += [Span(first, last, "OTHER", frozenset({UNKNOWN})) for first, last in unknown]
        return with_appositions(merge_spans(named, described, weak), described, forms)

    def _named(self, entry: _Name, forms: list[str], first: int, last: int, lexicon: Lexicon) -> Span:
        people = frozenset({entry.slug}) if entry.slug else frozenset({UNKNOWN})
        symbol = entry.symbol
        person = self.people.leaders.get(entry.slug)
        if person and first and any(forms[first - 1] == fold(w).rstrip("*") for w in person.not_after):
            return Span(first - 1, last, "OTHER", frozenset({UNKNOWN}))
        if (
            first >= 2
            and forms[first - 1] == "."
            and len(forms[first - 2]) <= 2
            and forms[first - 2].isalpha()
        ):
            first -= 2
        title = _title_before(forms, first, lexicon)
        if not title and forms[first - 1 : first] == [","] == forms[last : last + 1]:
            title = _title_before(forms, first - 1, lexicon)  # "the chancellor, C, said": the commas are his
            first, last = (first - 1, last + 1) if title else (first, last)
        first -= title
        if last < len(forms) and forms[last] in lexicon.words["styled"]:
            last += 1
        if first >= 2 and forms[first - 1] == "'s":
            owner = f"{forms[first - 2]} "
            if any(c.metonym.fullmatch(owner) for c in lexicon.countries.values()):
                first -= 2
        return Span(first, last, symbol, people)

    def _described(
        self, line: str, words: AbstractSet[str], index: dict[int, int], lexicon: Lexicon, day: date | None
    ) -> list[Span]:
        out: list[Span] = []
        for name in ("pair", "person", "home", "foreign"):
            for match in lexicon.actors[name].finditer(line, words):
                people = self._people(name, match.group(), lexicon, day)
                if people is None:
                    continue
                symbols = {self.symbol(p) for p in people}
                symbol = "PAIR" if {"A", "B"} <= symbols else symbols.pop() if len(symbols) == 1 else ""
                if not symbol:
                    symbol = "AO" if "A" in symbols else "BO" if "B" in symbols else "OTHER"
                out.append(Span(index[match.start()], index[match.end()], symbol, frozenset(people)))
        return out

    def _people(self, name: str, words: str, lexicon: Lexicon, day: date | None) -> set[str] | None:
        if name == "foreign":
            return {UNKNOWN}
        codes = [c.code for c in lexicon.countries.values() if c.any_word.search(words)]
        if name == "home":
            codes = [lexicon.home] if lexicon.home else []
        if name == "pair" and len(codes) < 2:
            return None
        offices = [o for o, regex in lexicon.offices.items() if regex.search(words)] or ["leader"]
        return {self._holder(code, offices, day) for code in codes} or None

    def _holder(self, country: str, offices: list[str], day: date | None) -> str:
        def fits(person: Person) -> bool:
            return any(
                t.country == country
                and (t.office in offices or "leader" in offices)
                and (day is None or t.covers(day))
                for t in person.terms
            )

        for person in (self.a, self.b):
            if fits(person):
                return person.slug
        if day is not None:
            for slug, person in self.people.leaders.items():
                if fits(person):
                    return slug
        return UNKNOWN

    def _metonyms(
        self, line: str, words: AbstractSet[str], index: dict[int, int], lexicon: Lexicon
    ) -> list[Span]:
        out: list[Span] = []
        for person, symbol in ((self.a, "MA"), (self.b, "MB")):
            for code in {t.country for t in person.terms}:
                country = lexicon.countries.get(code)
                if country:
                    out.extend(
                        Span(index[m.start()], index[m.end()], symbol, frozenset())
                        for m in country.metonym.finditer(line, words)
                    )
        return out


def _title_before(forms: Sequence[str], at: int, lexicon: Lexicon) -> int:
    """How many tokens before one are the title of somebody named there."""
    line = "".join(f"{f} " for f in forms[max(0, at - _TITLE_REACH) : at])
    titles = (match for _, match in lexicon.phrases["honorific"].every(line) if match.end() == len(line))
    return max((title.group().count(" ") for title in titles), default=0)


def _is_common(text: str, tokens: Sequence[Token], common: frozenset[str]) -> bool:
    """Whether a word is a common one that only folding makes a name: in small letters, or with its accents."""
    words = (text[t.start : t.end] for t in tokens) if common else ()
    return any(w.lower() in common and (w.islower() or fold(w) != w.lower()) for w in words)


def _plain(name: str) -> str:
    """The token-line pattern of a name form: its words, each followed by one space."""
    folded = fold(name)
    if re.search("[\u3040-\u30ff\u3400-\u9fff]", folded):
        return "".join(re.escape(c) + " " for c in folded if not c.isspace())
    return name_pattern(name).replace(r"[\s\-]+", " ") + " "


def _begin(name: str) -> str:
    """The letters with which the first token of a name form begins; Chinese and Japanese ones may be single signs."""
    folded = fold(name)
    if re.match("[\u3040-\u30ff\u3400-\u9fff]", folded):
        return folded[:1]
    found = re.match(r"\w+", folded)
    return found.group() if found else ""


def _gate(person: Person) -> re.Pattern[str]:
    words = [re.escape(fold(n).rstrip("~").split()[-1].rstrip("~")) for n in person.names]
    return re.compile("|".join(words))


@cache
def cast_of(pair: Pair) -> Cast:
    """The cast for a pair, built once."""
    return Cast(pair, load_people())
