from __future__ import annotations

import io
import json
import sys
from pathlib import Path
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


def test_until_ends_the_archive_with_that_day(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [article("a", "2025-07-01T20:00:00+02:00"), article("b", "2025-07-15T20:00:00+02:00")]
    for until, expected in [("2025-07-01", 1), ("2025-07-01T17:59:00+00:00", 0), ("2025-07-15", 2)]:
        monkeypatch.setattr(sys, "argv", [])
        lines = "".join(json.dumps(one) + "\n" for one in articles)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        assert main(["replay", "-", "--until", until]) == 0
        assert len(capsys.readouterr().out.splitlines()) == expected
    assert main(["replay", "-", "--until", "soon"]) == 1
    assert "'soon' is neither a day" in capsys.readouterr().err


def test_diff_tells_what_other_rules_told_otherwise(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    articles = [article("a", "2025-07-01T20:00:00+02:00"), article("b", "2025-07-15T20:00:00+02:00")]
    _, alerts, _ = replay(capsys, monkeypatch, articles)
    before = tmp_path / "before.jsonl"

    def differences(*then: dict[str, Any]) -> list[tuple[str, str]]:
        before.write_text("".join(json.dumps(one) + "\n" for one in then), "utf-8")
        lines = "".join(json.dumps(one) + "\n" for one in articles)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        assert main(["replay", "-", "--diff", str(before)]) == 0
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [(one["change"], (one["now"] or one["then"])["article_id"]) for one in found]

    assert differences(*alerts) == []
    assert differences(alerts[0]) == [("added", "b")]
    assert differences(*alerts, alerts[0] | {"article_id": "c"}) == [("gone", "c")]
    assert differences(alerts[0] | {"kind": "meeting"}, alerts[1]) == [("other", "a")]
    before.write_text("[]\n", "utf-8")
    assert main(["replay", "-", "--diff", str(before)]) == 1
    assert "line 1: no alert of replay" in capsys.readouterr().err


def test_a_new_version_in_the_archive_takes_the_news_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected = article(
        "a", "2025-07-01T22:00:00+02:00", "The call was one between Macron and Volodymyr Zelensky."
    )
    _, alerts, _ = replay(capsys, monkeypatch, [article("a", "2025-07-01T20:00:00+02:00"), corrected])
    assert [alert["reason"] for alert in alerts] == ["new", "retracted"]
