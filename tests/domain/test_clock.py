"""Clock times of contacts: in the words of several languages, of the contact and not of the statement."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.clock import time_of
from domain.detect_json import detect_line
from domain.model import Basis, DateSpan, Precision, TimeOfDay
from domain.people import DEFAULT_PAIR

SAYING = {"en": ("said",), "fr": ("annonce", "indique"), "ru": ("сообщил",), "de": ("sagte",)}


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "Macron called Putin at 7.30 p.m. Moscow time.", ("19:30", "Europe/Moscow")),
        ("en", "The call is set for Monday at 15:00 (1300 GMT).", ("13:00", "UTC")),
        ("en", "They spoke around 9 a.m.", ("09:00", None)),
        ("en", "They met at noon for two hours and 30 minutes.", None),
        ("en", "The call, which began at 11:05, was long.", ("11:05", None)),
        ("en", "At 25:10 they spoke.", None),
        ("en", "Between 10 a.m. and 4 p.m. both spoke to others.", None),
        ("en", "They spoke at 6 p.m. in Paris (7 p.m. in Moscow).", ("18:00", "Europe/Paris")),
        ("fr", "L'entretien a débuté à 18 h 45, heure de Paris.", ("18:45", "Europe/Paris")),
        ("fr", "Les deux hommes se sont parlé vers 11 heures du soir.", ("23:00", None)),
        ("fr", "Un entretien de 2 h 30.", None),
        ("fr", "Peu après 5 heures de discussion, ils se sont quittés.", None),
        ("ru", "Разговор начался в 19:30 мск.", ("19:30", "Europe/Moscow")),
        ("ru", "Звонок состоится в 6 часов вечера по парижскому времени.", ("18:00", "Europe/Paris")),
        ("ru", "Разговор длился 2 часа.", None),
        ("uk", "Розмова почалася о 14:15 за московським часом.", ("14:15", "Europe/Moscow")),
        ("de", "Das Telefonat begann um 14 Uhr 30.", ("14:30", None)),
        ("es", "La llamada empezó a las 7 de la tarde.", ("19:00", None)),
        ("sv", "Samtalet började klockan 14.30 svensk tid.", ("14:30", "Europe/Paris")),
        ("da", "Samtalen begyndte klokken 14.30.", ("14:30", None)),
        ("no", "Samtalen startet klokken 14.30 norsk tid.", ("14:30", "Europe/Paris")),
        ("nl", "Het gesprek begon om 14.30 uur Parijse tijd.", ("14:30", "Europe/Paris")),
        ("it", "La telefonata è iniziata alle 16.40.", ("16:40", None)),
        ("xx", "at 16.40", None),
    ],
)
def test_a_clock_time_is_read_with_its_zone(
    language: str, sentence: str, expected: tuple[str, str | None] | None
) -> None:
    time = time_of(sentence, (0, 5), language, ())
    assert (time and (time.label, time.zone)) == expected


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The two spoke, the Kremlin said at 6 p.m."),
        ("en", "At 6 p.m. said the Kremlin the two spoke."),
        ("ru", "Они поговорили, сообщил в 19:30 Песков."),
    ],
)
def test_the_time_of_a_statement_is_not_that_of_the_contact(language: str, sentence: str) -> None:
    assert time_of(sentence, (0, 10), language, SAYING[language]) is None


def test_the_moment_needs_the_day_and_the_zone() -> None:
    day = date(2021, 7, 2)
    known = DateSpan(day, day, Precision.DAY, Basis.EXPLICIT)
    month = DateSpan(date(2021, 7, 1), date(2021, 7, 31), Precision.MONTH, Basis.EXPLICIT)
    paris = TimeOfDay(18 * 60, "Europe/Paris")
    assert paris.instant(known) == datetime(2021, 7, 2, 16, 0, tzinfo=UTC)
    assert paris.instant(month) is None
    assert TimeOfDay(18 * 60, None).instant(known) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Macron and Putin spoke by phone on Tuesday at 4 p.m. Paris time.", ("16:00", "Europe/Paris")),
        ("Macron and Putin spoke by phone on Tuesday, the palace said at 4 p.m.", (None, None)),
        ("Le président Macron s'est entretenu avec Vladimir Poutine mardi à 16h10.", ("16:10", None)),
    ],
)
def test_detect_tells_the_time(text: str, expected: tuple[str | None, str | None]) -> None:
    article: dict[str, Any] = {"id": "a", "published": "2021-03-10T12:00:00+01:00", "title": "", "text": text}
    (contact,) = detect_line(article, DEFAULT_PAIR)["contacts"]
    assert (contact["time"], contact["time_zone"]) == expected
