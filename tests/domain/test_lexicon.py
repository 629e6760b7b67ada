"""The lexicon files: their schema, and that none of their rules is dead."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from domain import lexicon as lexicon_module
from domain.actors import cast_of
from domain.detect_json import detect_line
from domain.lexicon import FALLBACK, LexiconError, available, load_lexicon, parse_lexicon
from domain.patterns import PatternError, compile_all, compile_orders
from domain.people import DEFAULT_PAIR, load_people, parse_people
from domain.places import load_places
from domain.reader import Reader
from domain.segment import split

HERE = Path(__file__).parent
FULL = sorted(available())


def raw(language: str) -> dict[str, Any]:
    file = resources.files("domain.language").joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


# A language that is read like a sister has its rules tried there.
OWN = [language for language in FULL if "like" not in raw(language)]


@pytest.mark.parametrize("language", [*FULL, FALLBACK])
def test_every_file_is_read_without_complaint(language: str) -> None:
    assert load_lexicon(language).language == language
    assert {"en", "fr", "ru"} <= set(FULL) and FALLBACK not in FULL


def test_a_language_without_a_file_gets_the_fallback() -> None:
    assert load_lexicon("xx").language == FALLBACK


def test_a_language_may_be_read_with_the_lexicon_of_its_sister(monkeypatch: pytest.MonkeyPatch) -> None:
    danish, norwegian = load_lexicon("da"), load_lexicon("no")
    assert raw("da")["like"] == "no" and danish.language == "da"
    assert danish.triggers == norwegian.triggers and danish.words == norwegian.words
    monkeypatch.setattr("domain.lexicon.available", lambda: frozenset({"da"}))
    lexicon_module._raw.cache_clear()
    with pytest.raises(LexiconError, match="there is no lexicon 'no'"):
        lexicon_module._raw("da")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"languge": "en"}, "languge: unknown table"),
        ({"language": 3}, "language: is missing"),
        ({"words": {"withs": ["with"]}}, "words: unknown key 'withs'"),
        ({"words": {"with": "with"}}, "words.with: must be a list"),
        ({"cues": {"maybe": ["T"]}}, "cues: unknown key 'maybe'"),
        ({"classes": {"phone": ["phone"]}}, "classes.phone: a class is named in capital letters"),
        ({"classes": {"PHONE": ["phone"]}}, "classes.PHONE: is used by no pattern"),
        ({"veto": {"patterns": ["NOSUCH call"]}}, "no class 'NOSUCH'"),
        ({"veto": {"patterns": ["( open"]}}, "a bracket is not closed"),
        ({"numbers": {"two": "2"}}, "numbers.two: must be an integer"),
        ({"countries": {"fr": {"capitol": ["paris"]}}}, "countries.fr: must be a table"),
        ({"trigger": [{"name": "x", "kind": "fax", "shape": "noun", "patterns": ["fax"]}]}, "trigger 'x'"),
        ({"trigger": [{"name": "x", "kind": "meeting", "shape": "odd", "patterns": ["y"]}]}, "shape 'odd'"),
        (
            {"trigger": [{"name": "x", "kind": "meeting", "shape": "noun", "pattern": ["y"]}]},
            "unknown key 'pattern'",
        ),
        ({"trigger": [{"name": "x", "kind": "meeting", "shape": "noun"}]}, "patterns: must be a list"),
    ],
)
def test_a_slip_in_a_file_is_an_error_that_names_file_and_place(
    change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(LexiconError, match=re.escape(complaint)) as caught:
        parse_lexicon({"language": "zz", **change}, "zz.toml")
    assert "zz.toml" in str(caught.value)


@pytest.mark.parametrize("language", OWN)
def test_every_rule_fires_on_some_sentence_of_ours(language: str) -> None:
    lexicon = load_lexicon(language)
    fired: set[str] = set()
    for row in (HERE / f"contact_sentences_{language}.txt").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            sentences = split("", row.split(" | ", 1)[1], language)
            reader = Reader(lexicon, cast_of(DEFAULT_PAIR), date(2021, 3, 10), language, sentences)
            for sentence in sentences:
                fired |= {m.trigger.name for m in reader.read(sentence, 0, reader.line(sentence))}
    assert {t.name for t in lexicon.triggers} - fired == set()


@pytest.mark.parametrize("language", OWN)
def test_every_rule_holds_back_where_nothing_is_asserted(language: str) -> None:
    """The negative example of each rule: our sentences turned into questions, and those that tell of nothing."""
    held: set[str] = set()
    told = []
    for row in (HERE / f"contact_sentences_{language}.txt").read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        expected, text = row.split(" | ", 1)
        presupposes = text.endswith("?") and expected != "none"  # "How did the call go?"
        asked = text if expected == "none" or presupposes else f"{text.rstrip('.。')}?"
        out = detect_line(
            {"text": asked, "lang": language, "published": "2021-03-10T12:00:00Z"}, DEFAULT_PAIR, trace=True
        )
        held |= {rejected["rule"] for rejected in out["rejected"]}
        # Quotations and rows of clauses may assert something beside the question.
        plain = (
            not presupposes
            and len(split("", asked, language)) == 1
            and not set(asked) & set('":;«“„…!：；「')
        )
        if plain and any(contact["role"] == "main" for contact in out["contacts"]):
            told.append(asked)
    assert told == []
    assert {t.name for t in load_lexicon(language).triggers} - held == set()


@pytest.mark.parametrize("language", [*FULL, FALLBACK])
def test_no_rule_matches_nothing_at_all(language: str) -> None:
    for rule in load_lexicon(language).rules:
        assert not rule.source.regex.fullmatch(""), f"{language}: {rule.trigger.name}"


def test_the_pattern_language() -> None:
    classes = {"CALL": ["call", "phone call"], "MODAL": ["will", "shall"]}

    def found(pattern: str, line: str) -> bool:
        return bool(compile_all([pattern], classes).search(line))

    assert found("CALL", "a phone call ") and not found("CALL", "recall ")
    assert found("call*", "calls ") and found("*led", "called ")
    assert found("X ~1 CALL Y", "B had phone call A ") and not found("X CALL Y", "A call A ")
    assert found("PAIR", "THEY ") and found("X CALL Y", "AO call B ")
    assert found("MODAL =1 CALL", "will soon call ") and not found("MODAL =1 CALL", "will , call ")
    assert not found("A ~2 CALL", "A OTHER call "), "a gap must not run over somebody else"
    assert found("( MODAL | to ) not? CALL", "to call ")
    (first, second) = compile_orders("X @CALL Y", classes)
    match = first.regex.search("A phone call B ") or second.regex.search("A phone call B ")
    assert match is not None and match.group("head") == "phone call "
    for wrong in ("?", "(", "a )", "@", "a | ", "NOSUCH"):
        with pytest.raises(PatternError):
            compile_all([wrong], classes)


def test_people_are_described_once_and_their_offices_have_dates() -> None:
    people = load_people()
    assert len(people.leaders) >= 45
    holder = people.holder("president", "fr", date(2020, 1, 1))
    assert holder is not None and holder.slug == "macron"
    earlier = people.holder("president", "fr", date(2016, 1, 1))
    assert earlier is not None and earlier.slug == "hollande"
    assert people.holder("president", "fr", date(1990, 1, 1)) is None


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"persons": []}, "unknown table 'persons'"),
        ({"person": [{"name": "X"}]}, "without slug"),
        ({"person": [{"slug": "x", "name": "X", "label": "X"}]}, "'names' is missing"),
        (
            {"person": [{"slug": "x", "name": "X", "label": "X", "names": ["x"], "term": 1}]},
            "unknown key 'term'",
        ),
        (
            {"person": [{"slug": "x", "name": "X", "label": "X", "names": ["x"], "terms": [{}]}]},
            "lacks 'office'",
        ),
    ],
)
def test_a_slip_in_the_people_file_is_named(entry: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        parse_people(entry)


def test_places_are_read() -> None:
    names = {place.name for place in load_places()[0]}
    assert {"Versailles", "Moscow", "Brégançon", "Osaka"} <= names
