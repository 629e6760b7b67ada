"""Contacts found in sentences and small articles of our own; the sentences stand in the files beside this one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.contacts import Document, find_contacts
from domain.lexicon import available
from domain.model import Basis, Contact, Detection, Kind, Precision, Published, Role, Status
from domain.people import DEFAULT_PAIR, make_pair

HERE = Path(__file__).parent
WEDNESDAY = datetime(2021, 3, 10, 18, tzinfo=UTC)


def detect(
    text: str,
    title: str = "",
    at: datetime | None = WEDNESDAY,
    language: str | None = "en",
    pair: tuple[str, str] = ("macron", "putin"),
) -> Detection:
    published = Published(at, "instant", "input") if at else None
    return find_contacts(Document(title, text, published, language), make_pair(*pair), trace=True)


def main(detection: Detection) -> Contact | None:
    mains = [c for c in detection.contacts if c.role is Role.MAIN]
    assert len(mains) <= 1
    return mains[0] if mains else None


def background(detection: Detection) -> list[Contact]:
    return [c for c in detection.contacts if c.role is Role.BACKGROUND]


def other_sentences() -> list[str]:
    lines = (HERE / "contact_sentences_other.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def sentences() -> list[tuple[str, str, str]]:
    out = []
    for language in sorted(available()):
        for line in (HERE / f"contact_sentences_{language}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                expected, text = line.split(" | ", 1)
                out.append((language, expected, text))
    return out


def told(text: str, language: str) -> list[str]:
    """The news of a sentence in the words of the labels; ``["none"]`` where there is none."""
    contact = main(detect(text, language=language))
    if contact is None:
        return ["none"]
    others = ",".join(sorted(contact.with_others)) or "-"
    return [contact.kind.value, contact.status.value, contact.date.label or "-", contact.place or "-", others]


def agrees(expected: str, found: list[str]) -> bool:
    wanted = expected.split()
    if "none" in (expected, *found):
        return wanted == found
    return len(wanted) == len(found) and all(
        want in ("*", got) or sorted(want.split(",")) == sorted(got.split(","))
        for want, got in zip(wanted, found, strict=True)
    )


# One test a language, not one a sentence: there are thousands, and each must be seen only where it disagrees.
@pytest.mark.parametrize("language", sorted(available()))
def test_each_sentence_tells_the_contact_it_is_labelled_with(language: str) -> None:
    rows = [
        (expected, text, told(text, language)) for code, expected, text in sentences() if code == language
    ]
    assert [row for row in rows if not agrees(row[0], row[2])] == []


def articles() -> list[tuple[str, str]]:
    out = []
    for language in ("en", "fr", "ru"):
        blocks = (
            (HERE / f"contact_articles_{language}.txt").read_text(encoding="utf-8").strip().split("\n===\n")
        )
        out += [(language, block) for block in blocks]
    return out


@pytest.mark.parametrize(("language", "block"), articles())
def test_a_small_article_tells_the_news_it_is_labelled_with(language: str, block: str) -> None:
    """The first line is when it was published ("-": unknown) and the news: kind, status, date, place, others."""
    label, title, text = block.split("\n", 2)
    published, *expected = label.split()
    at = None if published == "-" else datetime.fromisoformat(published)
    contact = main(detect(text, title=title, at=at, language=language))
    if expected == ["none"]:
        assert contact is None
        return
    assert contact is not None
    place = (contact.place or "-").replace(" ", "_")
    found = (
        contact.kind,
        contact.status,
        contact.date.label or "-",
        place,
        ",".join(contact.with_others) or "-",
    )
    for want, got in zip(expected, found, strict=False):
        assert want in ("*", got)


@pytest.mark.parametrize(
    ("language", "title", "expected"),
    [
        ("nl", "Macron belt vrijdag met Poetin", (Status.PLANNED, "2021-03-12")),
        ("no", "Macron møter Putin i Moskva mandag", (Status.PLANNED, "2021-03-15")),
        ("sv", "Macron möter Putin på fredag", (Status.PLANNED, "2021-03-12")),
        ("nl", "Macron belt met Poetin", (Status.OCCURRED, "2021-03-10")),
        ("no", "Macron ringte Putin mandag", (Status.OCCURRED, "2021-03-08")),
        ("en", "Macron meets Putin in Moscow", (Status.OCCURRED, "2021-03-10")),
    ],
)
def test_a_day_beside_the_present_tense_of_a_headline_is_to_come_where_the_language_says_so(
    language: str, title: str, expected: tuple[Status, str]
) -> None:
    contact = main(detect("", title=title, language=language))
    assert contact is not None and (contact.status, contact.date.label) == expected


def test_there_are_enough_sentences_per_language() -> None:
    for language in sorted(available()):
        assert sum(1 for code, _, _ in sentences() if code == language) >= 60


# --- the classes of error that such detectors make ---------------------------------------------------------------


def test_a_third_person_as_partner_is_no_contact_of_the_pair() -> None:
    detection = detect(
        "Viktor Orban met Vladimir Putin in Moscow on Friday. Emmanuel Macron said the trip had not been agreed."
    )
    assert detection.contacts == ()
    assert any(r.reason for r in detection.rejected)


def test_a_third_person_beside_a_principal_is_a_participant() -> None:
    contact = main(
        detect("Olaf Scholz and Emmanuel Macron spoke with Vladimir Putin by phone for 75 minutes.")
    )
    assert contact is not None and contact.with_others == ("Scholz",) and contact.kind is Kind.PHONE_CALL
    assert contact.duration_minutes == 75


@pytest.mark.parametrize("word", ["puțin", "puţin", "putin", "puține"])
def test_a_common_word_that_only_folding_makes_a_name_is_none(word: str) -> None:
    text = f"Macron a vorbit la telefon cel {word} două ore cu consilierii săi."
    assert detect(text, language="ro").contacts == ()
    assert main(detect("Macron a vorbit la telefon cu Putin.", language="ro")) is not None


def test_who_is_spoken_of_behind_a_clause_border_is_no_listener() -> None:
    assert detect("Macron disse que Guterres vai reunir-se com Putin.", language="pt").contacts == ()
    (told,) = detect("Emmanuel Macron briefed Olaf Scholz on his call with Vladimir Putin.").contacts
    assert told.role is Role.BACKGROUND


def test_what_preceded_the_contact_of_the_title_with_somebody_else_is_no_news() -> None:
    lead = "A day after he had spoken with Vladimir Putin, Emmanuel Macron telephoned Volodymyr Zelensky."
    romanian = (
        "La o zi după ce discutase la telefon cu Vladimir Putin, Emmanuel Macron l-a sunat pe Zelenski."
    )
    assert main(detect(lead, title="Macron rings Zelensky")) is None
    assert main(detect(romanian, title="Macron l-a sunat pe Zelenski", language="ro")) is None


def test_they_are_the_pair_where_the_text_was_speaking_of_both() -> None:
    detection = detect(
        "Emmanuel Macron telephoned Vladimir Putin on Tuesday. They last spoke on February 4.",
        title="Macron rings Putin",
    )
    dates = {c.date.label for c in background(detection)}
    assert main(detection) is not None and dates == {"2021-02-04"}


def test_they_are_not_the_pair_where_others_were_spoken_of() -> None:
    detection = detect(
        "Emmanuel Macron criticised Vladimir Putin. Joe Biden flew to Rome to see Mario Draghi. "
        "The two talked for an hour."
    )
    assert detection.contacts == ()


@pytest.mark.parametrize(
    "text",
    [
        "Macron calls on Putin to free the sailors.",
        "Macron calls for sanctions against Putin.",
        "A new video shows Putin mocking Macron.",
        "Macron met the expectations of voters who fear Putin.",
        "In an interview with journalists Macron spoke of Putin.",
    ],
)
def test_words_of_double_meaning_are_no_contact(text: str) -> None:
    assert main(detect(text)) is None


def test_nominal_passive_and_relative_forms_are_read() -> None:
    for text in (
        "The call between Putin and Macron was devoted to grain.",
        "Putin was received by Macron in Paris.",
        "Putin, who was received by Macron in Paris on Tuesday, praised the museum.",
    ):
        contact = main(detect(text))
        assert contact is not None and contact.status is Status.OCCURRED


def test_a_wish_for_more_after_a_call_leaves_the_call_as_it_was() -> None:
    detection = detect(
        "Following his telephone conversation with Vladimir Putin, Emmanuel Macron said he wants to "
        "continue the dialogue."
    )
    contact = main(detection)
    assert contact is not None and (contact.kind, contact.status) == (Kind.PHONE_CALL, Status.OCCURRED)


def test_not_ruled_out_is_proposed_and_not_denied() -> None:
    contact = main(detect("Putin has not ruled out a meeting with Macron."))
    assert contact is not None and contact.status is Status.PROPOSED


def test_the_first_since_tells_two_contacts() -> None:
    detection = detect("Macron and Putin spoke by phone on Tuesday, for the first time since September 2020.")
    contact = main(detection)
    assert contact is not None and contact.date.label == "2021-03-09"
    assert [c.date.label for c in background(detection)] == ["2020-09"]


def test_not_since_tells_only_the_earlier_one() -> None:
    detection = detect("Macron has not spoken to Putin since December 2020.")
    assert main(detection) is None
    assert [(c.date.label, c.status) for c in background(detection)] == [("2020-12", Status.OCCURRED)]


def test_an_old_contact_is_background() -> None:
    detection = detect(
        "Emmanuel Macron met Vladimir Putin in Versailles in May 2017, and nothing came of it."
    )
    assert main(detection) is None
    (old,) = background(detection)
    assert (old.date.label, old.date.precision, old.place) == ("2017-05", Precision.MONTH, "Versailles")


def test_a_plan_and_its_outcome_in_one_article_are_one_contact() -> None:
    detection = detect(
        "Vladimir Putin and Emmanuel Macron talked by phone on Wednesday. The Kremlin had said that Putin would speak "
        "by phone with Macron on Wednesday.",
        title="Putin, Macron hold phone talks",
    )
    assert [(c.role, c.status) for c in detection.contacts] == [(Role.MAIN, Status.OCCURRED)]


def test_the_day_of_the_statement_is_not_the_day_of_the_meeting() -> None:
    contact = main(detect("The Kremlin said on Wednesday that Putin will meet Macron in Moscow on March 22."))
    assert contact is not None and contact.date.label == "2021-03-22" and contact.place == "Moscow"


def test_repeated_blocks_give_one_contact() -> None:
    lead = "Emmanuel Macron spoke by phone with Vladimir Putin on Tuesday."
    assert len(detect("\n\n".join([lead, lead, lead]), title=lead).contacts) == 1


def test_open_talks_take_the_channel_that_the_article_gives() -> None:
    contact = main(
        detect(
            "Their call lasted two and a half hours, the Kremlin said.",
            title="Macron and Putin discuss Syria by phone",
        )
    )
    assert contact is not None and contact.kind is Kind.PHONE_CALL


def test_furniture_is_not_read() -> None:
    detection = detect(
        "The French parliament voted on the budget after a long night of debate in Paris on Tuesday.\n\n"
        "Related articles\n\nMacron and Putin hold phone call\n\nComments\n\nMacron met Putin again, what a shame."
    )
    assert detection.contacts == ()


def test_relatives_spokesmen_and_advisers_are_not_the_principals() -> None:
    for text in (
        "Brigitte Macron met Vladimir Putin.",
        "Dmitry Peskov spoke with Emmanuel Macron about Putin.",
        "Putin's envoy met Macron's adviser.",
    ):
        assert main(detect(text)) is None


@pytest.mark.parametrize("row", other_sentences())
def test_a_language_without_a_lexicon_gets_names_and_international_words(row: str) -> None:
    labels, text = row.split(" | ", 1)
    language, *expected = labels.split()
    detection = detect(text, language=language, at=datetime.fromisoformat("2021-03-10T18:00:00+01:00"))
    contact = main(detection)
    assert detection.lexicon == "none"
    if expected == ["none"]:
        assert contact is None
        return
    assert contact is not None and contact.confidence < 0.6
    kind, status, day = expected
    assert (contact.kind.value, contact.status.value) == (kind, status)
    assert day in ("*", contact.date.label or "-")


def test_a_letter_within_a_call_is_no_letter() -> None:
    detection = detect("In a phone call Putin congratulated Macron on his election. They talked about trade.")
    assert [c.kind for c in detection.contacts] == [Kind.PHONE_CALL]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Macron se po schůzce se Zelenským sešel s Putinem.", True),  # "se" is "himself", then "with"
        ("Macron se sešel se svým ruským protějškem.", True),
        ("V úterý se Zelenskyj sešel s Putinem, Macron to přivítal.", False),
        ("Macron mluvil se Zelenským, Putin mlčel.", False),
    ],
)
def test_a_preposition_in_its_long_form_is_told_from_a_pronoun(text: str, told: bool) -> None:
    assert (main(detect(text, language="cs")) is not None) == told


def test_what_would_be_is_not_told_as_done() -> None:
    assert detect("If Macron were to call Putin, what would he say?").contacts == ()


# --- dates, titles, pairs ------------------------------------------------------------------------------------------


def test_without_a_date_the_news_takes_the_day_of_publication_in_its_own_offset() -> None:
    late = datetime.fromisoformat("2021-03-10T23:30:00-05:00")
    contact = main(detect("Macron called Putin.", at=late))
    assert contact is not None
    assert (contact.date.first, contact.date.basis) == (date(2021, 3, 10), Basis.PUBLICATION)


def test_an_undated_article_gives_no_day_unless_it_names_one() -> None:
    vague = main(detect("Macron called Putin on Tuesday.", at=None))
    named = main(detect("Macron called Putin on 9 March 2021.", at=None))
    assert vague is not None and vague.date.first is None
    assert named is not None and named.date.label == "2021-03-09"


def test_an_office_means_who_held_it_at_the_date_of_the_article() -> None:
    text = "The French president met Vladimir Putin in Moscow."
    assert main(detect(text)) is not None
    assert main(detect(text + " Emmanuel Macron applauded.", at=datetime(2014, 12, 6, tzinfo=UTC))) is None


def test_any_pair_of_known_people_can_be_watched() -> None:
    text = "Donald Trump held a phone call with Volodymyr Zelensky on Tuesday. Emmanuel Macron was informed."
    contact = main(detect(text, at=datetime(2025, 3, 19, tzinfo=UTC), pair=("trump", "zelensky")))
    assert contact is not None and contact.date.label == "2025-03-18" and contact.with_others == ()
    assert detect(text).contacts == ()
    with pytest.raises(ValueError, match="nobody"):
        make_pair("macron", "nobody")


def test_who_called_whom_is_read() -> None:
    for text, slug in (
        ("Macron phoned Putin.", "macron"),
        ("At the initiative of Vladimir Putin, he and Emmanuel Macron spoke by phone.", "putin"),
    ):
        contact = main(detect(text))
        assert contact is not None and contact.initiator == slug


def test_an_article_about_something_else_is_let_go_before_anything_is_loaded() -> None:
    detection = detect("The match ended in a draw.", language=None)
    assert detection == Detection("und", "none", (), ())


def test_detection_is_deterministic() -> None:
    text = (
        "Macron and Putin met in Paris on Tuesday with Angela Merkel. They last spoke by phone in February."
    )
    assert detect(text) == detect(text)
    assert make_pair("macron", "putin") == DEFAULT_PAIR


def test_an_item_of_a_live_ticker_is_news_wherever_it_stands() -> None:
    items = (
        "18:05 The finance committee of the lower house adjourned until next Monday.",
        "17:45 Two trains from the coast were late because of the storm.",
        "17:20 Heavy rain was reported from all the harbours of the north.",
        "17:10 The price of bread rose for the third month running.",
        "17:05 A bridge over the river was closed for repairs until spring.",
        "16:55 The national team named its squad for the autumn matches.",
        "16:50 After the ceremony Macron and Putin found half an hour for a meeting in a hotel.",
        "14:10 The museum opened its doors.",
    )
    ticker, report = (main(detect("\n\n".join(t[cut:] for t in items))) for cut in (0, 6))
    assert ticker is not None and (ticker.kind, ticker.date.label) == (Kind.MEETING, "2021-03-10")
    assert report is None


@pytest.mark.parametrize("opening", ["1.20", "12.05.2021", "3:15,5"])
def test_prices_and_dates_make_no_live_ticker(opening: str) -> None:
    line = f"{opening} After the ceremony Macron and Putin found half an hour for a meeting in a hotel."
    figures = "\n\n".join(f"{opening}.10 was the figure of the day in the harbour." for _ in range(6))
    assert main(detect(f"{figures}\n\n{line.replace(opening, opening + '.10')}")) is None


def test_a_plan_whose_day_has_passed_is_not_taken_for_what_took_place() -> None:
    contact = main(detect("A call between Macron and Putin was planned for Tuesday 9 March 2021."))
    assert contact is not None and contact.status is Status.PLANNED


def test_a_pronoun_that_takes_up_somebody_else_is_not_the_other_of_the_pair() -> None:
    text = (
        "Donald Trump embraced veterans. Macron received him for lunch on Tuesday. Putin had not been asked."
    )
    assert main(detect(text)) is None
    assert main(detect(text.replace("Donald Trump", "Vladimir Putin"))) is not None


def test_an_adviser_who_only_tells_of_a_call_is_no_party_to_it() -> None:
    told = "An adviser to Macron said after the call with the Russian president that nothing was agreed."
    assert main(detect(f"Emmanuel Macron flew home. {told}")) is not None
    assert (
        main(detect("Emmanuel Macron flew home. An adviser to Macron called the Russian president.")) is None
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [("Macron calls Putin tonight about Ukraine.", "en"), ("Macron rappelle Poutine ce soir.", "fr")],
)
def test_the_evening_of_the_day_is_to_come_for_those_who_write_at_noon(text: str, language: str) -> None:
    for hour, status in ((12, Status.PLANNED), (22, Status.OCCURRED)):
        contact = main(detect(text, at=datetime(2021, 3, 10, hour, tzinfo=UTC), language=language))
        assert contact is not None
        assert (contact.status, contact.date.label) == (status, "2021-03-10")


def test_news_of_the_early_morning_is_of_the_day_before() -> None:
    text = "Macron and Putin spoke by phone about the harvest."
    for hour, day in ((9, "2021-03-09"), (10, "2021-03-10")):
        contact = main(detect(text, at=datetime(2021, 3, 10, hour, tzinfo=UTC)))
        assert contact is not None and contact.date.label == day
