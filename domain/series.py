"""Partners in a row: "he spoke with C, then with A" tells of a contact with A as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.lexicon import Lexicon

if TYPE_CHECKING:
    from domain.tokens import Token

_SIDES = frozenset({"A", "B", "PAIR"})
_REACH = 10  # tokens between one partner and the preposition that brings the next
_CLAUSE = 16  # tokens of a relative clause at most
_ENDS = frozenset({".", ";", ":", "!", "?"})


def later_partner(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    """The principal who follows the partner at ``at`` in a series joined by "and", "then" or a comma; None: nobody."""
    brings = lexicon.words["with"]
    joins = lexicon.words["and"] | lexicon.words["then"] | {",", "DATE"}
    then = joined = False
    start = _behind_topic(tokens, _behind_relative(tokens, at, lexicon), lexicon)
    for n in range(start, min(len(tokens) - 1, start + _REACH)):
        form = tokens[n].form
        then = then or form in lexicon.words["then"]
        joined = joined or form in lexicon.words["and"]
        last = tokens[n - 1].form
        brought = last in joins or (joined and last in lexicon.words["daypart"])
        if form in brings and n > at + 1 and brought:
            who = n + 1 + (tokens[n + 1].form in lexicon.words["his"] and n + 2 < len(tokens))
            if tokens[who].form in _SIDES:
                return who
            return later_partner(tokens, who, lexicon) if tokens[who].form == "OTHER" else None
        if joined and form in lexicon.words["daypart"]:
            continue  # "and in the evening with A"
        if joined and n < _behind_aside(tokens, start, lexicon):
            continue  # "and, on the conference premises, with A"
        if form not in joins and (not then or tokens[n].people or form in _ENDS):
            return None  # but "then, right afterwards, with A" goes on
    return None


def _behind_topic(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> int:
    """The "and with" behind what was talked about with one partner ("with C about D and with A"); else ``start``."""
    if start >= len(tokens) or tokens[start].form not in lexicon.words["topic"]:
        return start
    for n in range(start + 1, min(len(tokens) - 1, start + 1 + _REACH)):
        if tokens[n].people or tokens[n].form in _ENDS:
            return start
        if tokens[n].form in lexicon.words["and"] and tokens[n + 1].form in lexicon.words["with"]:
            return n
    return start


def _behind_aside(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> int:
    """The comma that ends an aside without people right behind "and,"; ``start`` where there is none."""
    opens = [
        n for n in range(start, min(len(tokens) - 1, start + 2)) if tokens[n].form in lexicon.words["and"]
    ]
    if not opens or tokens[opens[0] + 1].form != ",":
        return start
    for n in range(opens[0] + 2, min(len(tokens), opens[0] + 2 + _REACH)):
        if tokens[n].people or tokens[n].form in _ENDS:
            return start
        if tokens[n].form == ",":
            return n
    return start


def _behind_relative(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int:
    """The token behind a relative clause that is set off after a partner ("with C, whose troops ..., and with A")."""
    opens = [token.form for token in tokens[at + 1 : at + 3]]
    if len(opens) < 2 or opens[0] != "," or opens[1] not in lexicon.words["boundary"]:
        return at + 1
    for n in range(at + 3, min(len(tokens) - 1, at + 3 + _CLAUSE)):
        if tokens[n].form in _ENDS:
            return at + 1
        if tokens[n].form == "," and tokens[n + 1].form in lexicon.words["and"]:
            return n
    return at + 1
