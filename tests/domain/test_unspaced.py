"""Text without spaces: cut into the words that the data files know, with every character where it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts import Document, find_contacts
from domain.lexicon import country_words, load_lexicon
from domain.model import Published, Role
from domain.people import DEFAULT_PAIR, names_both
from domain.tokens import tokenize
from domain.unspaced import MARKS, Cutter, count_words


def forms(text: str, language: str = "zh") -> list[str]:
    return [token.form for token in tokenize(text, load_lexicon(language))]


def test_words_are_cut_from_the_end_and_names_into_characters() -> None:
    cutter = Cutter({"将会", "会见", "日前", "前往"}, {"普京"})
    assert cutter.cut("将会见普京") == [1, 2, 1, 1]
    assert cutter.cut("日前往") == [1, 2]
    assert cutter.cut("") == [] and cutter.cut("不") == [1]


def test_the_words_of_a_lexicon_are_tokens() -> None:
    assert forms("马克龙同意与普京通电话。") == ["马", "克", "龙", "同意", "与", "普", "京", "通电话", "."]
    assert forms("馬克宏、蕭茲（今天）：「停火」") == [
        *"馬克宏、蕭茲",
        "(",
        "今天",
        ")",
        ":",
        '"',
        "停火",
        '"',
    ]


def test_other_languages_are_cut_as_before() -> None:
    assert forms("大統領は電話、会談。", "ja") == list("大統領は電話会談")
    assert forms("Der „Kreml“, sagte er", "de") == ["der", '"', "kreml", '"', ",", "sagte", "er"]


@given(
    st.text(
        alphabet=st.sampled_from("马克龙普京将会见通电话与和平，。：；（）「」·7日 aé\u3000"), max_size=60
    )
)
def test_every_token_stands_where_it_was(text: str) -> None:
    end = 0
    for token in tokenize(text, load_lexicon("zh")):
        assert end <= token.start < token.end <= len(text)
        said = text[token.start : token.end].lower().translate(MARKS).replace("é", "e")
        assert said == token.form or (said.isspace() and token.form == ",")
        end = token.end


def test_a_rare_space_is_a_break_and_many_are_layout() -> None:
    assert forms("马克龙一周内第二次同普京通话 或赴莫斯科")[-4:] == [",", "或", "赴", "莫斯科"]
    assert "," not in forms("法国总统 马克龙 与 普京 通电话")


def test_a_name_in_brackets_is_the_person_before_it() -> None:
    published = Published(datetime(2021, 3, 10, 12, tzinfo=UTC), "instant", "input")
    text = "馬克宏（Emmanuel Macron）、德國總理梅克爾（Angela Merkel）與普丁（Vladimir Putin）通話80分鐘。"
    (contact,) = find_contacts(Document("", text, published, "zh"), DEFAULT_PAIR).contacts
    assert contact.with_others == ("Merkel",) and contact.duration_minutes == 80


def test_words_are_counted_by_characters() -> None:
    assert count_words("马克龙与普京通电话") == 4
    assert count_words("Macron 与普京") == 2
    assert count_words("two words") == 2


def test_names_and_countries_are_found_within_a_run_of_characters() -> None:
    assert names_both(DEFAULT_PAIR)("法国总统马克龙与普京通电话")
    assert not names_both(DEFAULT_PAIR)("法国总统马克龙与特朗普通电话")
    assert country_words()["ru"].search("据俄罗斯总统网站") and not country_words()["fr"].search("依法处理")
    assert not country_words()["fr"].search("parishes")


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("（中央社巴黎9日綜合外電報導）", "2021-03-09"),
        ("（中央社巴黎10日電）", "2021-03-10"),
        ("", "2021-03-10"),
    ],
)
def test_today_is_the_day_of_the_dateline(opening: str, day: str) -> None:
    published = Published(datetime(2021, 3, 10, 12, tzinfo=UTC), "instant", "input")
    text = f"{opening}法國總統馬克宏今天與俄羅斯總統普丁通電話，要求普丁立即停火。"
    (contact,) = find_contacts(Document("", text, published, "zh"), DEFAULT_PAIR).contacts
    assert contact.role is Role.MAIN and contact.date.label == day
