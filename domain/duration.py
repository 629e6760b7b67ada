"""How long a contact lasted, as its sentence says ("ninety minutes", "two and a half hours", "half an hour")."""

from __future__ import annotations

from collections.abc import Sequence

from domain.lexicon import Lexicon

_LONGEST = 24 * 60
_REACH = 3  # tokens from the number to the unit ("two and a half hours")


def minutes_of(words: Sequence[str], lexicon: Lexicon) -> int | None:
    """The first length of time among folded words, in minutes; None where there is none."""
    longest = max((len(phrase) for phrase in lexicon.lengths), default=0)
    for n in range(len(words)):
        for width in range(longest, 0, -1):
            minutes = lexicon.lengths.get(tuple(words[n : n + width]))
            if minutes is not None:
                return _checked(minutes + _minutes_behind(words, n + width, lexicon))
        found = _counted(words, n, lexicon)
        if found is not None:
            return _checked(found)
    return None


def _counted(words: Sequence[str], n: int, lexicon: Lexicon) -> int | None:
    """The minutes of a number at ``n`` with its unit; of a bare hour only with minutes behind it."""
    hours, minutes = lexicon.words["duration_hour"], lexicon.words["duration_minute"]
    if words[n] in hours:
        rest = _minutes_behind(words, n + 1, lexicon)
        return 60 + rest if rest else None
    number = _number(words, n, lexicon)
    if number is None:
        return None
    between = lexicon.words["half"] | lexicon.words["and"]
    for m in range(n + 1, min(len(words), n + 2 + _REACH)):
        if words[m] in hours:
            return number * 60 + _rest(words, n, m, lexicon)
        if words[m] in minutes:
            return number
        if words[m] not in between and words[m] not in lexicon.numbers:
            return None
    return None


def _number(words: Sequence[str], n: int, lexicon: Lexicon) -> int | None:
    if words[n].isdecimal() and len(words[n]) <= 3:
        return int(words[n])
    return lexicon.numbers.get(words[n])


def _rest(words: Sequence[str], first: int, unit: int, lexicon: Lexicon) -> int:
    """The minutes beyond whole hours: a half within or behind, or minutes that follow."""
    if any(word in lexicon.words["half"] for word in words[first : unit + 4]):
        return 30
    return _minutes_behind(words, unit + 1, lexicon)


def _minutes_behind(words: Sequence[str], at: int, lexicon: Lexicon) -> int:
    """The minutes counted right behind the hours ("... and forty minutes")."""
    for n in range(at, min(len(words), at + 2)):
        number = _number(words, n, lexicon)
        if number is not None and n + 1 < len(words) and words[n + 1] in lexicon.words["duration_minute"]:
            return number
    return 0


def _checked(minutes: int) -> int | None:
    return minutes if 0 < minutes <= _LONGEST else None
