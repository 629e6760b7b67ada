"""Alerts as lines of JSON in a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.base import ChannelError
from connectors.channels.lines import JsonLines
from domain.event_model import Message
from domain.model import Reason


def alert(number: int) -> Message:
    payload: dict[str, object] = {"alert_id": str(number), "headline": "Путин\nМакрон"}
    return Message(
        str(number), "4", Reason.NEW, datetime(2026, 5, 25, tzinfo=UTC), "h", "b", "https://e/", payload
    )


def test_every_alert_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "new" / "alerts.jsonl"
    channel = JsonLines("lines", file)
    for number in (1, 2):
        channel.send(alert(number))
    read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["alert_id"] for line in read] == ["1", "2"]
    assert read[0]["headline"] == "Путин\nМакрон"


def test_a_line_cut_short_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "alerts.jsonl"
    file.write_bytes(b'{"alert_id": "1", "head')
    JsonLines("lines", file).send(alert(2))
    cut, whole = file.read_text(encoding="utf-8").splitlines()
    assert cut == '{"alert_id": "1", "head' and json.loads(whole)["alert_id"] == "2"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match=str(tmp_path)) as caught:
        JsonLines("lines", tmp_path).send(alert(1))
    assert caught.value.transient
