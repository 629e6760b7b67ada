"""The gate before detection: phrases of all lexicons found in folded text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.finder import finder, spelled_out
from domain.fold import fold
from domain.lexicon import country_words


@pytest.mark.parametrize(
    ("pattern", "phrases"),
    [
        ("paris", ["paris"]),
        ("le? chef de l etat", ["chef de l etat"]),
        (
            "(white | grey house) (hall | halls)",
            ["grey house hall", "grey house halls", "white hall", "white halls"],
        ),
        ("the president of the republic ^FOLLOW", ["the president of the republic"]),
        ("stem* (of (a | b))? wood", ["stem* wood"]),
    ],
)
def test_a_pattern_is_spelled_out_as_phrases(pattern: str, phrases: list[str]) -> None:
    assert sorted(" ".join(phrase) for phrase in spelled_out(pattern)) == phrases


def test_phrases_are_found_as_whole_words_and_stems_at_the_beginning_of_one() -> None:
    found = finder([("red", "square"), ("mosc*",)], frozenset())
    assert [m.start() for m in found.finditer("red  square, moscovite; unmoscow, red squares")] == [0, 13]


def test_words_of_a_script_that_glues_them_are_found_behind_a_few_of_its_letters() -> None:
    assert country_words()["fr"].search("بوتين وباريس") and not country_words()["fr"].search("كتاباريس")


@given(st.text(), st.text(alphabet=st.characters(max_codepoint=127), min_size=80, max_size=90))
def test_a_text_is_folded_like_its_characters(rare: str, plain: str) -> None:
    every = "".join(fold(character + "\u0430")[0] for character in rare + plain)
    assert fold(rare + plain) == every
