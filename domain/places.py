"""Where a contact took place: a table of places with the words for them in many languages."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from domain.canonical import Canonical
from domain.lexicon import Lexicon
from domain.pattern_set import PatternSet
from domain.patterns import compile_all
from domain.tokens import Token

# "at the request of Moscow" is said of a government: the words that lead to a place do not reach over these.
_BEHALF = frozenset(
    "demande initiative instigation invitation part avis request behalf insistence urging просьбе инициативе "  # noqa: SIM905
    "приглашению предложению iniziativa richiesta peticion iniciativa wunsch bitte einladung".split()
)
_BEHIND_REACH = 2  # tokens between a place and the ending that says "at" ("Versay Sarayı'nda")
_LOCATIVE_REACH = 5  # tokens between the preposition and the place ("in the gardens of the palace of ...")


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its English name; ``country``: too large to show that people who talked met there."""

    name: str
    country: bool


@cache
def load_places() -> tuple[tuple[Place, ...], PatternSet]:
    """For each pattern of ``language/places.toml`` its place, the most telling first, and the patterns.

    Raises ValueError for a wrong entry.
    """
    file = resources.files("domain.language").joinpath("places.toml")
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    owners: list[Place] = []
    words: list[str] = []
    for entry in raw.get("place", ()):
        if set(entry) - {"country"} != {"name", "words"} or not entry["words"]:
            raise ValueError(
                f"places.toml: entry {entry.get('name')!r} needs name and words, may have country"
            )
        owners += [Place(entry["name"], entry.get("country", False))] * len(entry["words"])
        words += entry["words"]
    return tuple(owners), compile_all(words, {})


def find_places(
    sentence: Canonical, lexicon: Lexicon, *, goals: bool = False
) -> tuple[tuple[Place, int], ...]:
    """The places named in a sentence with a locative word before them, with the character where they stand.

    ``goals``: also where somebody goes to.
    A place inside the description of a person ("the master of the Kremlin") is none.
    """
    tokens = sentence.plain
    described = {n for t in sentence.tokens if t.people for n in range(t.start, t.end)}
    line = "".join(f"{token.form} " for token in tokens)
    starts, length = {}, 0
    for n, token in enumerate(tokens):
        starts[length] = n
        length += len(token.form) + 1
    locative = lexicon.words["locative"] | (lexicon.words["directional"] if goals else frozenset())
    found: list[tuple[Place, int]] = []
    owners, patterns = load_places()
    for number, match in patterns.every(line):
        at = starts[match.start()]
        if tokens[at].start in described or (at and lexicon.numbers.get(tokens[at - 1].form) == 1):
            continue  # in a description of a person; "a Paris daily"
        before = [t.form for t in tokens[max(0, at - _LOCATIVE_REACH) : at]]
        behind = [t.form for t in tokens[at + 1 : at + 3]]
        if behind[:1] == ["'s"]:
            continue  # "at Kyiv's request": whose it is, not where
        if "," not in behind and any(form in lexicon.words["reporting"] for form in behind):
            continue
        if lexicon.cases is not None:
            if _is_followed(tokens, at, locative):
                found.append((owners[number], tokens[at].start))
            continue
        if _is_led(before, locative, lexicon.words["reporting"] | lexicon.words["posted"]):
            found.append((owners[number], tokens[at].start))
    return tuple(found)


def _is_followed(tokens: Sequence[Token], at: int, locative: frozenset[str]) -> bool:
    """Whether a locative word stands close behind a place ("Moskova'da", "Versay Sarayı'nda"), with no mark between."""
    for token in tokens[at + 1 : at + 2 + _BEHIND_REACH]:
        if token.form in locative:
            return True
        if not token.form[0].isalnum():
            return False
    return False


def _is_led(before: list[str], locative: frozenset[str], reporting: frozenset[str]) -> bool:
    """Whether the words before a place lead to it: a locative word, no mark between, and nobody speaking there."""
    for n in range(len(before) - 1, -1, -1):
        if before[n] in locative:
            return n == 0 or before[n - 1] not in reporting
        if not before[n][0].isalnum() or before[n] in _BEHALF or before[n] in reporting:
            return False
    return False
