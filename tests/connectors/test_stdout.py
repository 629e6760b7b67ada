"""Alerts on streams."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import ChannelError, clean_line
from connectors.channels.stdout import Stdout
from domain.event_model import Message
from domain.model import Reason


def make_message(**changes: Any) -> Message:
    base: dict[str, Any] = {
        "alert_id": "17",
        "event_id": "4",
        "reason": Reason.NEW,
        "created_at": datetime(2026, 5, 25, 13, 24, tzinfo=UTC),
        "headline": "Macron and Putin spoke by phone",
        "body": "Monday, 25 May.\nSays: example.org",
        "address": "https://example.org/1",
        "payload": {},
    }
    return Message(**(base | changes))


def test_an_alert_is_printed_as_a_block() -> None:
    stream = io.StringIO()
    Stdout(stream=stream).send(make_message())
    lines = stream.getvalue().splitlines()
    assert lines[0] == lines[-1]
    assert lines[1:-1] == [
        "NEW: Macron and Putin spoke by phone",
        "Monday, 25 May.",
        "Says: example.org",
        "Source: https://example.org/1",
        "Alert 17, event 4, 2026-05-25 13:24 UTC",
    ]


def test_the_standard_output_is_that_of_the_time_of_printing(capsys: pytest.CaptureFixture[str]) -> None:
    Stdout().send(make_message())
    assert "Macron and Putin" in capsys.readouterr().out


def test_characters_that_steer_a_terminal_are_dropped() -> None:
    stream = io.StringIO()
    message = make_message(
        headline="a\x1b[2Jb\nc\u202ed", body="x\x07\x9b31m\r\ny\ud800", address="https://e/\x1b]0;t\x07"
    )
    Stdout(stream=stream).send(message)
    text = stream.getvalue()
    assert "NEW: a[2Jb cd\n" in text
    assert "x31m\ny\n" in text
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\ud800"} & set(text)


def test_a_stream_that_cannot_encode_a_letter_gets_it_escaped() -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        Stdout(stream=stream).send(make_message(headline="Élysée Путин"))
        assert b"NEW: \\xc9lys\\xe9e \\u041f" in raw.getvalue()


def test_a_broken_or_closed_stream_is_a_channel_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w", encoding="utf-8")
    with pytest.raises(ChannelError, match="17") as caught:
        Stdout("screen", stream).send(make_message())
    assert (caught.value.name, caught.value.transient) == ("screen", False)
    with pytest.raises(BrokenPipeError):
        stream.close()
    with pytest.raises(ChannelError):
        Stdout("screen", stream).send(make_message())


@given(st.text())
@settings(deadline=None, max_examples=50)
def test_a_clean_line_is_one_line_and_clean(text: str) -> None:
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert clean_line(line) == line
    assert line.encode("utf-8").decode("utf-8") == line
