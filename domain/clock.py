"""The time of day of a contact, as its sentence says it ("at 7.30 p.m. Moscow time")."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from domain.model import TimeOfDay

_ZONE_REACH = 12  # characters between a clock time and what names its zone
_SAYING_REACH = 2  # words between a clock time and a verb of saying that takes it
_WORD = re.compile(r"\w+|,")


@dataclass(frozen=True, slots=True)
class _Forms:
    by_language: Mapping[str, tuple[re.Pattern[str], ...]]
    zones: tuple[tuple[str, re.Pattern[str]], ...]
    universal: tuple[re.Pattern[str], ...]


@cache
def _load() -> _Forms:
    """The forms of ``language/clock.toml``; raises ValueError for one that is no pattern or has no hour."""
    text = resources.files("domain.language").joinpath("clock.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return _Forms(
        {language: tuple(_form(f, language) for f in forms) for language, forms in tables["forms"].items()},
        tuple((zone, re.compile("|".join(words), re.IGNORECASE)) for zone, words in tables["zones"].items()),
        tuple(_form(form, "universal") for form in tables["universal"]["forms"]),
    )


def _form(source: str, where: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(source, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"clock.toml, {where}: {source!r} is no pattern: {error}") from error
    if "h" not in pattern.groupindex:
        raise ValueError(f"clock.toml, {where}: {source!r} names no hour (group h)")
    return pattern


def time_of(sentence: str, at: tuple[int, int], language: str, saying: Container[str]) -> TimeOfDay | None:
    """The clock time of what the characters ``at`` of a sentence tell; None where it gives none or more than one.

    A time beside a verb of ``saying`` (folded forms) with no comma between is that of the statement. Two times that
    are one, told for two zones, count as the first with its zone.
    """
    found = [
        (start, end, time)
        for start, end, time in _times(sentence, language)
        if not _is_of_saying(sentence, start, end, saying)
    ]
    if not found:
        return None
    start, _, time = min(found, key=lambda f: (max(at[0] - f[1], f[0] - at[1], 0), f[0]))
    others = [other for first, _, other in found if first != start and not _is_aside(sentence, first)]
    return time if not others else None


def _times(sentence: str, language: str) -> Iterator[tuple[int, int, TimeOfDay]]:
    forms = _load()
    claimed = -1
    hits = (m for form in forms.by_language.get(language, ()) for m in form.finditer(sentence))
    for match in sorted(hits, key=lambda m: (m.start(), -m.end())):
        time = _read(match, sentence, forms)
        if match.start() >= claimed and time is not None:
            claimed = match.end()
            yield match.start(), match.end(), time


def _read(match: re.Match[str], sentence: str, forms: _Forms) -> TimeOfDay | None:
    behind = sentence[match.end() : match.end() + 40]
    for form in forms.universal:
        universal = form.match(behind.lstrip()) or form.search(behind[: 2 * _ZONE_REACH])
        minute = _minute(universal) if universal else None
        if minute is not None:
            return TimeOfDay(minute, "UTC")
    minute = _minute(match)
    if minute is None:
        return None
    named = [(found.start(), zone) for zone, words in forms.zones if (found := words.search(behind))]
    start, zone = min(named, default=(_ZONE_REACH + 1, None))
    return TimeOfDay(minute, zone if start <= _ZONE_REACH else None)


def _minute(match: re.Match[str]) -> int | None:
    """The minute of the day, 0 to 1439; None for 25:00, or for 14 p.m."""
    groups = match.groupdict()
    hour, minute = int(groups["h"]), int(groups.get("m") or groups.get("m2") or 0)
    if groups.get("pm") and hour < 12:
        hour += 12
    elif groups.get("am") and hour == 12:
        hour = 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _is_of_saying(sentence: str, start: int, end: int, saying: Container[str]) -> bool:
    before = _WORD.findall(sentence[:start].lower())[-_SAYING_REACH:]
    behind = _WORD.findall(sentence[end:].lower())[:_SAYING_REACH]
    return any(word in saying for words in (reversed(before), behind) for word in _until_comma(words))


def _until_comma(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if word == ",":
            return
        yield word


def _is_aside(sentence: str, start: int) -> bool:
    """Whether a clock time stands in brackets: the same for another zone."""
    return sentence.rfind("(", 0, start + 1) > sentence.rfind(")", 0, start + 1)
