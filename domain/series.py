"""Partners in a row: "he spoke with C, then with A" tells of a contact with A as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.lexicon import Lexicon

if TYPE_CHECKING:
    from domain.canonical import Token

_SIDES = frozenset({"A", "B", "PAIR"})
_REACH = 6  # tokens between one partner and the preposition that brings the next


def later_partner(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    """The principal who follows the partner at ``at`` in a series joined by "and", "then" or a comma; None: nobody."""
    brings = lexicon.words["with"]
    joins = lexicon.words["and"] | lexicon.words["then"] | {",", "DATE"}
    for n in range(at + 1, min(len(tokens) - 1, at + 1 + _REACH)):
        form = tokens[n].form
        if form in brings and n > at + 1:
            if tokens[n + 1].form in _SIDES:
                return n + 1
            return later_partner(tokens, n + 1, lexicon) if tokens[n + 1].form == "OTHER" else None
        if form not in joins:
            return None
    return None
