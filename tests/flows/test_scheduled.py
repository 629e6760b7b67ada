"""The whole way on a Prefect server: a real server, a real worker, and a run that the schedule started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.flows.test_kill import Receiver, write_watch
from tests.newsroom import ROOT, rows, serve, truth

PREFECT = Path(sys.executable).with_name("prefect")


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(log: Path, *command: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is stopped at the end; what it said is in ``log``."""
    with log.open("wb") as file:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            # Started from a shell without job control, Python ignores SIGINT, and Prefect ends its children by it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def wait_for(what: str, seconds: float, ask: Callable[[], Any], log: Path) -> Any:
    """The first true answer; fails with the log when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(1)
    said = log.read_text(errors="replace")[-3000:]
    pytest.fail(f"{what} did not come within {seconds} s; the log ends:\n{said}")


def deployment(folder: Path, watch: Path, home: Path) -> Path:
    """The project's own prefect.yaml with another watch file and home, and every minute."""
    plan = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    (monitor,) = plan["deployments"]
    monitor["parameters"] = {"watch": str(watch), "home": str(home)}
    monitor["schedules"][0]["cron"] = "* * * * *"
    path = folder / "prefect.yaml"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_a_scheduled_run_on_a_server_reaches_snapshot_and_webhook(tmp_path: Path) -> None:
    port, home = free_port(), tmp_path / "home"
    api = f"http://127.0.0.1:{port}/api"
    receiver = Receiver()
    with serve() as proxy, receiver.listening() as hook:
        watch = write_watch(tmp_path / "watch.toml", hook)
        with watch.open("a", encoding="utf-8") as file:
            file.write('secret = "${prefect:desk-secret}"\n\n[[channel]]\nkind = "prefect"\n')
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        environment |= {
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PARLEY_DIR": str(ROOT),
            "PARLEY_SEEDS_PROXY": proxy,
        }

        def prefect(*arguments: str) -> None:
            done = subprocess.run(
                [PREFECT, "--no-prompt", *arguments],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout + done.stderr

        def healthy() -> bool:
            try:
                return httpx.get(f"{api}/health", timeout=2).status_code == 200
            except httpx.HTTPError:
                return False

        def scheduled_and_done() -> list[dict[str, Any]]:
            answer = httpx.post(
                f"{api}/flow_runs/filter", json={"sort": "EXPECTED_START_TIME_ASC"}, timeout=10
            )
            answer.raise_for_status()
            done = [run for run in answer.json() if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")]
            return [run for run in done if run["auto_scheduled"]]

        def all_emitted() -> bool:
            """Whether the server has an event of every alert: it stores them some time after it took them."""
            asked = {"filter": {"event": {"prefix": ["parley.alert."]}}, "limit": 50}
            found = httpx.post(f"{api}/events/filter", json=asked, timeout=10).json()["events"]
            raised = {str(alert_id) for (alert_id,) in rows(home, "select alert_id from alerts")}
            return {event["payload"]["alert_id"] for event in found} == raised

        server_log, worker_log = tmp_path / "server.log", tmp_path / "worker.log"
        server = (str(PREFECT), "server", "start", "--host", "127.0.0.1", "--port", str(port))
        worker = (str(PREFECT), "worker", "start", "--pool", "parley", "--type", "process")
        with process(server_log, *server, environment=environment):
            wait_for("the server", 120, healthy, server_log)
            make = "from prefect.blocks.system import Secret; Secret(value='s3cret').save('desk-secret')"
            subprocess.run([sys.executable, "-c", make], env=environment, cwd=ROOT, check=True)
            prefect("work-pool", "create", "parley", "--type", "process")
            prefect("deploy", "--all", "--prefect-file", str(deployment(tmp_path, watch, home)))
            with process(worker_log, *worker, environment=environment):
                first = wait_for("a scheduled run", 240, scheduled_and_done, worker_log)[0]
            if first["state_type"] == "COMPLETED":
                wait_for("the events", 60, all_emitted, server_log)
        assert first["state_type"] == "COMPLETED", worker_log.read_text(errors="replace")[-3000:]
    assert rows(home, "select engine, state from runs order by started_at limit 1") == [("prefect", "done")]
    assert rows(home, "select count(*) from events") == [(len(truth()["event"]),)]
    wanted = rows(home, "select alert_id from alerts")
    assert wanted
    assert receiver.signed == len(receiver.keys)
    assert set(receiver.keys) == {str(alert_id) for (alert_id,) in wanted}
