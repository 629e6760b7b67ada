"""How long a contact lasted, as its sentence says ("ninety minutes", "two and a half hours")."""

from __future__ import annotations

from collections.abc import Sequence

from domain.lexicon import Lexicon

_LONGEST = 24 * 60
_REACH = 3  # tokens from the number to the unit ("two and a half hours")


def minutes_of(words: Sequence[str], lexicon: Lexicon) -> int | None:
    """The first length of time among folded words, in minutes; None where there is none."""
    hours, minutes = lexicon.words["duration_hour"], lexicon.words["duration_minute"]
    between = lexicon.words["half"] | lexicon.words["and"]
    for n in range(len(words)):
        number = _number(words, n, lexicon)
        if number is None:
            continue
        for m in range(n + 1, min(len(words), n + 2 + _REACH)):
            if words[m] in hours:
                return _checked(number * 60 + _rest(words, n, m, lexicon))
            if words[m] in minutes:
                return _checked(number)
            if words[m] not in between and words[m] not in lexicon.numbers:
                break
    return None


def _number(words: Sequence[str], n: int, lexicon: Lexicon) -> int | None:
    if words[n].isdecimal() and len(words[n]) <= 3:
        return int(words[n])
    return lexicon.numbers.get(words[n])


def _rest(words: Sequence[str], first: int, unit: int, lexicon: Lexicon) -> int:
    """The minutes beyond whole hours: a half within or behind, or minutes that follow."""
    if any(word in lexicon.words["half"] for word in words[first : unit + 4]):
        return 30
    for n in range(unit + 1, min(len(words), unit + 3)):
        number = _number(words, n, lexicon)
        if number is not None and n + 1 < len(words) and words[n + 1] in lexicon.words["duration_minute"]:
            return number
    return 0


def _checked(minutes: int) -> int | None:
    return minutes if 0 < minutes <= _LONGEST else None
