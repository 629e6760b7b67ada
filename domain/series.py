"""Partners in a row: "he spoke with C, then with A" tells of a contact with A as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.lexicon import Lexicon

if TYPE_CHECKING:
    from domain.canonical import Token

_SIDES = frozenset({"A", "B", "PAIR"})
_REACH = 10  # tokens between one partner and the preposition that brings the next
_ENDS = frozenset({".", ";", ":", "!", "?"})


def later_partner(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    """The principal who follows the partner at ``at`` in a series joined by "and", "then" or a comma; None: nobody."""
    brings = lexicon.words["with"]
    joins = lexicon.words["and"] | lexicon.words["then"] | {",", "DATE"}
    then = False
    for n in range(at + 1, min(len(tokens) - 1, at + 1 + _REACH)):
        form = tokens[n].form
        then = then or form in lexicon.words["then"]
        if form in brings and n > at + 1 and tokens[n - 1].form in joins:
            if tokens[n + 1].form in _SIDES:
                return n + 1
            return later_partner(tokens, n + 1, lexicon) if tokens[n + 1].form == "OTHER" else None
        if form not in joins and (not then or tokens[n].people or form in _ENDS):
            return None  # but "then, right afterwards, with A" goes on
    return None
