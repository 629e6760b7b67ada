from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows import engine
from flows.steps import run_through
from tests.newsroom import ROOT


def test_a_server_is_found_in_the_environment_and_in_the_active_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert engine.configured_server() is None
    (tmp_path / "profiles.toml").write_text(
        'active = "desk"\n[profiles.desk]\nPREFECT_API_URL = "http://desk/api"\n[profiles.lab]\n',
        encoding="utf-8",
    )
    assert engine.configured_server() == "http://desk/api"
    monkeypatch.setenv("PREFECT_PROFILE", "lab")
    assert engine.configured_server() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://env/api")
    assert engine.configured_server() == "http://env/api"


def test_a_broken_profile_is_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (tmp_path / "profiles.toml").write_text("active = [", encoding="utf-8")
    assert engine.configured_server() is None


def test_a_server_that_does_not_start_is_named_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.sys, "executable", "/bin/false")
    before = dict(os.environ)
    try:
        with pytest.raises(engine.EngineError, match="did not start"), engine.own_server(tmp_path):
            pass
    finally:
        os.environ.clear()
        os.environ.update(before)


STOPPED = """
import os, signal, time
import duckdb
from flows.engine import stop_on_signals
from warehouse.statements import run
stop_on_signals()
try:
    print("ready", flush=True)
    run(duckdb.connect(), "select count(*) from range(100000000) a, range(100000) b")
except KeyboardInterrupt:
    print("stopping", flush=True)
    time.sleep(0.5)  # what a pass writes down at its end
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_a_statement_and_further_ones_do_not_disturb_the_end(number: signal.Signals) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STOPPED],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(number)
        assert child.stdout.readline() == "stopping\n"
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGTERM)
        assert child.stdout.readline() == "stopped\n"
    assert child.returncode == 0


def test_ctrl_c_within_a_group_of_tasks_comes_out_as_ctrl_c() -> None:
    async def struck(error: BaseException) -> None:
        raise BaseExceptionGroup("unhandled errors in a TaskGroup", [BaseExceptionGroup("inner", [error])])

    with asyncio.Runner() as runner:
        with pytest.raises(KeyboardInterrupt):
            run_through(runner, struck(KeyboardInterrupt()))
        with pytest.raises(BaseExceptionGroup):
            run_through(runner, struck(ValueError()))


LOST = """
import os, signal
from flows import engine

class Lost:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass

signal.signal(signal.SIGINT, signal.default_int_handler)
engine.stop_on_signals()
engine.stop_if_asked()
Lost()
print("lost")
try:
    engine.stop_if_asked()
except KeyboardInterrupt:
    print("stopped")
"""


def test_an_interrupt_that_is_lost_in_a_destructor_is_raised_again() -> None:
    done = subprocess.run([sys.executable, "-c", LOST], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["lost", "stopped"], done.stderr
    assert "Exception ignored" in done.stderr
