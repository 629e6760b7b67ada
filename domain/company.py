"""Whom "the four" means: the pair and the others of a summit or a call of several, by those named just before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.bind import WINDOW
from domain.canonical import Canonical
from domain.layout import Layout
from domain.lexicon import Lexicon
from domain.mentions import Mention
from domain.spans import UNKNOWN
from domain.tokens import Token

_REACH = 4  # sentences back over which the members of a company are named


def with_company(
    mentions: Sequence[Mention], layout: Layout, lexicon: Lexicon, pair: frozenset[str]
) -> list[Mention]:
    """The mentions, those of "all four" with their parties; left out where these are not the pair and others."""
    out = []
    for m in mentions:
        line = layout.lines[m.order]
        company = None if m.solid else next((t for t in line.tokens if t.form == "ALL"), None)
        if company is None:
            out.append(m)
            continue
        members = _members(m.order, layout, _count(line, company, lexicon))
        if pair < members:
            others = frozenset(members - pair - {UNKNOWN})
            out.append(replace(m, tier=WINDOW, named=frozenset("AB"), others=m.others | others))
    return out


def _count(line: Canonical, company: Token, lexicon: Lexicon) -> int | None:
    """How many the words say they are."""
    words = [t.form for t in line.plain if company.start <= t.start < company.end]
    return next((lexicon.numbers[word] for word in words if word in lexicon.numbers), None)


def _members(order: int, layout: Layout, count: int | None) -> frozenset[str]:
    """Those named up to a sentence, as far back as it takes to be so many; nobody where the number is never met."""
    people: frozenset[str] = frozenset()
    for before in range(order, max(-1, order - _REACH - 1), -1):
        people = people.union(*(token.people for token in layout.people(before)))
        if count is not None and len(people) >= count:
            return people if len(people) == count else frozenset()
    return people if count is None else frozenset()
