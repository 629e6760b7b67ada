"""The pair of a watch: its slug in the file -> two people and the names that alerts use."""

from __future__ import annotations

from domain.people import Pair, load_people, make_pair


def pair_named(slug: str) -> Pair:
    """The pair ``one-other``; raises ``ValueError`` that names the people who are known."""
    leaders = load_people().leaders
    for at, letter in enumerate(slug):
        if letter == "-" and slug[:at] in leaders and slug[at + 1 :] in leaders:
            return make_pair(slug[:at], slug[at + 1 :])
    raise ValueError(f"must be two of these people, joined by '-': {', '.join(sorted(leaders))}")


def names_of(pair: Pair) -> tuple[str, str]:
    """The short names of both, in the order of the pair."""
    leaders = load_people().leaders
    return leaders[pair.a].label, leaders[pair.b].label
