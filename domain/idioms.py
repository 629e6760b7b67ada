"""Who are the parties of an idiom? Its pattern names one or both itself."""

from __future__ import annotations

from dataclasses import replace

from domain.bind import FOCUS, STRICT, WINDOW, Bound, Unbound
from domain.canonical import Canonical
from domain.clauses import TOGETHER, sides
from domain.hits import Hit
from domain.lexicon import Lexicon

_CALLER_REACH = 3  # tokens between somebody and a call that is then his


def bind_idiom(line: Canonical, hit: Hit, lexicon: Lexicon, pair: frozenset[str]) -> Bound | Unbound:
    """The parties of an idiom; ``pair``: the slugs of both."""
    found = _bind(line, hit.first, hit.last, lexicon, pair)
    if isinstance(found, Bound) and hit.trigger.separate:
        return replace(found, others=frozenset())
    return found


def _bind(line: Canonical, first: int, last: int, lexicon: Lexicon, pair: frozenset[str]) -> Bound | Unbound:
    if line.tokens[first].people and first and _is_led_by_other(line, first, lexicon):
        return Unbound("the subject is somebody else", third=True)
    people: set[str] = set()
    named: frozenset[str] = frozenset()
    for token in line.tokens[first:last]:
        people |= token.people
        named |= sides(token)
    mine = pair | {"?"}
    forms = {t.form for t in line.tokens[first:last]}
    before = [token.form for token in line.tokens[max(0, first - _CALLER_REACH) : first] if token.people]
    if not named and before and before[-1] == "OTHER":
        return Unbound("the subject is somebody else", third=True)  # "C rang Moscow"
    if len(named) == 1 and forms & {"MA", "MB"} and "OTHER" in forms:
        return Unbound(
            "somebody else stands between", third=True
        )  # "A flies to C after a call to the Kremlin"
    if (forms & TOGETHER and not named) or ("PARTNER" in forms and len(named) == 1):
        return Bound(first, last, FOCUS, frozenset(), named, partner=True)
    if len(named) == 1 and _has_beside(line, first, last, frozenset("AB") - named):
        return Bound(first, last, WINDOW, frozenset(people - mine), frozenset("AB"))
    if len(named) == 1 and not forms & {"MA", "MB"}:
        return Bound(first, last, FOCUS, frozenset(people - mine), named, partner=True)
    return Bound(first, last, STRICT if len(named) == 2 else WINDOW, frozenset(people - mine), named)


def _is_led_by_other(line: Canonical, first: int, lexicon: Lexicon) -> bool:
    """Whether the one with whom an idiom begins stands behind a preposition, and somebody else before him."""
    words = lexicon.words
    led = (words["with"] | words["agent"] | words["about"]) - words["between"]
    before = [t.form for t in line.tokens[:first]]
    return before[-1] in led and "OTHER" in before and not {"A", "B", "PAIR"} & set(before)


def _has_beside(line: Canonical, first: int, last: int, missing: frozenset[str]) -> bool:
    """Whether the person next to an idiom, on either side, is the missing one of the pair."""
    before = next((t for t in reversed(line.tokens[:first]) if t.people), None)
    behind = next((t for t in line.tokens[last:] if t.people), None)
    return any(t is not None and sides(t) >= missing for t in (before, behind))
