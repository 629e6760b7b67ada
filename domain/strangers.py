"""People whom no table knows, told by how their names are written: two capitalised words side by side.

Only for languages whose lexicon says so (``words.given``). In plain Latin letters, where headlines and adjectives of
nations take capitals too, the sign means nothing without a known first name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.lexicon import Lexicon

if TYPE_CHECKING:
    from domain.tokens import Token

_OPENING = frozenset({".", ":", "?", "!", '"', "(", "—", "…"})


def find_strangers(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> list[tuple[int, int]]:
    """The names of unknown people as (first token, behind the last one).

    A word that opens a sentence counts only where it is a known first name, as any word has a capital there; words
    that take a capital without being names ("Northern", "Radio") are those of ``words.unnamed``.
    """
    given, unnamed = lexicon.phrases["given"], lexicon.phrases["unnamed"]
    building = lexicon.phrases["building"]
    if not lexicon.words["given"]:
        return []
    out: list[tuple[int, int]] = []
    n = 0
    while n + 1 < len(tokens):
        last = _name_end(text, tokens, n)
        if last is None:
            n += 1
            continue
        word = tokens[n].form + " "
        opens = n == 0 or tokens[n - 1].form in _OPENING
        house = any(building.fullmatch(t.form + " ") for t in tokens[n:last])  # "Konstantin Palace"
        known = given.fullmatch(word) is not None and not house
        places = any(_is_place(t.form, lexicon) for t in tokens[n:last])
        plain = all(text[t.start : t.end].isascii() for t in tokens[n:last])
        if known or not (
            plain or opens or places or house or any(unnamed.fullmatch(t.form + " ") for t in tokens[n:last])
        ):
            out.append((n, last))
        n = last
    return out


def _name_end(text: str, tokens: Sequence[Token], n: int) -> int | None:
    """Behind the last of the capitalised words that stand side by side from ``n`` on; None if it is but one."""
    end = n
    while end < len(tokens) and _capitalised(text, tokens[end]):
        if end > n and text[tokens[end - 1].end : tokens[end].start] not in (" ", "\u00a0", "-", "‑"):
            break
        end += 1
    if end - n < 2 or not any(text[tokens[k].end] == " " for k in range(n, end - 1)):
        return None
    return end


def _capitalised(text: str, token: Token) -> bool:
    word = text[token.start : token.end]
    return len(word) > 1 and word[0].isupper() and word[1:].islower()


def _is_place(form: str, lexicon: Lexicon) -> bool:
    return lexicon.any_country.fullmatch(f"{form} ") is not None
