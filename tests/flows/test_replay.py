from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from flows.cli import main

CALL = "Emmanuel Macron spoke with Vladimir Putin by telephone on Tuesday, the Elysee said."
RECAP = "Emmanuel Macron visited Kyiv. He and Vladimir Putin had spoken by telephone on 1 July."


def article(name: str, published: str | None, text: str = CALL) -> dict[str, Any]:
    return {
        "id": name,
        "url": f"https://o.example/{name}",
        "source": "o.example",
        "published": published,
        "title": "Macron and Putin speak by phone" if text == CALL else "Macron in Kyiv",
        "text": text,
    }


def replay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, articles: list[dict[str, Any]]
) -> tuple[int, list[dict[str, Any]], str]:
    lines = "".join(json.dumps(one) + "\n" for one in articles)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    status = main(["replay", "-"])
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


def test_an_event_is_told_once_by_the_first_article_in_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    later, first = article("b", "2025-07-02T09:00:00+02:00"), article("a", "2025-07-01T20:00:00+02:00")
    recap = article("c", "2025-07-09T09:00:00+02:00", RECAP)
    status, alerts, _ = replay(capsys, monkeypatch, [later, recap, first])
    assert status == 0
    (alert,) = alerts
    assert alert["article_id"] == "a"
    assert alert["at"] == "2025-07-01T18:00:00+00:00"
    assert (alert["kind"], alert["status"], alert["date"], alert["reason"]) == (
        "phone_call",
        "occurred",
        "2025-07-01",
        "new",
    )
    assert set(alert) == {
        *("at", "reason", "article_id", "event_id", "kind", "status", "date", "date_precision", "place"),
        *("with_others", "headline", "evidence"),
    }


def test_it_is_the_same_every_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = [article(str(n), f"2022-0{1 + n // 9}-{1 + n * 3 % 27:02d}T20:00:00+01:00") for n in range(60)]
    once = replay(capsys, monkeypatch, archive)
    again = replay(capsys, monkeypatch, list(reversed(archive)))
    assert once[1]
    assert again == once


def test_a_bad_line_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, alerts, err = replay(capsys, monkeypatch, [article("a", "2025-07-01"), article("b", "yesterday")])
    assert status == 1
    assert alerts == []
    assert "line 2" in err
    assert "yesterday" in err
