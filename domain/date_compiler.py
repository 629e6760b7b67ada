"""Read the date words of a language from ``domain/language/dates_<language>.toml`` and compile them.

A file holds word lists and *forms*. What is matched is a regular expression (without regard to case) in
which a space stands for any white space, ’ for any apostrophe, round brackets only group, and ``{slot}`` for
the words of a slot (day, day2, month, month2, year, year2, weekday, n, unit, part, season) or a macro of the file.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from domain.date_lexicon import (
    PARTS,
    SEASONS,
    UNITS,
    DateLexiconError,
    Form,
    Lexicon,
    Reading,
    Unit,
    numeric_forms,
)

_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:19|20)[0-9]{2}"
_SLOTS = ("day", "month", "year", "weekday", "n", "unit", "part", "season")
_PROBED = ("month", "weekday", "unit", "season", "part")
_WORD_LISTS = (
    "months",
    "weekdays",
    "short_weekdays",
    "numbers",
    "ordinals",
    "units",
    "parts",
    "seasons",
    "since",
    "until",
    "since_behind",
    "until_behind",
)
_KEYS = frozenset(["language", "capitalised", "joined", "owner", "macros", "form", *_WORD_LISTS])
_OPTIONS = ("side", "offset", "years", "week", "part", "context", "same_year")
_TYPES = {"offset": int, "years": int, "week": int, "context": bool, "same_year": bool}
_FORM_KEYS = frozenset(["reading", "match", "unit", "unless_before", *_OPTIONS])


@cache
def load(language: str) -> Lexicon:
    """Return the date lexicon of a language (ISO 639-1); one of numeric dates only where there is no file for
    it.

    Raises DateLexiconError where the file is broken.
    """
    name = f"dates_{language}.toml"
    file = resources.files("domain.language").joinpath(name)
    if not language.isalpha() or not file.is_file():
        return Lexicon("numeric dates", numeric_forms(), {}, {}, None, None, None, None)
    return parse(file.read_text(encoding="utf-8"), name)


def parse(source: str, name: str) -> Lexicon:
    """Compile a date lexicon from TOML text; ``name`` is what errors call it. Raises DateLexiconError."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise DateLexiconError(f"{name}: not valid TOML ({error}); correct the file") from error
    return _Compiler(name, data).lexicon()


