"""Text dumps: what is kept, what is removed and why."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.blocks import Shape, read_blocks
from domain.dump import Dump, read_dump, trim_edges
from domain.render import render_dump

FIRST = "The mayor of the port and the head of the railway met on Monday to settle the dispute over the new bridge."
SECOND = (
    "They agreed that trains would run over the old crossing until the spring, when the works are to begin."
)
THIRD = (
    "A second meeting is planned for next month, the town hall said in a short notice late in the evening."
)
BODY = [FIRST, SECOND, THIRD]


def dump_of(*blocks: str) -> Dump:
    return read_dump("\n\n".join(blocks))


def reason_of(found: Dump, line: int) -> str:
    return next(r.reason for r in found.removed if r.first_line <= line <= r.last_line)


def test_clean_text_stays_as_it_is() -> None:
    found = dump_of(*BODY)
    assert found.text == "\n\n".join(BODY)
    assert found.kept == ((1, 1), (3, 3), (5, 5))
    assert found.removed == ()
    assert found.title is None


def test_menu_title_date_and_footer_are_removed_with_reasons() -> None:
    found = dump_of(
        "Home\nWorld\nSport\nCulture",
        "Mayor and railway settle bridge dispute",
        "12 May 2021, 14:30",
        *BODY,
        "Share this article",
        "© 2021 The Harbour Gazette. All rights reserved.",
    )
    assert found.text == "\n\n".join(BODY)
    assert found.title == "Mayor and railway settle bridge dispute"
    assert reason_of(found, 6) == "title"
    assert reason_of(found, 8) == "date line"
    assert reason_of(found, 16) == "menu"
    assert reason_of(found, 18) == "notice"


def test_every_line_with_words_is_kept_or_removed_once() -> None:
    text = "Menu\n\nMayor and railway settle\n\n" + "\n\n".join(
        [*BODY, SECOND, "Photo: a bridge", "Related topics"]
    )
    found = read_dump(text)
    told = [n for a, b in found.kept for n in range(a, b + 1)]
    told += [n for r in found.removed for n in range(r.first_line, r.last_line + 1)]
    assert sorted(told) == [n for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def test_teaser_list_with_ellipses_and_hosts() -> None:
    teasers = []
    for i in range(1, 9):
        teasers.append(f"  {i}. Some other story number {i} about an entirely different town")
        teasers.append(f"\n    Daily Courier\n    05.{i:02} / 12:10 courier.example")
        teasers.append(
            f"    The council of the town of Upper Example number {i} has decided not to build the…"
        )
    found = read_dump("\n\n".join(BODY) + "\n" + "\n".join(teasers))
    assert found.text == "\n\n".join(BODY)
    assert {r.reason for r in found.removed} == {"teaser list"}


def test_threaded_comments() -> None:
    thread = """  1. I do not believe a word of this and neither should you, they have said it for many years now.

    • Then do not read it, nobody forces you to come here and tell us about it every single day.

      • He is right though, look at what became of the tunnel that they promised us in the last election.

  2. The old crossing is dangerous, my brother works there and he says so every time that we meet."""
    found = read_dump("\n\n".join(BODY) + "\n\n" + thread + "\n\nLeave a comment")
    assert found.text == "\n\n".join(BODY)
    assert "comment thread" in {r.reason for r in found.removed}


def test_flat_comments_after_a_header() -> None:
    comments = [
        "Nice.",
        "I was there on Monday and saw them leave the hall together, both of them smiling broadly.",
    ]
    assert dump_of(*BODY, "Comments (2)", *comments).text == "\n\n".join(BODY)


def test_comments_without_a_header_are_known_by_what_comes_with_each() -> None:
    comments = [
        f"• Reader{n} says:\n\nI have crossed that bridge {n} times and never saw one of them there."
        for n in range(4)
    ]
    found = read_dump("\n\n".join([*BODY, *comments]))
    assert found.text == "\n\n".join(BODY)
    assert found.removed[-1].reason == "comments"


def test_link_to_comments_above_the_text_does_not_end_it() -> None:
    assert dump_of("Mayor and railway settle", "12 comments", *BODY).text == "\n\n".join(BODY)


def test_sentences_that_lead_to_quotes_are_not_comments() -> None:
    quotes = [
        p
        for n in range(4)
        for p in (
            f"The mayor said on day {n}:",
            f"“We shall cross the bridge number {n} when we come to it.”",
        )
    ]
    found = dump_of(FIRST, *quotes, THIRD)
    assert found.text.endswith(THIRD)
    assert "bridge number 3" in found.text


def test_invitations_and_notices_go_long_paragraphs_on_the_subject_stay() -> None:
    law = (
        "The new law obliges every shop to print its privacy policy on paper and to hand it to whoever asks for it,"
        " the minister said, adding that the first fines would be due before the end of the year."
    )
    found = dump_of(
        *BODY, law, "Follow the Gazette on Telegram and by RSS!", "Reprint only with written permission."
    )
    assert found.text == "\n\n".join([*BODY, law])


def test_a_paragraph_cut_off_is_no_title() -> None:
    cut = " ".join(FIRST.split()[:10])
    title = "Mayor and railway settle bridge dispute"
    assert dump_of(title, "Print", cut, title, *BODY).title == title
    assert dump_of(cut, *BODY).title is None


def test_edges_of_extracted_text() -> None:
    text = "\n\n".join(["By Jane Doe", "12 May 2021, 14:30", *BODY, "Read more", "© 2021 Gazette"])
    assert trim_edges(text) == "\n\n".join(BODY)
    assert trim_edges("By Jane Doe") == "By Jane Doe"


def test_of_repeated_paragraphs_the_fullest_is_kept_in_the_earliest_place() -> None:
    cut = " ".join(SECOND.split()[:12])
    title = "Mayor and railway settle bridge dispute"
    found = dump_of(
        title,
        FIRST,
        cut,
        "1 of 3 12.05.21, 14:30",
        title,
        FIRST,
        SECOND,
        "2 of 3 12.05.21, 14:30",
        title,
        THIRD,
    )
    assert found.text == "\n\n".join(BODY)
    assert found.title == title
    assert reason_of(found, 5).startswith("") and reason_of(found, 7) == "page header"
    assert reason_of(found, 11) == "repeated in line 3"


def test_headings_inside_stay_captions_and_credits_go() -> None:
    found = dump_of(
        FIRST,
        "What was agreed",
        SECOND,
        "REUTERS",
        "The bridge on Monday",
        THIRD,
        "Photo: the new bridge",
        FIRST,
    )
    assert found.text == "\n\n".join([FIRST, "What was agreed", SECOND, THIRD])
    assert reason_of(found, 7) == "credit"
    assert reason_of(found, 9) == "caption"
    assert reason_of(found, 13) == "caption"


def test_list_inside_an_article_keeps_its_sentences() -> None:
    points = [
        "  • The railway pays for the repair of the old crossing and for the signals at both ends of it.",
        "  • The town pays for the road that leads to the new bridge and for the lights along that road.",
        "  • Both will ask the government for help with the costs that nobody has yet been able to name.",
    ]
    found = read_dump("\n\n".join([FIRST, SECOND]) + "\n\n" + "\n".join(points) + "\n\n" + THIRD)
    assert found.text.count("\n\n") == 5
    assert "The railway pays for the repair" in found.text


def test_hard_wrapped_paragraphs_are_joined() -> None:
    wrapped = """The mayor of the port and the head of the railway met on Monday
