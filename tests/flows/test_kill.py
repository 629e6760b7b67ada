"""A pass that is killed at any point and started again ends like one that nobody disturbed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom import ROOT, SEEDS, rows, serve

# The child waits for a line on stdin when everything is imported, so that kills hit the work and not the start.
CHILD = """
import sys
from pathlib import Path
from flows.job import Steps, run_pass
from flows.settings import load_watch
from flows import commands
print("ready", flush=True)
sys.stdin.readline()
watch = load_watch(Path(sys.argv[1]))
tally = run_pass(watch, Path(sys.argv[2]), plan=Steps(), engine="plain", command="test", chunk=3)
print("done", len(tally.alerts), flush=True)
"""


class Receiver:
    """A webhook receiver that keeps every alert it was sent."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert body["alert_id"] == self.headers["Idempotency-Key"]
                receiver.keys.append(body["alert_id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Listen; gives the address."""
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{self.server.server_address[1]}/alerts"
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join()


def write_watch(folder: Path, hook: str) -> Path:
    """The newsroom's watch file with a webhook instead of its channels."""
    text = (SEEDS / "watch.toml").read_text(encoding="utf-8")
    text = text[: text.index("[[channel]]")].replace('path = "dumps"', f'path = "{SEEDS / "dumps"}"')
    watch = folder / "watch.toml"
    watch.write_text(f'{text}\n[[channel]]\nkind = "webhook"\naddress = "{hook}"\n', encoding="utf-8")
    return watch


def start(watch: Path, home: Path, proxy: str) -> subprocess.Popen[str]:
    """A child that has imported everything and waits for the word."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(watch), str(home)],
        cwd=ROOT,
        env={**os.environ, "PARLEY_SEEDS_PROXY": proxy},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def finish(watch: Path, home: Path, proxy: str) -> float:
    """One undisturbed pass; gives its seconds."""
    child = start(watch, home, proxy)
    begun = time.monotonic()
    out, _ = child.communicate("go\n", timeout=60)
    assert child.returncode == 0
    assert out.startswith("done")
    return time.monotonic() - begun


def content(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database that must not depend on when it was written."""
    return {
        name: rows(home, f"select {columns} from {name} order by all")
        for name, columns in {
            "articles": "article_id, version, address, source, title, text_sha256, published_at",
            "copies": "article_id, origin_id, relation, containment5, jaccard3",
            "contacts": "contact_id, article_id, kind, status, role, date_from, date_to, place, rule, event_id",
            "events": "* exclude (created_at, changed_at)",
            "event_history": "event_id, article_id, contact_id, what, status_after",
            "alerts": "alert_id, event_id, reason, headline, address",
            "deliveries": "alert_id, channel, state",
            "suppressed": "contact_id, event_id, hold, detail",
        }.items()
    }


def drill(tmp_path: Path, kills: int, seed: int) -> None:
    """Kill passes over the newsroom again and again, then let one end, and compare with an undisturbed one."""
    chance = random.Random(seed)
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    receiver, other = Receiver(), Receiver()
    with serve() as proxy, receiver.listening() as hook, other.listening() as other_hook:
        calm_watch = write_watch(tmp_path, other_hook)
        seconds = finish(calm_watch, calm, proxy)
        calm_watch.unlink()
        watch = write_watch(tmp_path, hook)
        killed = 0
        home = rough
        homes = [home]
        while killed < kills:
            child = start(watch, home, proxy)
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
            time.sleep(chance.uniform(0, seconds))
            still_working = child.poll() is None
            child.send_signal(signal.SIGKILL)
            child.communicate()
            killed += still_working
            if not still_working:  # the pass got through: the next kills work on an empty home
                home = tmp_path / f"rough-{len(homes)}"
                homes.append(home)
        for home in homes:
            finish(watch, home, proxy)
    wanted = content(calm)
    assert wanted["alerts"], "the newsroom raises alerts"
    for home in homes:
        assert content(home) == wanted
        ledger = rows(home, "select alert_id, channel from deliveries")
        assert len(ledger) == len(set(ledger)), "no row of the ledger stands twice"
    assert set(receiver.keys) == {str(alert_id) for (alert_id, *_) in wanted["alerts"]}, "no alert was lost"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_twenty_kills_change_nothing(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"kills drawn with seed {seed}")  # noqa: T201 - shown when the test fails, to draw the same again
    drill(tmp_path, 20, seed)


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_two_hundred_kills_change_nothing(tmp_path: Path) -> None:
    drill(tmp_path, 200, 1)
