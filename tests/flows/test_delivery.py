"""Deliveries through the ledger, with a real receiver that fails, recovers or is gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows import delivery
from flows.cli import main
from flows.job import Steps, Tally, run_pass
from flows.settings import load_watch
from tests.newsroom import rows

TEXT = (
    "Emmanuel Macron spoke with Vladimir Putin by telephone on Tuesday for two hours, the Elysee Palace said in a "
    "statement. The two presidents discussed the war in Ukraine and agreed to stay in touch.\n"
)
BEGIN = datetime(2025, 7, 1, 20, 0, tzinfo=UTC)


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[str]]]:
    """A receiver that answers with these in turn (the last for ever); gives its address and the keys it saw."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status = statuses[min(len(keys), len(statuses) - 1)]
            keys.append(self.headers["Idempotency-Key"])
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", keys
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(folder: Path, hook: str, now: datetime = BEGIN) -> Tally:
    """One pass over a folder with one call, at this time of the clock."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    (articles / "call.txt").write_text(f"Macron and Putin speak by phone\n\n{TEXT}", encoding="utf-8")
    (articles / "manifest.toml").write_text(
        '[[article]]\nfile = "call.txt"\nsource = "o.example"\npublished = 2025-07-01T20:00:00+02:00\n',
        "utf-8",
    )
    watch = folder / "watch.toml"
    watch.write_text(
        f'[[source]]\nslug = "f"\nkind = "folder"\npath = "articles"\n'
        f'[[channel]]\nkind = "webhook"\naddress = "{hook}"\n[[channel]]\nkind = "atom"\n',
        "utf-8",
    )
    return run_pass(
        load_watch(watch), folder / "home", plan=Steps(), engine="plain", command="test", clock=lambda: now
    )


def test_a_receiver_that_stumbles_gets_the_alert_in_the_same_pass(tmp_path: Path) -> None:
    with receiver(500, 503, 204) as (hook, keys):
        tally = run(tmp_path, hook)
    assert len(keys) == 3
    assert len(set(keys)) == 1, "every try carries the same idempotency key"
    assert (tally.delivered.sent, tally.delivered.waiting) == (2, 0)


def test_a_receiver_that_is_down_gets_the_alert_when_it_is_back(tmp_path: Path) -> None:
    with receiver(500) as (hook, keys):
        first = run(tmp_path, hook)
        assert len(keys) == delivery.TRIES_PER_PASS
        assert first.delivered.waiting == 1
        assert "500" in first.delivered.errors[0][1]
        owed = "select state, attempts from deliveries where channel = 'webhook'"
        assert rows(tmp_path / "home", owed) == [("pending", delivery.TRIES_PER_PASS)]
        early = run(tmp_path, hook, BEGIN + timedelta(seconds=30))
        assert len(keys) == delivery.TRIES_PER_PASS, "not before its time"
        assert early.delivered.sent == 0
    with receiver(200) as (back, new_keys):
        later = run(tmp_path, back, BEGIN + timedelta(hours=1))
    assert later.alerts == []
    assert later.delivered.sent == 1
    assert set(new_keys) == set(keys)
    assert rows(tmp_path / "home", "select channel, state from deliveries order by 1") == [
        ("atom", "sent"),
        ("webhook", "sent"),
    ]


def test_a_channel_that_cannot_work_ends_the_pass_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = tmp_path / "watch.toml"
    watch.write_text(
        '[[source]]\nslug = "f"\nkind = "folder"\npath = "."\n'
        '[[channel]]\nkind = "webhook"\naddress = "http://u:pass@h/"\n',
        "utf-8",
    )
    home = tmp_path / "home"
    assert main(["run", "--watch", str(watch), "--home", str(home)]) == 2
    said = capsys.readouterr().err
    assert "channel webhook: the address must be" in said and "pass@" not in said
    assert not home.exists()


def test_a_refusal_is_not_repeated_at_once_but_later(tmp_path: Path) -> None:
    with receiver(401, 200) as (hook, keys):
        run(tmp_path, hook)
        assert len(keys) == 1
        run(tmp_path, hook, BEGIN + timedelta(hours=1))
        assert len(keys) == 2


def test_a_receiver_that_is_gone_for_good_is_given_up_loudly_and_can_be_tried_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(delivery, "LAST_ATTEMPT", 4)
    with receiver(503) as (hook, keys):
        run(tmp_path, hook)
        second = run(tmp_path, hook, BEGIN + timedelta(days=1))
        assert len(keys) == 4
        assert second.delivered.dead == 1
        run(tmp_path, hook, BEGIN + timedelta(days=30))
        assert len(keys) == 4
    assert rows(tmp_path / "home", "select state from deliveries where channel = 'webhook'") == [("dead",)]

    retry = ["alerts", "--retry", "--home", str(tmp_path / "home"), "--watch", str(tmp_path / "watch.toml")]
    assert main(retry) == 1, "the receiver is still gone"
    assert "cannot reach" in capsys.readouterr().err
    with receiver(204) as (back, new_keys):
        watch = tmp_path / "watch.toml"
        watch.write_text(watch.read_text("utf-8").replace(hook, back), "utf-8")
        assert main(retry) == 0
        assert main(retry) == 0, "what was taken is not sent again"
    captured = capsys.readouterr()
    assert "1 deliveries taken up again: 1 sent, 0 not taken" in captured.err
    assert "Macron and Putin spoke by phone" in captured.out
    assert set(new_keys) == set(keys) and len(new_keys) == 1
    assert rows(tmp_path / "home", "select state from deliveries where channel = 'webhook'") == [("sent",)]


def run_digest(folder: Path, hook: str, days: list[int], now: datetime) -> Tally:
    """One pass over a folder with a call on each of these days of July, told to a channel in hourly digests."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    entries = []
    for day in days:
        text = TEXT.replace("on Tuesday", f"on {day} July 2025") + "And more of the same. " * day
        (articles / f"{day}.txt").write_text(f"Macron and Putin speak by phone\n\n{text}", encoding="utf-8")
        entries.append(
            f'[[article]]\nfile = "{day}.txt"\nsource = "o{day}.example"\npublished = 2025-07-0{day}T20:00:00+02:00\n'
        )
    (articles / "manifest.toml").write_text("".join(entries), "utf-8")
    watch = folder / "watch.toml"
    watch.write_text(
        '[[source]]\nslug = "f"\nkind = "folder"\npath = "articles"\n'
        f'[[channel]]\nkind = "webhook"\naddress = "{hook}"\ndigest = "hourly"\n',
        "utf-8",
    )
    return run_pass(
        load_watch(watch), folder / "home", plan=Steps(), engine="plain", command="test", clock=lambda: now
    )


def test_a_digest_that_was_not_taken_is_sent_again_under_its_key(tmp_path: Path) -> None:
    begin = datetime(2025, 7, 5, 20, 0, tzinfo=UTC)
    with receiver(500) as (hook, keys):
        run_digest(tmp_path, hook, [3, 5], begin)
        assert keys == [], "the hour is not over"
        run_digest(tmp_path, hook, [3, 5], begin + timedelta(minutes=70))
        assert len(set(keys)) == 1
    with receiver(200) as (back, later):
        # A new alert does not change the digest that the receiver may have got without saying so.
        run_digest(tmp_path, back, [3, 5, 6], begin + timedelta(hours=25))
        assert later == keys[:1]
        tally = run_digest(tmp_path, back, [3, 5, 6], begin + timedelta(hours=27))
    assert (tally.delivered.sent, len(set(later))) == (1, 2)
    assert rows(tmp_path / "home", "select count(*) from deliveries where state = 'sent'") == [(3,)]
