"""``make run``: the real flow on a temporary server of its own, twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.newsroom import ROOT, SEEDS, rows


def command(home: Path) -> list[str]:
    """What ``make run`` runs."""
    return [
        *(sys.executable, str(SEEDS / "newsroom.py"), "--"),
        *(sys.executable, "-m", "flows.cli", "run", "--watch", str(SEEDS / "watch.toml")),
        *("--home", str(home), "--embedded"),
    ]


def environment(tmp_path: Path) -> dict[str, str]:
    """A user with a home of their own and a server that must not be used."""
    return {**os.environ, "HOME": str(tmp_path / "user"), "PREFECT_API_URL": "http://127.0.0.1:9/api"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_interrupted_then_run_then_run_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "user").mkdir()
    interrupt(home, tmp_path)
    outputs = []
    for _ in range(2):
        done = subprocess.run(
            command(home), cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=140
        )
        assert done.returncode == 0, done.stderr[-3000:]
        outputs.append(done.stdout)
    for part in (
        "7 of 7 sources listed",
        "Events:",
        "Alerts of this pass",
        "alerts.atom",
        "What to type next:",
    ):
        assert part in outputs[0]
    assert "0 alerts raised" in outputs[1]
    assert "Alerts of this pass: none." in outputs[1]
    assert rows(home, "select distinct engine from runs") == [("prefect",)]
    assert rows(home, "select count(*) > 0, count(*) = count(distinct alert_id) from alerts") == [
        (True, True)
    ]
    assert list((tmp_path / "user").iterdir()) == [], "everything lies under the home of the run"


def interrupt(home: Path, tmp_path: Path) -> None:
    """Press Ctrl-C as soon as the pass fetches pages: every process of the terminal's group gets the signal."""
    child = subprocess.Popen(
        command(home),
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 120
    while not (home / "captures").exists():
        assert child.poll() is None, child.stdout.read() if child.stdout else ""
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 130, out[-3000:]
    assert "Interrupted." in out
