"""Reading a lexicon file: every key and pattern is checked, a slip names the file, the place and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.cases import Cases, cases_of
from domain.clitics import Clitics, clitics_of
from domain.lexicon_model import (
    ACTOR_KEYS,
    CASE_KEYS,
    CHANNELS,
    CLITIC_KEYS,
    COUNTRY_KEYS,
    CUE_KEYS,
    SHAPES,
    TABLES,
    WORD_KEYS,
    Country,
    Lexicon,
    LexiconError,
    Rule,
    Trigger,
)
from domain.model import Kind, Status
from domain.pattern_set import Index, PatternSet
from domain.patterns import PatternError, classes_used, compile_all, compile_orders, needs_of, sources_of
from domain.unspaced import make_cutter

_TRIGGER_KEYS = {"name", "kind", "shape", "status", "weak", "vague", "transitive", "separate", "patterns"}


def parse_lexicon(raw: Mapping[str, Any], file: str) -> Lexicon:
    """Compile the parsed TOML of a lexicon; ``file`` names it in errors. Raises LexiconError."""
    try:
        return _Parser(raw, file).parse()
    except PatternError as error:
        raise LexiconError(f"{file}: {error}") from error


class _Parser:
    def __init__(self, raw: Mapping[str, Any], file: str) -> None:
        self.raw = raw
        self.file = file
        self.used: set[str] = set()
        self.classes: dict[str, tuple[str, ...]] = {}

    def fail(self, where: str, why: str) -> LexiconError:
        return LexiconError(f"{self.file}: {where}: {why}")

    def table(self, name: str, allowed: Sequence[str] | None = None) -> dict[str, Any]:
        value = self.raw.get(name, {})
        if not isinstance(value, dict):
            raise self.fail(name, "must be a table")
        if allowed is not None:
            for key in value:
                if key not in allowed:
                    raise self.fail(name, f"unknown key {key!r}; known are {', '.join(sorted(allowed))}")
        return value

    def strings(self, value: object, where: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.fail(where, "must be a list of non-empty strings")
        return tuple(value)

    def compile(
        self, patterns: Sequence[str], extra: Mapping[str, tuple[str, ...]] | None = None
    ) -> PatternSet:
        for pattern in patterns:
            self.used |= classes_used(pattern)
        return compile_all(patterns, {**self.classes, **(extra or {})})

    def checked_language(self) -> str:
        """The language of the lexicon, if all its tables are known."""
        for key in self.raw:
            if key not in TABLES:
                raise self.fail(key, f"unknown table; known are {', '.join(sorted(TABLES))}")
        language = self.raw.get("language")
        if not isinstance(language, str):
            raise self.fail("language", "is missing")
        return language

    def read_classes(self) -> None:
        """Read the classes, which patterns use by name."""
        for name, value in self.table("classes").items():
            if not re.fullmatch(r"[A-Z][A-Z_]*", name):
                raise self.fail(f"classes.{name}", "a class is named in capital letters")
            self.classes[name] = self.strings(value, f"classes.{name}")

    def parse(self) -> Lexicon:
        language = self.checked_language()
        self.read_classes()
        countries = self.countries()
        offices = {k: self.strings(v, f"offices.{k}") for k, v in self.table("offices").items()}
        words = {k: self.strings(v, f"words.{k}") for k, v in self.table("words", WORD_KEYS).items() if v}
        rules = tuple(self.rules())
        lexicon = Lexicon(
            language=language,
            home=self.raw.get("home"),
            countries=countries,
            any_country=compile_all(
                [w for c in countries.values() for k in COUNTRY_KEYS for w in getattr(c, k)], {}
            ),
            offices={k: self.compile(v) for k, v in offices.items()},
            actors=self.actors(countries, offices),
            words={k: frozenset(words.get(k, ())) for k in WORD_KEYS},
            phrases={k: self.compile(words.get(k, ())) for k in WORD_KEYS},
            numbers=self.integers("numbers"),
            lengths={tuple(k.split()): v for k, v in self.integers("lengths").items()},
            triggers=tuple(dict.fromkeys(rule.trigger for rule in rules)),
            rules=rules,
            rule_index=Index([rule.source.anchor for rule in rules]),
            open_rules=tuple(rule for rule in rules if not rule.needs),
            open_index=Index([rule.source.anchor for rule in rules if not rule.needs]),
            cues={k: self.compile(self.strings(v, f"cues.{k}")) for k, v in self.cues().items()},
            background=self.compile(self.list_of("background")),
            channels={
                k: self.compile(self.strings(v, f"channel.{k}"))
                for k, v in self.table("channel", CHANNELS).items()
            },
            veto=self.compile(self.list_of("veto")),
            furniture={
                k: self.compile(self.strings(v, f"furniture.{k}"))
                for k, v in self.table("furniture", ("ends",)).items()
            },
            initiators=tuple(
                (k, self.compile(self.strings(v, f"initiator.{k}")))
                for k, v in self.table("initiator", ("subject", "object")).items()
            ),
            clitics=self.clitics(),
            cutter=make_cutter(self.raw) if "no spaces" in words.get("grammar", ()) else None,
            cases=self.cases(),
        )
        self.check_classes()
        return lexicon

    def cues(self) -> dict[str, Any]:
        table = self.table("cues", CUE_KEYS)
        for key in CUE_KEYS:
            table.setdefault(key, [])
        return table

    def clitics(self) -> Clitics | None:
        table = self.table("clitics", CLITIC_KEYS)
        if not table:
            return None
        before, behind, extra = (
            self.strings(table.get(k, []), f"clitics.{k}") for k in ("before", "behind", "words")
        )
        maps = joined, endings = table.get("joined", {}), table.get("endings", {})
        for key, value in zip(("joined", "endings"), maps, strict=True):
            if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
                raise self.fail(f"clitics.{key}", "must be a table of strings")
        return clitics_of(before, behind, joined, endings, [*extra, *_literals(self.raw)])

    def cases(self) -> Cases | None:
        table = self.table("cases", CASE_KEYS)
        if not table:
            return None
        endings = table.get("endings", {})
        if not isinstance(endings, dict) or not all(isinstance(v, str) for v in endings.values()):
            raise self.fail("cases.endings", "must be a table of strings")
        nouns, whole = (self.strings(table.get(k, []), f"cases.{k}") for k in ("nouns", "whole"))
        governing = self.strings(self.table("words").get("postposition", []), "words.postposition")
        owned = self.compile(self.strings(table.get("owned", []), "cases.owned"))
        return cases_of(endings, nouns, (*whole, *governing), owned)

    def list_of(self, name: str) -> tuple[str, ...]:
        table = self.table(name, ("patterns",))
        return self.strings(table.get("patterns", []), name)

    def integers(self, name: str) -> dict[str, int]:
        out: dict[str, int] = {}
        for word, value in self.table(name).items():
            if not isinstance(value, int):
                raise self.fail(f"{name}.{word}", "must be an integer")
            out[word] = value
        return out

    def countries(self) -> dict[str, Country]:
        out: dict[str, Country] = {}
        sides = self.strings(self.table("actors").get("side", []), "actors.side")
        for code, entry in self.table("countries").items():
            if not isinstance(entry, dict) or set(entry) - set(COUNTRY_KEYS):
                raise self.fail(
                    f"countries.{code}", f"must be a table with keys of {', '.join(COUNTRY_KEYS)}"
                )
            lists = {k: self.strings(entry.get(k, []), f"countries.{code}.{k}") for k in COUNTRY_KEYS}
            every = tuple(w for k in COUNTRY_KEYS for w in lists[k])
            metonyms = lists["name"] + lists["capital"] + lists["seat"]
            metonyms += tuple(
                side.replace("ADJECTIVE", f"({' | '.join(lists['adjective'])})") for side in sides
            )
            out[code] = Country(
                code, **lists, any_word=compile_all(every, {}), metonym=compile_all(metonyms, {})
            )
        return out

    def actors(
        self, countries: Mapping[str, Country], offices: Mapping[str, tuple[str, ...]]
    ) -> dict[str, PatternSet]:
        extra = {
            key.upper(): tuple(w for c in countries.values() for w in getattr(c, key)) or ("\x00",)
            for key in COUNTRY_KEYS
        }
        extra["OFFICE"] = tuple(w for v in offices.values() for w in v) or ("\x00",)
        table = self.table("actors", ACTOR_KEYS)
        found = {k: self.strings(table.get(k, []), f"actors.{k}") for k in ACTOR_KEYS if k != "side"}
        return {k: self.compile(patterns, extra) for k, patterns in found.items()}

    def rules(self) -> Iterator[Rule]:
        names: set[str] = set()
        for n, entry in enumerate(self.raw.get("trigger", ())):
            where = f"trigger {entry.get('name', n)!r}"
            unknown = set(entry) - _TRIGGER_KEYS
            if unknown:
                raise self.fail(where, f"unknown key {sorted(unknown)[0]!r}")
            if entry.get("name") in names:
                raise self.fail(where, "stands twice")
            trigger = self.trigger(entry, where)
            names.add(trigger.name)
            for pattern in trigger.patterns:
                self.used |= classes_used(pattern)
                if trigger.shape != "idiom":
                    for source in sources_of(pattern, self.classes):
                        yield Rule(trigger, source, frozenset())
                    continue
                # Each has a head of its own.
                for source, need in zip(
                    compile_orders(pattern, self.classes), needs_of(pattern), strict=True
                ):
                    yield Rule(trigger, source, need)

    def trigger(self, entry: Mapping[str, Any], where: str) -> Trigger:
        try:
            kind, shape = Kind(entry["kind"]), entry["shape"]
            status = Status(entry["status"]) if "status" in entry else None
            name = entry["name"]
        except (KeyError, ValueError) as error:
            raise self.fail(where, f"missing or wrong value: {error}") from error
        if shape not in SHAPES:
            raise self.fail(where, f"shape {shape!r} is not one of {', '.join(sorted(SHAPES))}")
        patterns = self.strings(entry.get("patterns"), f"{where}: patterns")
        weak, vague = bool(entry.get("weak", False)), bool(entry.get("vague", False))
        return Trigger(
            name,
            kind,
            shape,
            status,
            weak,
            vague,
            patterns,
            bool(entry.get("transitive", False)),
            bool(entry.get("separate", False)),
        )

    def check_classes(self) -> None:
        pending, seen = set(self.used), set()
        while pending:
            name = pending.pop()
            if name in seen or name not in self.classes:
                continue
            seen.add(name)
            for pattern in self.classes[name]:
                pending |= classes_used(pattern)
        unused = set(self.classes) - seen
        if unused:
            raise self.fail(f"classes.{sorted(unused)[0]}", "is used by no pattern")


def _literals(value: object, key: str = "") -> Iterator[str]:
    """The words that stand in the patterns and lists of a lexicon as they are, without ``stem*`` and ``*ending``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in (
                "clitics",
                "language",
                "kind",
                "shape",
                "status",
                "name" if key == "trigger" else "",
            ):
                yield from _literals(inner, name)
        if key in ("numbers", "lengths"):
            yield from (word for phrase in value for word in phrase.split())
    elif isinstance(value, list):
        for inner in value:
            yield from _literals(inner, key)
    elif isinstance(value, str):
        yield from re.findall(r"(?<![\w*])[^\W\d_]+(?:[\"'][^\W\d_]+)*(?![\w*])", value)