to settle the dispute over the new bridge that has kept the town
busy for almost as long as anyone there can remember, and longer
than either of the two men cares to say."""
    found = read_dump(f"Settled at last: the bridge dispute\n\n{wrapped}\n\n{SECOND}")
    assert found.text.startswith("The mayor of the port and the head of the railway met on Monday to settle")
    assert found.kept[0] == (3, 6)


def test_paragraphs_on_adjacent_lines_are_not_joined() -> None:
    assert read_dump("\n".join(BODY)).text == "\n\n".join(BODY)


def test_japanese_is_measured_in_characters() -> None:
    body = (
        "両国の大統領は月曜日に電話で会談し、穀物の輸出と原子力発電所の安全について一時間にわたり話し合った。"
    )
    assert read_dump(f"メニュー\n\n{body}\n\n{body[:-1]}と発表した。").text.startswith(body[:20])


def test_russian_furniture() -> None:
    body = "Мэр портового города и глава железной дороги встретились в понедельник, чтобы уладить спор о новом мосте."
    found = read_dump(
        f"Главная\n\nСпор о мосте улажен\n\n{body}\n\nЧитайте также\n\nПодписывайтесь на наш канал!"
    )
    assert (found.title, found.text) == ("Спор о мосте улажен", body)


def test_nothing_but_furniture_gives_no_text() -> None:
    found = read_dump("Home\nSearch\n\nSubscribe\n\n© 2020")
    assert found.text == ""
    assert found.kept == ()
    assert len(found.removed) == 4


def test_line_ends_and_control_characters() -> None:
    found = read_dump(
        "\ufeff"
        + FIRST.replace("port", "po\x00rt")
        + "\r\n\r\n"
        + SECOND.replace(" ", "\u00a0")
        + "\f"
        + THIRD
    )
    assert found.text == "\n\n".join(BODY)


def test_list_shapes() -> None:
    flat = read_blocks("• one\n• two\n• three")
    assert {b.shape for b in flat} == {Shape.LIST}
    assert [b.text for b in flat] == ["one", "two", "three"]
    nested = read_blocks("• one\n  • two\n    • three\nplain again")
    assert [b.shape for b in nested] == [Shape.THREAD] * 3 + [Shape.PLAIN]


def test_time_grows_with_length_only() -> None:
    """A page of one repeated paragraph must not cost the square of its length."""

    def cost(paragraphs: list[str]) -> float:
        began = time.process_time()
        dump_of(*paragraphs)
        return time.process_time() - began

    small, large = cost([FIRST] * 400), cost([FIRST] * 4_000)
    assert large < 40 * max(small, 0.005)


@pytest.mark.parametrize(
    "text",
    [
        "." * 300_000,
        "– " * 100_000,
        "a." * 100_000,
        "1 of " * 60_000,
        "  - x\n" * 200_000,
        "(" * 200_000,
        "photo " * 50_000,
    ],
)
def test_hostile_text_takes_little_time(text: str) -> None:
    began = time.process_time()
    read_dump(text)
    assert time.process_time() - began < 5


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet=st.sampled_from("ab .\n\t•1—…А。語\x0c\r\u00a0"), max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = read_dump(text)
    lines = [line for a, b in found.kept for line in (a, b)] + [r.first_line for r in found.removed]
    assert all(line >= 1 for line in lines)
    assert bool(found.text) == bool(found.kept)


def test_rendering_a_page_as_a_dump() -> None:
    page = f"<title>T</title><nav>Home</nav><h1>Bridge</h1><p>{FIRST}<script>x()</script> More <b>words</b>."
    page += "<ul><li>one<li>two</ul>a<br>b"
    assert render_dump(page).split("\n") == [
        "Bridge",
        "",
        FIRST + " More words.",
        "",
        "  • one",
        "  • two",
        "a",
        "b",
    ]
    assert render_dump(page, main_only=False).startswith("Home\n\nBridge")
