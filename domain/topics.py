"""What a contact was about: a table of topics with the words for them in many languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from domain.canonical import Canonical
from domain.pattern_set import PatternSet
from domain.patterns import compile_all


@cache
def load_topics() -> tuple[tuple[str, ...], PatternSet]:
    """For each pattern of ``language/topics.toml`` its topic, and the patterns.

    Raises ValueError for a wrong entry.
    """
    file = resources.files("domain.language").joinpath("topics.toml")
    topics = tomllib.loads(file.read_text(encoding="utf-8"))["topics"]
    for name, words in topics.items():
        if not words or not all(isinstance(word, str) and word for word in words):
            raise ValueError(f"topics.toml: {name} must be a list of words")
    owners = tuple(name for name, words in topics.items() for _ in words)
    return owners, compile_all([word for words in topics.values() for word in words], {})


def find_topics(sentences: Iterable[Canonical]) -> tuple[str, ...]:
    """The topics that the sentences name, in the order in which they are named.

    A country within the description of a person ("the Ukrainian president") is no topic.
    """
    owners, patterns = load_topics()
    found: dict[str, None] = {}
    for sentence in sentences:
        described = {n for t in sentence.tokens if t.people for n in range(t.start, t.end)}
        line = "".join(f"{t.form} " for t in sentence.plain if t.start not in described)
        named = sorted((match.start(), owners[number]) for number, match in patterns.every(line))
        found.update((topic, None) for _, topic in named)
    return tuple(found)
