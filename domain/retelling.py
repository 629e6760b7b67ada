"""Past tenses that look back ("was calling", "has been speaking since May") tell of a contact, but are no news."""

from __future__ import annotations

from domain.canonical import Canonical
from domain.lexicon import Lexicon


def looks_back(line: Canonical, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether the trigger at the tokens ``first`` to ``last`` retells, in a sentence that gives it no day.

    A length ("for two hours") shows an occasion, so that the tense says nothing. Languages without such forms list
    none in ``words.retelling``.
    """
    if not lexicon.words["retelling"]:
        return False
    if any(expression.since for expression in line.dates):
        return True
    lengths = lexicon.words["duration_hour"] | lexicon.words["duration_minute"]
    if any(token.form in lengths for token in line.plain):
        return False
    own = "".join(f"{token.form} " for token in line.tokens[first:last])
    return lexicon.phrases["retelling"].search(own) is not None
