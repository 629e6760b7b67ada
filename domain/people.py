"""Whom Parley knows: leaders with their names in many scripts and their terms of office.

The data is ``language/people.toml``. Everything here is the same for every language; how a language speaks of a
country or an office stands in that language's lexicon.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from domain.fold import fold
from domain.unspaced import is_han

# Endings that a name takes where its entry ends in "~". The letters that follow must end the word. Derived words
# ("macronie", "putinism", "путинский") are longer than these endings or excluded by name.
LATIN_ENDINGS = r"(?!is[mtc]|i[ae]n|ie\b)[a-z]{0,4}"
CYRILLIC_ENDINGS = r"(?!щин|ск)[а-яіїєґй]{0,3}"
OTHER_ENDINGS = r"\w{0,3}"


@dataclass(frozen=True, slots=True)
class Term:
    """An office held in a country (ISO 3166-1 alpha-2) from the first to the last day; None: no end known."""

    office: str
    country: str
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """Whether the office was held on that day."""
        return self.first <= day and (self.last is None or day < self.last)


@dataclass(frozen=True, slots=True)
class Person:
    """A leader. ``label`` is the short English name used in ``with_others``."""

    slug: str
    name: str
    label: str
    names: tuple[str, ...]
    given: tuple[str, ...]
    not_after: tuple[str, ...]
    terms: tuple[Term, ...]
    spellings: Mapping[str, str] = field(
        default_factory=dict
    )  # of the surname by language, where not the label
    lower_case: bool = False  # the names are also written without capital letters ("the pope")


@dataclass(frozen=True, slots=True)
class Capital:
    """A capital with its time zone (IANA name)."""

    city: str
    zone: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two leaders whose contacts are watched: ``a`` and ``b`` are person slugs."""

    slug: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class People:
    """All known people: leaders by slug, plus name forms of others and of spokespersons."""

    leaders: Mapping[str, Person]
    others: tuple[str, ...]
    spokespersons: tuple[str, ...]
    capitals: Mapping[str, Capital] = field(default_factory=dict)  # by country

    def capitals_of(self, pair: Pair) -> tuple[Capital, ...]:
        """The capitals of a pair, in its order; one that the table does not know is left out."""
        countries = (
            self.leaders[slug].terms[-1].country for slug in (pair.a, pair.b) if self.leaders[slug].terms
        )
        return tuple(dict.fromkeys(self.capitals[code] for code in countries if code in self.capitals))

    def holder(self, office: str, country: str, day: date) -> Person | None:
        """Who held the office in the country on that day, or None where the table does not know."""
        for person in self.leaders.values():
            if any(t.office == office and t.country == country and t.covers(day) for t in person.terms):
                return person
        return None


DEFAULT_PAIR = Pair("macron-putin", "macron", "putin")


def make_pair(a: str, b: str) -> Pair:
    """The pair of two person slugs; raises ValueError (with the known slugs) for a person nobody described."""
    leaders = load_people().leaders
    for slug in (a, b):
        if slug not in leaders:
            raise ValueError(f"unknown person {slug!r}; known are: {', '.join(sorted(leaders))}")
    if a == b:
        raise ValueError(f"a pair needs two different people, got {a!r} twice")
    return Pair(f"{a}-{b}", a, b)


@cache
def load_people() -> People:
    """The people of ``language/people.toml``; raises ValueError naming the entry that is wrong."""
    file = resources.files("domain.language").joinpath("people.toml")
    return parse_people(tomllib.loads(file.read_text(encoding="utf-8")))


def parse_people(raw: Mapping[str, Any]) -> People:
    """Read the parsed TOML of a people file; raises ValueError naming the entry and what is wrong with it."""
    unknown = set(raw) - {"person", "other", "spokesperson", "capitals"}
    if unknown:
        raise ValueError(f"people.toml: unknown table {sorted(unknown)[0]!r}")
    leaders: dict[str, Person] = {}
    for entry in raw.get("person", ()):
        person = _person(entry)
        if person.slug in leaders:
            raise ValueError(f"people.toml: person {person.slug!r} stands twice")
        leaders[person.slug] = person
    others = tuple(name for entry in raw.get("other", ()) for name in entry["names"])
    spokespersons = tuple(name for entry in raw.get("spokesperson", ()) for name in entry["names"])
    capitals = {code: Capital(*entry) for code, entry in raw.get("capitals", {}).items()}
    return People(leaders, others, spokespersons, capitals)


def _person(entry: Mapping[str, Any]) -> Person:
    slug = entry.get("slug")
    if not isinstance(slug, str):
        raise ValueError(f"people.toml: a person without slug: {dict(entry)!r}")
    unknown = set(entry) - {
        "slug",
        "name",
        "label",
        "names",
        "given",
        "not_after",
        "terms",
        "lower_case",
        "spellings",
    }
    if unknown:
        raise ValueError(f"people.toml: person {slug!r}: unknown key {sorted(unknown)[0]!r}")
    for key in ("name", "label", "names"):
        if not entry.get(key):
            raise ValueError(f"people.toml: person {slug!r}: {key!r} is missing")
    terms = tuple(_term(slug, term) for term in entry.get("terms", ()))
    return Person(
        slug,
        entry["name"],
        entry["label"],
        tuple(entry["names"]),
        tuple(entry.get("given", ())),
        tuple(entry.get("not_after", ())),
        terms,
        {str(language): str(word) for language, word in entry.get("spellings", {}).items()},
        bool(entry.get("lower_case", False)),
    )


def _term(slug: str, term: Mapping[str, Any]) -> Term:
    try:
        return Term(term["office"], term["country"], term["from"], term.get("to"))
    except KeyError as error:
        raise ValueError(f"people.toml: person {slug!r}: a term lacks {error.args[0]!r}") from error


def search_words(pair: Pair, language: str) -> tuple[str, str]:
    """Both surnames as the press of a language writes them, to search with."""
    leaders = load_people().leaders
    a, b = leaders[pair.a], leaders[pair.b]
    return a.spellings.get(language, a.label), b.spellings.get(language, b.label)


def names_both(pair: Pair) -> Callable[[str], bool]:
    """Tells whether a text names both people of a pair, in whatever script."""
    leaders = load_people().leaders
    patterns = [
        re.compile("|".join(_bordered(name) for name in leaders[slug].names)) for slug in (pair.a, pair.b)
    ]

    def names(text: str) -> bool:
        folded = fold(text)
        return all(pattern.search(folded) for pattern in patterns)

    return names


def _glued(name: str) -> str:
    """What may be written together with a name: "and", "to" and "with" in Hebrew and Arabic are letters before it."""
    return r"\w{0,2}" if "\u0590" <= name[0] <= "\u06ff" else ""


def _bordered(name: str) -> str:
    """A name that is no part of a longer word, where the script has spaces to tell."""
    return re.escape(name) if is_han(name) else rf"(?<!\w){_glued(name)}(?:{name_pattern(name)})(?!\w)"


def name_pattern(name: str) -> str:
    """The regular expression (over folded text, without word borders) of one name form of the data file."""
    words = []
    for word in fold(name).split():
        if word.endswith("~"):
            stem = word[:-1]
            words.append(re.escape(stem) + _endings(stem))
        else:
            words.append(re.escape(word))
    return r"[\s\-]+".join(words)


def _endings(stem: str) -> str:
    if re.fullmatch(r"[a-z'’]+", stem):
        return LATIN_ENDINGS
    if re.search(r"[а-яіїєґ]", stem):
        return CYRILLIC_ENDINGS
    return OTHER_ENDINGS
