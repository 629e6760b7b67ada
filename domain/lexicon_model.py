"""What a lexicon holds once it is read: constants, and the types of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.model import Kind, Status

SHAPES = frozenset({"noun", "verb", "direct", "idiom"})
COUNTRY_KEYS = ("adjective", "name", "capital", "seat", "people")
# Word lists the engine asks for by name; every lexicon has them (an empty list is allowed).
WORD_KEYS = (
    "elided",
    "honorific",
    "and",
    "with",
    "close",
    "agent",
    "between",
    "object_marker",
    "speaking_for",
    "reporting",
    "boundary",
    "telling",
    "asking",
    "future",
    "present",
    "conditional",
    "delegate",
    "they",
    "their",
    "him",
    "his",
    "partner",
    "partner_with",
    "locative",
    "initiative",
    "duration_hour",
    "duration_minute",
    "half",
)
CUE_KEYS = (
    "unexcluded",
    "declined",
    "cancelled",
    "accepted",
    "proposed",
    "planned",
    "occurred",
    "void",
    "negated",
    "first",
    "joined",
)
CHANNELS = ("phone_call", "video_call", "meeting", "message")
_TOP = {"language", "home", "countries", "offices", "actors", "words", "numbers", "classes", "trigger"}
TABLES = _TOP | {"cues", "background", "channel", "veto", "furniture", "initiator"}
ACTOR_KEYS = ("person", "pair", "home", "foreign")


class LexiconError(ValueError):
    """A lexicon file that cannot be used: which, where in it, and why."""


@dataclass(frozen=True, slots=True)
class Country:
    """How a language names a country, its capital and the seat of its leader (each a compiled set of words)."""

    code: str
    adjective: tuple[str, ...]
    name: tuple[str, ...]
    capital: tuple[str, ...]
    seat: tuple[str, ...]
    people: tuple[str, ...]
    any_word: re.Pattern[str]
    metonym: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that may tell of a contact, and how they take their two parties.

    ``noun``: a noun ("the call between", "talks with"); ``verb``: parties as subject or behind a preposition;
    ``direct``: a verb that may also take its party as direct object; ``idiom``: the pattern names both itself.
    ``weak`` triggers are too common to count without their grammar (no window tier, no focus). ``vague`` ones name a
    relation rather than an occasion ("dialogue"): without a date or a word that it took place they tell of nothing.
    """

    name: str
    kind: Kind
    shape: str
    status: Status | None
    weak: bool
    vague: bool
    patterns: tuple[str, ...]
    regexes: tuple[tuple[re.Pattern[str], frozenset[str]], ...]  # each with the people it cannot do without


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, compiled."""

    language: str
    home: str | None
    countries: Mapping[str, Country]
    offices: Mapping[str, re.Pattern[str]]
    actors: Mapping[str, re.Pattern[str]]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, re.Pattern[str]]
    numbers: Mapping[str, int]
    triggers: tuple[Trigger, ...]
    cues: Mapping[str, re.Pattern[str]]
    background: re.Pattern[str]
    channels: Mapping[str, re.Pattern[str]]
    veto: re.Pattern[str]
    furniture: Mapping[str, re.Pattern[str]]
    initiators: tuple[tuple[str, re.Pattern[str]], ...]
