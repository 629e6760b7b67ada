"""Words written together: Arabic "and", "to", "with" and "his" are letters of the word beside them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from domain.clitics import clitics_of
from domain.contacts import Document, find_contacts
from domain.duration import minutes_of
from domain.fold import fold
from domain.lexicon import LexiconError, load_lexicon, parse_lexicon
from domain.model import Published, Status
from domain.people import DEFAULT_PAIR, names_both
from domain.tokens import tokenize

AT = Published(datetime(2021, 3, 10, 18, tzinfo=UTC), "instant", "input")


def forms(text: str) -> list[str]:
    return [token.form for token in tokenize(text, load_lexicon("ar"))]


def test_a_word_is_taken_apart_where_that_leaves_a_known_one() -> None:
    clitics = clitics_of(["w", "l"], ["h"], {"ll": "l al"}, {"t": "a"}, ["meeta", "alking", "wall"])
    assert clitics.parts("wlmeeta") == (("w", 1), ("l", 1), ("meeta", 5))
    assert clitics.parts("meetth") == (("meeta", 5), ("h", 1))
    assert clitics.parts("llking") == (("l", 1), ("alking", 5))
    assert clitics.parts("wall") == (("wall", 4),), "a known word stays whole"
    assert clitics.parts("wstranger") == (("wstranger", 9),), "so does one that leaves an unknown rest"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وبوتين وماكرون", ["و", "بوتين", "و", "ماكرون"]),
        ("للرئيس", ["ل", "الرئيس"]),
        ("وسيلتقي ببوتين", ["و", "س", "يلتقي", "ب", "بوتين"]),
        ("لقائهما", ["لقاء", "هما"]),
        ("مكالمته", ["مكالمة", "ه"]),
        ("وزير", ["وزير"]),
        ("تحدّثَ الرئيـــس", ["تحدث", "الرئيس"]),
        ("أن، إن؟", ["ان", ",", "ان", "?"]),
    ],
)
def test_arabic_words_stand_apart_without_vowel_signs(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_every_token_keeps_the_characters_that_it_stands_for() -> None:
    text = "وَلِلرئيسِ الروسيّ، وببوتينَ لقاؤهما"
    tokens = tokenize(text, load_lexicon("ar"))
    assert all(first.end <= second.start for first, second in pairwise(tokens))
    assert "".join(text[t.start : t.end] for t in tokens) == re.sub(r"\s", "", text)


def test_offsets_of_the_evidence_are_exact() -> None:
    text = "أعلنَ الكرملين أنّ ماكرون تحدّث هاتفيّاً مع بوتين."
    (contact,) = find_contacts(Document("", text, AT, "ar"), DEFAULT_PAIR).contacts
    assert text[contact.evidence.start : contact.evidence.end] == contact.evidence.quote
    assert contact.evidence.quote == text


def test_folding_unites_the_spellings_of_arabic_and_moves_nothing() -> None:
    assert fold("إيمانويل") == fold("ايمانويل") and fold("الروسى") == fold("الروسي")
    assert len(fold("أآإٱى،؛؟")) == 8


def test_the_first_person_behind_a_verb_is_its_subject() -> None:
    def told(text: str) -> tuple[Status, ...]:
        return tuple(c.status for c in find_contacts(Document("", text, AT, "ar"), DEFAULT_PAIR).contacts)

    assert told("تحدث ماكرون مساء أمس مع بوتين.") == (Status.OCCURRED,)
    assert told("استقبل ماكرون بوتين.") == (Status.OCCURRED,)
    assert told("تحدث زيلينسكي مع ماكرون بشأن بوتين.") == ()
    assert told("استقبل ترامب ماكرون بعد مكالمة هاتفية مع بوتين.") == ()
    assert told("ماكرون وشولتس يبحثان هاتفيا تهديدات بوتين.") == ()


def test_names_with_letters_glued_to_them_are_names() -> None:
    names = names_both(DEFAULT_PAIR)
    assert names("اتصال بماكرون وبوتين") and names("שיחה למקרון ולפוטין")
    assert not names("ماكرون وحده")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("ساعة و45 دقيقة", 105), ("ساعتين ونصف الساعة", 150), ("لأكثر من ساعة", 60), ("تسعين دقيقة", 90)],
)
def test_arabic_lengths_of_time(text: str, minutes: int) -> None:
    assert minutes_of(forms(text), load_lexicon("ar")) == minutes


def test_a_slip_in_the_table_is_named() -> None:
    with pytest.raises(LexiconError, match=r"clitics\.joined: must be a table of strings"):
        parse_lexicon({"language": "zz", "clitics": {"before": ["w"], "joined": {"ll": 3}}}, "zz.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ולנשיא", ["ו", "ל", "נשיא"]),
        ("כשמקרון ופוטין", ["כש", "מקרון", "ו", "פוטין"]),
        ("לשוחח", ["לשוחח"]),
        ("שוחחתי איתי", ["תי", "שוחח", "עם", "אני"]),
        ("שיחתם", ["ם", "שיחת"]),
        ("בארה״ב", ["ב", 'ארה"ב']),
        ('אמר ב"הארץ"', ["אמר", "ב", '"', "הארץ", '"']),
        ("פְּגִישָׁה", ["פגישה"]),
    ],
)
def test_hebrew_words_stand_apart_and_abbreviations_stay_whole(text: str, expected: list[str]) -> None:
    assert [token.form for token in tokenize(text, load_lexicon("he"))] == expected


def test_between_one_to_the_other_names_both_in_hebrew() -> None:
    def told(text: str) -> tuple[Status, ...]:
        return tuple(c.status for c in find_contacts(Document("", text, AT, "he"), DEFAULT_PAIR).contacts)

    assert told("שיחה בין מקרון לפוטין") == (Status.OCCURRED,)
    assert told("מקרון לפוטין: לא ניכנע") == ()
