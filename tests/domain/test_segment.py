"""Blocks and sentences: borders in several languages, offsets, and time on hostile input. Own texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.segment import MAX_SENTENCE, split


def sentences(text: str, language: str = "en") -> list[str]:
    return [s.text for s in split("", text, language)]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Mr. Dubois met Mrs. Ivanova in St. Gallen. They left at once.", 2),
        ("en", "They spoke at 3 p.m. The call was short.", 2),
        ("en", "They spoke at 3 p.m. Paris time and hung up.", 1),
        ("en", "The U.S. President was told. So was J. P. Morel.", 2),
        ("en", "Was it late? It was! Nobody minded… Nobody at all.", 4),
        ("en", '"Was it late?" he asked. "It was." She left.', 3),
        ("en", "See www.example.org or version 2.5 for more. It helps.", 2),
        ("en", "He said so.The next day he did not.", 2),
        ("en", "They met in St.Gallen, says example.org today.", 1),
        ("en", "The deal was worth 3.5 bn. euros approx. Nobody knows.", 1),
        ("en", "They met in 2019. They met again in 2021.", 2),
        ("en", "(He was late.) She was not.", 2),
        ("en", "They left.\n\n1. First thing\n2. Second thing", 3),
        ("fr", "M. Dubois a vu Mme. Petit au bd. Raspail. Il est parti.", 2),
        ("fr", "« Est-ce vrai ? » demanda-t-il. « Oui ! » Elle partit.", 3),
        ("fr", "M. Le Goff a vu J.-P. Le Goff hier. Ils sont partis.", 2),
        ("fr", "Qui est-ce ? C'est lui.", 2),
        ("fr", "Il a cité le no. 12 de l'av. Foch. C'est loin.", 2),
        ("ru", "Э. Дюбуа и В. И. Петров встретились в г. Сочи. Потом уехали.", 2),
        ("ru", "Это было в 2019 г. В Сочи шёл дождь.", 2),
        ("ru", "Это было в 2019 г. Петров уехал.", 1),
        ("ru", "Он купил хлеб, соль и т. д. и ушёл. Дверь закрылась.", 2),
        ("ru", "«Кто там?» — спросил он. Никто не ответил.", 2),
        ("ru", "Сумма составила 5 млн. руб. за год. Это много.", 2),
        ("de", "Am 24. Februar kam Dr. Weber. Er blieb bis zum 3. März.", 2),
        ("uk", "Це було в 2019 р. У Львові йшов дощ.", 2),
        ("es", "El Sr. Ruiz habló con EE. UU. ayer. ¿Y después? Nada.", 3),
        ("it", "Il dott. Rossi è partito. È tornato il giorno dopo.", 2),
        ("zh", "两人通了电话。谈话很短！之后呢？没有消息。", 4),
        ("ar", "تحدث الرجلان اليوم. كان الحديث قصيراً؟ نعم.", 3),
        ("xx", "Dr. Foo bar. Baz qux.", 2),
    ],
)
def test_sentence_borders(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count, sentences(text, language)


def test_title_and_text_have_their_own_offsets() -> None:
    title, text = "They spoke. It was late.", "First one. Second one.\n\nThird one."
    found = split(title, text, "en")
    assert [(s.field, s.block, s.position, s.text) for s in found] == [
        ("title", -1, 0, "They spoke."),
        ("title", -1, 1, "It was late."),
        ("text", 0, 0, "First one."),
        ("text", 0, 1, "Second one."),
        ("text", 1, 0, "Third one."),
    ]
    for s in found:
        assert {"title": title, "text": text}[s.field][s.start : s.end] == s.text


def blocks(text: str) -> list[str]:
    found: dict[int, list[str]] = {}
    for s in split("", text, "en"):
        found.setdefault(s.block, []).append(s.text)
    return [" ".join(" ".join(parts).split()) for parts in found.values()]


def test_list_items_are_blocks() -> None:
    assert blocks("Read also\n- first thing\n- second thing\n• third thing\n2) fourth thing") == [
        "Read also",
        "- first thing",
        "- second thing",
        "• third thing",
        "2) fourth thing",
    ]


def test_headlines_and_captions_without_a_blank_line_stay_apart() -> None:
    assert blocks(
        "Two men on the phone\nPhoto by an agency\nMore News\nThe minister spoke today about fish."
    ) == [
        "Two men on the phone",
        "Photo by an agency",
        "More News",
        "The minister spoke today about fish.",
    ]


def test_hard_wrapped_prose_is_joined() -> None:
    text = (
        "The two men spoke for an hour about a matter that had been on\n"
        "the table for many months, and both of them, the office of Mr.\n"
        "Dubois said, were content with what had been reached on that\n"
        "24. of the month – which was\n"
        "late.\n"
        "\n"
        "Another paragraph follows."
    )
    found = blocks(text)
    assert len(found) == 2
    assert found[0].startswith("The two men") and found[0].endswith("late.")
    assert len(sentences(text)) == 2


def test_long_lines_are_paragraphs_of_their_own() -> None:
    line = (
        "This line is a paragraph that goes on and on about one thing and then about another thing until it is "
        * 2
    )
    assert len(blocks(f"{line.strip()}\n{line.strip()}\nshort")) >= 2


def test_windows_line_ends_and_odd_separators() -> None:
    assert blocks("One thing.\r\n\r\nTwo things.\u2029\u2029Three things.") == [
        "One thing.",
        "Two things.",
        "Three things.",
    ]


def test_overlong_sentences_are_cut_at_white_space() -> None:
    found = split("", "word " * 3000, "en")
    assert all(len(s.text) <= MAX_SENTENCE for s in found)
    assert "".join(s.text for s in found).replace(" ", "") == "word" * 3000
    assert all(not s.text.startswith("ord") for s in found)


def test_nothing_gives_nothing() -> None:
    assert split("", "", "en") == ()
    assert split(" \n ", "\n\t\u00a0\n", "ru") == ()


WORDS = ["Word", "word", "Слово", "слово", "г", "т", "Dr", "M", "A", "24", "2019", "中文", "عربي", "x" * 60]
MARKS = [".", "...", "…", "!", "? ", "。", "»", " »", "«", '"', "(", ")", "— ", "- ", "• ", "1) "]
SPACES = [" ", "\n", "\n\n", "\r\n", "\u00a0", "\u200b"]
PIECES = st.sampled_from([*WORDS, *MARKS, *SPACES])


@settings(deadline=None, max_examples=50)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["en", "fr", "ru", "de", "zh", "", "xx"]))
@example("…" * 50 + " »", "fr")
def test_every_visible_character_lies_in_exactly_one_sentence(text: str, language: str) -> None:
    found = split(text, text, language)
    for field in ("title", "text"):
        covered = [0] * len(text)
        last = 0
        for s in (s for s in found if s.field == field):
            assert text[s.start : s.end] == s.text
            assert s.text == s.text.strip() and s.text
            assert s.start >= last
            last = s.end
            for i in range(s.start, s.end):
                covered[i] += 1
        assert all(n == 1 or c.isspace() for n, c in zip(covered, text, strict=True))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=400))
def test_any_text_can_be_split(text: str) -> None:
    found = split("", text, "en")
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())
    assert [s.block for s in found] == sorted(s.block for s in found)


@pytest.mark.parametrize(
    "pattern", [". ", "a. ", "...", "»", "«", "A. B c? ", "x", " \n", "- a\n", "\n", "1. ", " "]
)
def test_time_grows_with_the_length_only(pattern: str) -> None:
    def seconds(size: int) -> float:
        text = pattern * (size // len(pattern))
        best = 1e9
        for _ in range(2):
            start = time.perf_counter()
            split("", text, "ru")
            best = min(best, time.perf_counter() - start)
        return best

    seconds(1000)
    # Sixteen times the text takes sixteen times as long; quadratic code would take 256 times.
    assert seconds(160_000) < 70 * seconds(10_000) + 0.05
