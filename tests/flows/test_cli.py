from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from tests.newsroom import ROOT, SEEDS, rows, serve

ARTICLE = {
    "id": "x1",
    "url": "https://o.example/1",
    "source": "o.example",
    "published": "2025-07-01T20:00:00+02:00",
    "title": "Macron and Putin speak by phone",
    "text": "Emmanuel Macron spoke with Vladimir Putin by telephone on Tuesday, the Elysee said.",
}


def run_cli(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The exit status, what went to stdout and what to stderr."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as end:
        status = int(end.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def detect(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str, *options: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return run_cli(capsys, "detect", "-", *options)


def test_detect_reads_lines_and_writes_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {**ARTICLE, "id": "x2", "title": "Weather", "text": "It will rain in Paris.", "published": None}
    lines = json.dumps(ARTICLE) + "\n\n" + json.dumps(other) + "\n"
    status, out, _ = detect(capsys, monkeypatch, lines)
    assert status == 0
    first, second = (json.loads(line) for line in out.splitlines())
    assert (first["id"], second["id"]) == ("x1", "x2")
    assert second["contacts"] == []
    (contact,) = first["contacts"]
    assert (contact["kind"], contact["status"], contact["date"]) == ("phone_call", "occurred", "2025-07-01")
    evidence = contact["evidence"]
    assert ARTICLE[evidence["field"]][evidence["start"] : evidence["end"]] == evidence["quote"]


def test_detect_tells_with_trace_what_it_rejected_and_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = {
        **ARTICLE,
        "title": "",
        "text": "Emmanuel Macron will call Vladimir Putin. Putin spoke with Olaf Scholz by telephone on Monday.",
    }
    status, out, _ = detect(capsys, monkeypatch, json.dumps(article) + "\n", "--trace")
    answer = json.loads(out)
    assert status == 0 and answer["lexicon"] == "en"
    (contact,) = answer["contacts"]
    assert contact["status"] == "planned" and any("will" in cue for cue in contact["cues"])
    rejected = answer["rejected"][0]
    assert rejected["rule"] and rejected["reason"] == "the partner is somebody else"
    words = rejected["evidence"]
    assert article["text"][words["start"] : words["end"]] == words["quote"]


@pytest.mark.parametrize(
    ("line", "part"), [("not json", "line 2"), ("[1]", "line 2"), ('{"id": "1", "text": 5}', "line 2")]
)
def test_detect_names_the_bad_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str, part: str
) -> None:
    status, out, err = detect(capsys, monkeypatch, f"{json.dumps(ARTICLE)}\n{line}\n")
    assert status == 1
    assert len(out.splitlines()) == 1, "what came before is answered"
    assert part in err


def test_detect_refuses_unknown_people_and_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, err = run_cli(capsys, "detect", "--pair", "macron-nobody", "-")
    assert status == 2
    assert "macron" in err
    status, _, err = run_cli(capsys, "detect", tmp_path / "none.jsonl")
    assert status == 2
    assert "none.jsonl" in err


def test_sql_in_three_formats(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    query = "select event_id, kind, date_from, with_others from events where kind = 'video_call' order by date_from"
    status, out, _ = run_cli(capsys, "sql", "--home", home, query, "--format", "json")
    assert status == 0
    events: list[dict[str, Any]] = json.loads(out)
    assert {event["kind"] for event in events} == {"video_call"}
    assert all(isinstance(event["event_id"], str) for event in events), "64-bit ids are strings"
    status, out, _ = run_cli(capsys, "sql", "--home", home, query, "--format", "csv")
    assert out.splitlines()[0] == "event_id,kind,date_from,with_others"
    assert len(out.splitlines()) == 1 + len(events)
    status, out, _ = run_cli(capsys, "sql", "--home", home, query)
    assert f"{len(events)} rows" in out


@pytest.mark.parametrize(
    "query",
    [
        "delete from events",
        "select * from read_text('/etc/passwd')",
        "attach 'x.duckdb' as x",
        "copy (select 1) to 'x.csv'",
        "select nothing from nowhere",
    ],
)
def test_sql_refuses_what_is_not_reading(capsys: pytest.CaptureFixture[str], home: Path, query: str) -> None:
    status, out, err = run_cli(capsys, "sql", "--home", home, query)
    assert status == 1
    assert out == ""
    assert err.startswith("parley sql: ")


def test_reading_before_the_first_run_says_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for command in (["sql", "select 1"], ["events"], ["explain", "1"]):
        status, _, err = run_cli(capsys, *command, "--home", tmp_path)
        assert status == 1
        assert "parley run" in err


@pytest.mark.parametrize("name", ["events", "articles", "alerts", "sources", "runs"])
def test_lists(capsys: pytest.CaptureFixture[str], home: Path, name: str) -> None:
    status, out, _ = run_cli(capsys, name, "--home", home, "--format", "json", "--limit", "3")
    assert status == 0
    assert 1 <= len(json.loads(out)) <= 3


def test_a_list_is_filtered(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    _, out, _ = run_cli(capsys, "events", "--home", home, "--format", "json", "--kind", "message")
    assert {event["kind"] for event in json.loads(out)} == {"message"}


def test_explain_an_event(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    ((event_id, quote, rule),) = rows(
        home, "select event_id, evidence_quote, rule from contacts where kind = 'message' and role = 'main'"
    )
    status, out, _ = run_cli(capsys, "explain", "--home", home, event_id)
    assert status == 0
    assert quote in out
    assert rule in out
    _, out, _ = run_cli(capsys, "explain", "--home", home, event_id, "--format", "json")
    assert json.loads(out)["event"]["event_id"] == str(event_id)


def test_explain_an_address_that_raised_no_alert(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    ((address, detail),) = rows(
        home, "select address, detail from suppressed where hold = 'already_told' order by address limit 1"
    )
    status, out, _ = run_cli(capsys, "explain", "--home", home, address)
    assert status == 0
    assert detail in out


def test_explain_the_unknown(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    for subject in ("12345", "http://nowhere.example/"):
        status, _, err = run_cli(capsys, "explain", "--home", home, subject)
        assert status == 1
        assert subject in err


def test_run_without_a_server_says_so_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "none"))
    with serve() as proxy:
        monkeypatch.setenv("PARLEY_SEEDS_PROXY", proxy)
        home = tmp_path / "home"
        status, out, err = run_cli(capsys, "run", "--watch", SEEDS / "watch.toml", "--home", home)
        assert status == 0
        assert (
            err.splitlines()[0]
            == "No Prefect server is configured (PREFECT_API_URL): running in this process."
        )
        for part in (
            "7 of 7 sources listed",
            "Events:",
            "Alerts of this pass:",
            "Where things lie",
            "type next",
        ):
            assert part in out
        status, out, _ = run_cli(capsys, "run", "--watch", SEEDS / "watch.toml", "--home", home)
        assert status == 0
        assert "0 alerts raised" in out
    assert (home / "alerts.atom").exists()


def test_run_exits_with_1_when_it_is_blind_and_2_when_it_is_told_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _ = run_cli(capsys, "run", "--folder", tmp_path / "none", "--home", tmp_path / "home")
    assert status == 1
    assert "FAILED" in out
    status, _, err = run_cli(capsys, "run", "--watch", tmp_path / "none.toml")
    assert status == 2
    assert "none.toml" in err
    status, _, _ = run_cli(capsys, "run", "--colour")
    assert status == 2


def test_owners_documents(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    documents = ROOT.parent / "shared" / "seeds"
    if not documents.is_dir():
        pytest.skip("the owner's documents are not beside this checkout")
    home = tmp_path / "home"
    assert run_cli(capsys, "run", "--folder", documents, "--home", home)[0] == 0
    told = rows(
        home,
        "select kind, status, date_from::varchar, place, article_count from events where reported_as = 'main' "
        "order by date_from",
    )
    assert told == [
        ("phone_call", "occurred", "2017-05-18", None, 1),
        ("meeting", "occurred", "2017-05-29", "Versailles", 2),
        ("video_call", "occurred", "2020-06-26", None, 1),
        ("phone_call", "occurred", "2025-07-01", None, 1),
    ]
    background = rows(
        home,
        "select split_part(address, '/', -1)[:3], status, date_precision, date_from::varchar from contacts "
        "where role = 'background' order by 1, 2",
    )
    assert background == [
        ("003", "occurred", "year", "2022-01-01"),  # the last call
        ("003", "proposed", "unknown", None),  # the wish to go on talking
        ("004", "planned", "unknown", None),  # the visit, invited and accepted
    ]
    assert rows(home, "select count(*) from alerts") == [(4,)]


def test_the_domain_and_the_command_line_start_without_prefect() -> None:
    code = "import domain.contacts, flows.cli, sys; print(sorted(m for m in sys.modules if m == 'prefect'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
