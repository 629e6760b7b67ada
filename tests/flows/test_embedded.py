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
def test_the_flow_runs_twice_and_tells_everything_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "user").mkdir()
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
        "Alerts of this pass:",
        "alerts.atom",
        "What to type next:",
    ):
        assert part in outputs[0]
    assert "0 alerts raised" in outputs[1]
    assert "Alerts of this pass: none." in outputs[1]
    assert rows(home, "select distinct engine, state from runs") == [("prefect", "done")]
    assert list((tmp_path / "user").iterdir()) == [], "everything lies under the home of the run"


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_interrupting_it_leaves_everything_consistent(tmp_path: Path) -> None:
    home = tmp_path / "home"
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
    while not (home / "captures").exists():  # the pass has begun
        assert child.poll() is None, child.stdout.read() if child.stdout else ""
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 130, out[-3000:]
    again = subprocess.run(
        [*command(home)[:-1]],
        cwd=ROOT,
        env={k: v for k, v in environment(tmp_path).items() if k != "PREFECT_API_URL"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert again.returncode == 0, again.stderr[-3000:]
    assert rows(home, "select count(*) > 0, count(*) = count(distinct alert_id) from alerts") == [
        (True, True)
    ]
