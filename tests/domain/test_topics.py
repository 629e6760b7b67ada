"""What a contact was about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.contacts import Document, find_contacts
from domain.model import Contact, Published
from domain.people import DEFAULT_PAIR
from domain.topics import load_topics

AT = Published(datetime(2021, 3, 10, 12, tzinfo=UTC), "instant", "input")


def contact_of(text: str, language: str | None = None) -> Contact:
    return find_contacts(Document("", text, AT, language), DEFAULT_PAIR).contacts[0]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Macron and Putin spoke by phone about Syria and the Iran nuclear deal.", ("syria", "iran")),
        (
            "Emmanuel Macron a appelé Vladimir Poutine. Ils ont évoqué l'Ukraine et le gaz.",
            ("ukraine", "gas"),
        ),
        ("Макрон и Путин обсудили по телефону ситуацию в Ливии и Нагорном Карабахе.", ("libya", "karabakh")),
        ("Macron hat mit Putin telefoniert. Es ging um die Lage in Syrien.", ("syria",)),
        ("Macron called Putin.", ()),
    ],
)
def test_what_was_talked_about_is_named_in_order(text: str, topics: tuple[str, ...]) -> None:
    assert contact_of(text).topics == topics


def test_the_country_of_a_third_person_is_no_topic() -> None:
    text = (
        "Macron called Putin about trade. Earlier he had met Ukrainian President Volodymyr Zelensky in Kyiv."
    )
    assert contact_of(text).topics == ("trade",)


def test_what_is_said_of_others_is_not_what_the_two_talked_about() -> None:
    text = "Macron called Putin about Libya. Angela Merkel and Joe Biden discussed Afghanistan."
    assert contact_of(text).topics == ("libya",)


def test_every_pattern_has_its_topic() -> None:
    owners, patterns = load_topics()
    assert len(owners) == len(patterns.sources) and len(set(owners)) > 20
