"""Postpositions and case endings: Turkish "Putin'le" is "with Putin", and who stands behind a verb is no partner."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from domain.actors import cast_of
from domain.cases import cases_of
from domain.dates import find_dates
from domain.lexicon import LexiconError, load_lexicon, parse_lexicon
from domain.people import DEFAULT_PAIR
from domain.reader import Reader
from domain.segment import split
from domain.tokens import tokenize


def line(text: str, language: str = "tr") -> str:
    sentences = split("", text, language)
    reader = Reader(load_lexicon(language), cast_of(DEFAULT_PAIR), date(2021, 3, 10), language, sentences)
    return reader.line(sentences[0]).line.strip()


def test_an_ending_stands_apart_behind_an_apostrophe_and_from_known_nouns() -> None:
    cases = cases_of({"le": "with", "in": "'s", "ndan": "from"}, ["leader", "side"], ["sidendan"])
    assert cases.parts("macron'le") == (("macron", 6), ("with", 3))
    assert cases.parts("leaderin") == (("leader", 6), ("'s", 2))
    assert cases.parts("sidendan") == (("sidendan", 8),), (
        "what only looks like a noun with an ending stays whole"
    )
    assert cases.parts("somebodyin") == (("somebodyin", 10),), "so does a word that is not known"
    assert cases.parts("macron'less") == (("macron", 11),), "an ending that is not known is not read"
    assert cases.parts("le") == (("le", 2),) and cases.parts("le", hyphened=True) == (("with", 2),)
    assert cases.parts("putinle") == (("putin", 5), ("with", 2)), "the names of leaders are known"


def test_every_token_keeps_the_characters_that_it_stands_for() -> None:
    text = "Macron’un Putin'le görüştüğünü liderler açıkladı"
    tokens = tokenize(text, load_lexicon("tr"))
    assert all(first.end <= second.start for first, second in pairwise(tokens))
    assert "".join(text[t.start : t.end] for t in tokens) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Macron, Putin'le görüştü.", "A , le_ B gorustu ."),
        ("Macron, Rus liderle görüştü.", "A , le_ B gorustu ."),
        ("Putin ile Macron görüştü.", "PAIR gorustu ."),
        ("Erdoğan, Macron ve Putin'le görüştü.", "OTHER , le_ PAIR gorustu ."),
        ("Erdoğan, Macron ve Putin görüştü.", "PAIR gorustu ."),
        ("Macron ve Scholz, Putin'i aradı.", "AO , i_ B aradi ."),
        ("Erdoğan, Macron ile Putin'in görüşmesini övdü.", "OTHER , PAIR 's gorusmesini ovdu ."),
        ("Macron, Scholz ve ardından Putin'le görüştü.", "A , le_ OTHER ve ardindan le_ B gorustu ."),
        ("Macron, Putin'e karşı konuştu.", "A , karsi B konustu ."),
        ("Putin, Macron tarafından kabul edildi.", "B , tarafindan A kabul edildi ."),
    ],
)
def test_what_governs_a_person_is_put_before_him(text: str, expected: str) -> None:
    assert line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Macron Putyinnal beszélt.", "A val_ B beszelt ."),
        ("Felhívta Macron Putyint.", "felhivta A t_ B ."),
        ("Macron Hollande-dal beszélt.", "A val_ OTHER beszelt ."),
        ("Emmanuel Macron francia elnök Vlagyimir Putyin orosz elnökkel beszélt.", "A val_ B beszelt ."),
        ("Macron francia és Putyin orosz elnök beszélt.", "PAIR beszelt ."),
        ("Macron és az orosz elnök beszélt.", "PAIR beszelt ."),
        ("Macron Zelenszkijjel, Scholzcal és Putyinnal beszélt.", "A val_ BO beszelt ."),
        ("Macron Zelenszkijjel, Putyin Scholzcal beszélt.", "A val_ OTHER , B val_ OTHER beszelt ."),
        ("Macron elítélte Putyin háborúját.", "A elitelte B 's haborujat ."),
        ("A Kreml szerint Macron beszélt.", "a MB szerint_ A beszelt ."),
        ("Találkozó készül - közölte Macron.", "talalkozo keszul — kozolte A ."),
    ],
)
def test_where_the_order_is_free_endings_tell_who_does_what(text: str, expected: str) -> None:
    assert line(text, "hu") == expected


def test_a_date_is_bounded_by_words_behind_it() -> None:
    (since,) = find_dates("Aralık 2020'den beri görüşmediler", "tr")
    (until,) = find_dates("cuma gününe kadar görüşecekler", "tr")
    (plain,) = find_dates("cuma günü görüştüler", "tr")
    assert (since.since, since.until) == (True, False)
    assert (until.since, until.until) == (False, True)
    assert (plain.since, plain.until) == (False, False)


def test_a_slip_in_the_table_is_named() -> None:
    with pytest.raises(LexiconError, match="cases: unknown key 'ending'"):
        parse_lexicon({"language": "zz", "cases": {"ending": {}}}, "zz.toml")
    with pytest.raises(LexiconError, match=r"cases\.endings: must be a table of strings"):
        parse_lexicon({"language": "zz", "cases": {"endings": {"le": 1}}}, "zz.toml")
