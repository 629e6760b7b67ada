"""What the world does to a monitor: a second one at the same time, a clock that goes backwards."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from flows.job import Steps, run_pass
from flows.settings import load_watch
from tests.flows.test_delivery import BEGIN, receiver, run
from tests.newsroom import ROOT, rows

MEETING = "Vladimir Putin and Emmanuel Macron met in Geneva on 16 June 2021, the Elysee said.\n"


def test_two_monitors_at_once_tell_everything_once(tmp_path: Path) -> None:
    with receiver(204) as (hook, keys):
        run(tmp_path, hook)  # writes the watch file and the article, tells the first call
        second = tmp_path / "articles" / "second.txt"
        second.write_text(
            "Vladimir Putin and Emmanuel Macron met in Geneva on 16 June 2021, the Elysee said.\n", "utf-8"
        )
        command = (sys.executable, "-m", "flows.cli", "run", "--home", str(tmp_path / "home"))
        both = [
            subprocess.Popen(
                (*command, "--watch", str(tmp_path / "watch.toml")),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        ends = [(*child.communicate(timeout=120), child.returncode) for child in both]
    for _, said, status in ends:
        # The holder may not have written its number down yet: then it is "another process".
        assert status == 0 or (status == 1 and "is in use by" in said), said
    assert min(status for _, _, status in ends) == 0
    assert len(keys) == len(set(keys)) == 2
    assert rows(tmp_path / "home", "select count(*), count(distinct event_id) from alerts") == [(2, 2)]


def test_a_clock_that_goes_backwards_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with receiver(204) as (hook, keys):
        run(tmp_path, hook)
        second = tmp_path / "articles" / "second.txt"
        second.write_text(
            "Vladimir Putin and Emmanuel Macron met in Geneva on 16 June 2021, the Elysee said.\n", "utf-8"
        )
        earlier = BEGIN - timedelta(days=2)
        for _ in range(2):
            tally = run_pass(
                load_watch(tmp_path / "watch.toml"),
                tmp_path / "home",
                plan=Steps(),
                engine="plain",
                command="test",
                clock=lambda: earlier,
            )
        assert tally.alerts == []
    assert len(keys) == len(set(keys)) == 2
    assert rows(tmp_path / "home", "select state from runs") == [("done",)] * 3