class _Compiler:
    """Checks one file against the schema and compiles it."""

    def __init__(self, name: str, data: dict[str, Any]) -> None:
        self.name, self.data = name, data
        self._check_keys(data, _KEYS, "")
        # Chinese has no spaces: there words need no borders.
        self.borders = ("", "") if self._get("joined", bool, False) else (r"(?<!\w)", r"(?!\w)")
        flag = "-i" if self._get("capitalised", bool, False) else ""
        months, weekdays = self._words("months", 12), self._words("weekdays", 7)
        self.words: dict[str, list[tuple[str, int]]] = {
            "day": self._numbered("ordinals"),
            "month": [(f"(?{flag}:{_expand(m)})", i + 1) for i, m in enumerate(months)],
            "year": [],
            "weekday": [(f"(?{flag}:{_expand(w)})", i) for i, w in enumerate(weekdays)],
            "n": self._numbered("numbers"),
            "unit": self._named("units", UNITS),
            "part": self._named("parts", PARTS),
            "season": self._named("seasons", SEASONS),
        }
        digits = {"day": [_DAY], "year": [_YEAR], "n": ["[0-9]{1,3}"]}
        self.slots = {
            slot: "|".join(digits.get(slot, []) + [w for w, _ in self.words[slot]]) or r"(?!)"
            for slot in _SLOTS
        }
        self.macros = self._get("macros", dict, {})
        for key, value in self.macros.items():
            if not isinstance(value, str) or key.rstrip("2") in _SLOTS:
                raise self._error(f"macros.{key}", "must be a text, and no slot may be redefined")

    def lexicon(self) -> Lexicon:
        short, owner = self._get("short_weekdays", list, []), self._get("owner", str, "")
        forms = [
            compiled
            for index, table in enumerate(self._get("form", list, []))
            for compiled in self._forms(table, index)
        ]
        return Lexicon(
            name=self.name,
            forms=(*forms, *numeric_forms()),
            values={
                slot: tuple((self._compile(w, slot), v) for w, v in words)
                for slot, words in self.words.items()
            },
            probes={
                slot: self._compile(f"{self.borders[0]}(?:{self.slots[slot]})", slot) for slot in _PROBED
            },
            short_weekday=self._compile(
                rf"(?<!\w)(?:{'|'.join(map(_expand, short))})\.?,?\s*$", "short_weekdays"
            )
            if short
            else None,
            since=self._bound("since"),
            until=self._bound("until"),
            since_behind=self._bound("since_behind"),
            until_behind=self._bound("until_behind"),
            owner=self._compile(_expand(owner), "owner") if owner else None,
        )

    def _bound(self, key: str) -> re.Pattern[str] | None:
        words = "|".join(map(_expand, self._get(key, list, [])))
        gap = r"(?:\s+|$)" if self.borders[0] else r"\s*"
        return self._compile(f"{self.borders[0]}(?:{words}){gap}", key) if words else None

    def _forms(self, table: Any, index: int) -> list[Form]:
        where = f"form[{index}]"
        if not isinstance(table, dict):
            raise self._error(where, "must be a table")
        self._check_keys(table, _FORM_KEYS, where + ".")
        try:
            reading = Reading(table.get("reading", ""))
            unit = Unit(table["unit"]) if "unit" in table else None
        except ValueError as error:
            raise self._error(
                where, f"{error}; readings are {', '.join(Reading)}; units are {', '.join(Unit)}"
            ) from error
        if table.get("side", "") not in ("", "last", "next") or table.get("part", "") not in ("", *PARTS):
            raise self._error(where, f"side must be last or next, part one of {', '.join(PARTS)}")
        for key, value in table.items():
            kind = _TYPES.get(key, list if key == "match" else str)
            if type(value) is not kind:
                raise self._error(f"{where}.{key}", f"must be of type {kind.__name__}")
        texts = table.get("match")
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
            raise self._error(where + ".match", "must be a list of at least one text")
        before = table.get("unless_before")
        rest = {
            k: v
            for k, v in table.items()
            if k in ("side", "offset", "years", "week", "part", "context", "same_year")
        }
        return [
            Form(
                reading,
                self._compile(
                    f"{self.borders[0]}(?:{self._fill(text, where)}){self.borders[1]}",
                    f"{where}.match {text!r}",
                ),
                *self._needs(text),
                unit=unit,
                unless_before=self._compile(_expand(before), where + ".unless_before") if before else None,
                **rest,
            )
            for text in texts
        ]

    def _fill(self, text: str, where: str) -> str:
        """Replace macros, then slots; a macro may hold slots but no macros."""
        for _ in range(2):
            text = re.sub(r"\{([a-z_]+2?)\}", lambda m: self.macros.get(m[1], m[0]), text)
        text = _expand(text)

        def slot(match: re.Match[str]) -> str:
            known = self.slots.get(match[1].rstrip("2"))
            if known is None:
                raise self._error(
                    where, f"unknown slot {{{match[1]}}}; slots are {', '.join(_SLOTS)} and the macros"
                )
            return f"(?P<{match[1]}>{known})"

        return re.sub(r"\{([a-z_]+2?)\}", slot, text)

    def _needs(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the slots that every match fills, and words of which every match holds one (none: unknown).

        Groups that are optional do not count, for slots nor do alternatives.
        """
        for _ in range(2):
            text = re.sub(r"\{([a-z_]+2?)\}", lambda m: self.macros.get(m[1], m[0]), text)
        text = _without_asides(text)
        choices = _choices(text)
        before = None
        while before != text:
            before = text
            text = re.sub(r"\((?:[^()]*\)\?|[^()|]*\|[^()]*\))", " ", text)
            text = re.sub(r"\(([^()|]*)\)(?!\?)", r"\1", text)
        if "|" in text or "(" in text:
            return frozenset(), choices
        words = _whole_words(text)
        found = {m.rstrip("2") for m in re.findall(r"\{([a-z_]+2?)\}", text)}
        needs = found & set(_PROBED)
        if "year" in found or ("day" in found and not self.words["day"]):
            needs.add("digit")
        return frozenset(needs), frozenset({max(words, key=len)}) if words else choices

    def _words(self, key: str, count: int) -> list[str]:
        words: list[str] = self._get(key, list, [])
        if len(words) != count:
            raise self._error(key, f"must list {count} texts, has {len(words)}")
        return words

    def _numbered(self, key: str) -> list[tuple[str, int]]:
        table = self._get(key, dict, {})
        for word, value in table.items():
            if not isinstance(value, int):
                raise self._error(f"{key}.{word}", "must be a whole number")
        return [(_expand(word), value) for word, value in table.items()]

    def _named(self, key: str, names: tuple[str, ...]) -> list[tuple[str, int]]:
        table = self._get(key, dict, {})
        self._check_keys(table, frozenset(names), key + ".")
        return [(f"(?:{_expand(words)})", names.index(unit)) for unit, words in table.items()]

    def _get(self, key: str, kind: type, default: Any) -> Any:
        value = self.data.get(key, default)
        if not isinstance(value, kind):
            raise self._error(key, f"is missing or of the wrong type; a {kind.__name__} is needed")
        if isinstance(value, list) and key != "form" and not all(isinstance(text, str) for text in value):
            raise self._error(key, "must be a list of texts")
        return value

    def _check_keys(self, table: dict[str, Any], allowed: frozenset[str], prefix: str) -> None:
        for key in table:
            if key not in allowed:
                raise self._error(prefix + key, f"unknown key; allowed here: {', '.join(sorted(allowed))}")

    def _compile(self, pattern: str, where: str) -> re.Pattern[str]:
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise self._error(where, f"not a regular expression: {error}") from error

    def _error(self, where: str, what: str) -> DateLexiconError:
        return DateLexiconError(f"{self.name}: {where}: {what}")


def _expand(text: str) -> str:
    """Turn the notation of the files into a regular expression: groups, apostrophes, white space."""
    text = text.replace("’", "['’ʼ]")
    text = re.sub(r"(?<!\\)\((?!\?)", "(?:", text)
    # Looking back needs a fixed width: there a space is one character.
    text = re.sub(r"\(\?<[!=][^()]*\)", lambda match: match[0].replace(" ", r"\s"), text)
    return re.sub(r" (\?)?(?![^\[]*\])", lambda match: r"\s*" if match[1] else r"\s+", text)


def _whole_words(text: str) -> list[str]:
    """The words of four letters and more that a regular expression holds as they are, in small letters."""
    bare = re.sub(r"\{[^{}]*\}|\[[^\]]*\]", " ", text)
    return [word.lower() for word in re.findall(r"(?<![\w{\\])[^\W\d_]{4,}(?![\w?*{}\[])", bare)]


def _choices(text: str) -> frozenset[str]:
    """One word of each alternative in a group that every match takes one of; none where there is no such group."""
    before = None
    while before != text:
        before, text = text, re.sub(r"\([^()]*\)[?*]", " ", text)
    if re.search(r"\([^()]*\(", text):
        return frozenset()  # what is optional could hide within another group
    groups = [group.split("|") for group in re.findall(r"\(([^()]*\|[^()]*)\)(?![?*{])", text)]
    if "(" not in text and "|" in text:
        groups = [text.split("|")]
    elif _is_divided(text):
        groups = []
    found = [[max(_whole_words(part), key=len, default="") for part in group] for group in groups]
    whole = [words for words in found if all(words)]
    return frozenset(max(whole, key=lambda words: min(map(len, words)), default=[]))


def _is_divided(text: str) -> bool:
    """Whether alternatives stand outside of all groups, so that no group is in every match."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False


def _without_asides(text: str) -> str:
    """A regular expression without its ``(?...)`` groups: what must, or must not, stand beside the words."""
    out, depth, aside = [], 0, 0
    for n, character in enumerate(text):
        escaped = n > 0 and text[n - 1] == "\\"
        if character == "(" and not escaped:
            depth += 1
            if not aside and text[n + 1 : n + 2] == "?":
                aside = depth
        out.append(" " if aside else character)
        if character == ")" and not escaped:
            if aside == depth:
                aside = 0
            depth -= 1
    return "".join(out)
