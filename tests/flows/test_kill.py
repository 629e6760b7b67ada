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
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom import ROOT, SEEDS, rows, serve

# A nursery imports everything and loads the lexicons once, then forks a child for each pass: kills hit the work.
NURSERY = """
import os, sys
from pathlib import Path
from flows.job import Steps, run_pass
from flows.settings import load_watch
from domain.detect_json import detect_line
from domain.people import DEFAULT_PAIR
for text in ("Macron met Putin.", "Macron a rencontré Poutine.", "Макрон встретился с Путиным."):
    detect_line({"text": text}, DEFAULT_PAIR)
print("ready", flush=True)
for line in sys.stdin:
    watch, home = (Path(part) for part in line.rstrip("\\n").split("\\t"))
    child = os.fork()
    if child == 0:
        run_pass(load_watch(watch), home, plan=Steps(), engine="plain", command="test", chunk=3)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Receiver:
    """A webhook receiver that keeps every alert it was sent."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.signed = 0  # posts with a signature
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert body["alert_id"] == self.headers["Idempotency-Key"]
                receiver.keys.append(body["alert_id"])
                receiver.signed += "webhook-signature" in self.headers
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


# Enough for the drill: feeds and a folder, copies of one text, a plan that is called off, an undated page.
DRILLED = ("southwire", "kremlin-notes", "dumps")


def write_watch(watch: Path, hook: str, only: tuple[str, ...] = ()) -> Path:
    """The newsroom's watch file, or some of its sources, with a webhook instead of its channels."""
    text = (SEEDS / "watch.toml").read_text(encoding="utf-8")
    text = text[: text.index("[[channel]]")].replace('path = "dumps"', f'path = "{SEEDS / "dumps"}"')
    head, *sources = text.split("[[source]]")
    kept = [source for source in sources if not only or any(f'slug = "{slug}"' in source for slug in only)]
    channel = f'kind = "webhook"\naddress = "{hook}"\n'
    watch.write_text("[[source]]".join([head, *kept]) + f"\n[[channel]]\n{channel}", encoding="utf-8")
    return watch


class Nursery:
    """Starts passes, each in a process of its own."""

    def __init__(self, proxy: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            cwd=ROOT,
            env={**os.environ, "PARLEY_SEEDS_PROXY": proxy},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.hear() == "ready"

    def hear(self) -> str:
        """The next line it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def run(self, watch: Path, home: Path, kill_after: float | None = None) -> tuple[int, float]:
        """One pass, killed after some seconds if told so; gives its exit status and its seconds."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{watch}\t{home}\n")
        self.process.stdin.flush()
        child, begun = int(self.hear()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            # Not reaped before its status is read, so the number is still its own even if it has ended.
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return int(self.hear()), time.monotonic() - begun

    def close(self) -> None:
        """End it."""
        self.process.communicate(timeout=60)


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
    homes = [rough]
    with serve() as proxy, receiver.listening() as hook, other.listening() as other_hook:
        nursery = Nursery(proxy)
        try:
            calm_watch = write_watch(tmp_path / "calm.toml", other_hook, DRILLED)
            status, seconds = nursery.run(calm_watch, calm)
            assert status == 0
            watch = write_watch(tmp_path / "watch.toml", hook, DRILLED)
            killed = 0
            while killed < kills:
                status, _ = nursery.run(watch, homes[-1], kill_after=chance.uniform(0, seconds))
                if status == -signal.SIGKILL:
                    killed += 1
                else:  # the pass got through: the next kills work on an empty home
                    assert status == 0
                    homes.append(tmp_path / f"rough-{len(homes)}")
            for home in homes:
                assert nursery.run(watch, home)[0] == 0
        finally:
            nursery.close()
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
