"""Where people stand in a sentence, and how names, titles and descriptions that touch become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

UNKNOWN = "?"  # stands for somebody of whom no more is known


class Span(NamedTuple):
    """People found at tokens ``first`` to ``last`` (excluded)."""

    first: int
    last: int
    symbol: str
    people: frozenset[str]


def merge_spans(named: list[Span], described: list[Span], weak: list[Span]) -> list[Span]:
    """One list without overlaps: descriptions run into the name behind them, and win over countries and "they"."""
    order = sorted([*named, *described], key=lambda s: (s.first, -(s.last - s.first)))
    out: list[Span] = []
    named_set = {id(s) for s in named}
    for span in order:
        last = out[-1] if out else None
        if last is None or span.first > last.last:
            out.append(span)
        elif span.first == last.last:
            if id(span) in named_set and id(last) not in named_set and _fits(last, span):
                out[-1] = Span(last.first, span.last, span.symbol, span.people)
                named_set.add(id(out[-1]))
            else:
                out.append(span)
        elif {last.symbol, span.symbol} == {"A", "B"} and span.last > last.last:
            out.append(Span(last.last, span.last, span.symbol, span.people))
            named_set.add(id(out[-1]))
        elif (
            id(span) in named_set
            and id(last) not in named_set
            and (span.last > last.last or last.symbol == "OTHER")
        ):
            out[-1] = Span(last.first, max(span.last, last.last), span.symbol, span.people)
            named_set.add(id(out[-1]))
        elif id(last) in named_set and span.people == last.people and span.last > last.last:
            out[-1] = Span(last.first, span.last, last.symbol, last.people)  # "A francia" + "francia elnök"
            named_set.add(id(out[-1]))
    for span in weak:
        if all(span.last <= s.first or span.first >= s.last for s in out):
            out.append(span)
    return sorted(out, key=lambda s: s.first)


def with_appositions(spans: list[Span], described: list[Span], forms: Sequence[str]) -> list[Span]:
    """The spans with "the prime minister of Italy, C," as one: somebody else's description and his name behind it."""
    descriptions = {(s.first, s.last) for s in described if s.symbol == "OTHER"}
    out: list[Span] = []
    for span in spans:
        last = out[-1] if out else None
        if (
            last is not None
            and (last.first, last.last) in descriptions
            and span.symbol == "OTHER"
            and span.first == last.last + 1
            and [forms[last.last], *forms[span.last : span.last + 1]] == [",", ","]
            and _fits(last, span)
        ):
            out[-1] = Span(last.first, span.last + 1, span.symbol, span.people)
        else:
            out.append(span)
    return out


def _fits(description: Span, name: Span) -> bool:
    """Whether a description before a name may be that of the same person ("the chancellor A" is two people)."""
    same = description.symbol in (name.symbol, "OTHER")
    known = description.people - {UNKNOWN}
    return same and (not known or known == name.people or name.symbol == "OTHER")
