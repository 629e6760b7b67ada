"""Which engine a pass runs on: none, a configured Prefect server, or a temporary one of its own.

Nothing here imports Prefect: the import alone costs seconds.
"""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_SECONDS = 180  # a busy machine that does it for the first time needs more than a minute
QUIET_SECONDS = 10  # after a signal, in which a pass comes to its end
STOP_SECONDS = 20

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
EMBEDDED = {"PREFECT_LOGGING_LEVEL": "WARNING", "PREFECT_LOGGING_TO_API_ENABLED": "false"}


class EngineError(Exception):
    """The temporary server did not start; the text says what it said last."""


def configured_server() -> str | None:
    """The address of the Prefect server that the environment or the active profile names, if any."""
    if address := os.environ.get("PREFECT_API_URL"):
        return address
    path = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect")) / "profiles.toml"
    try:
        profiles = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None  # no profile that Prefect itself could use either
    active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    profile = profiles.get("profiles", {}).get(active, {})
    address = profile.get("PREFECT_API_URL") if isinstance(profile, dict) else None
    return str(address) if address else None


def be_quiet() -> None:
    """No telemetry on behalf of our users, unless they have asked for it themselves."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


_interrupts = [-math.inf]  # when signals asked this process to stop (monotonic)


def is_interrupt(error: BaseException) -> bool:
    """Whether an error comes of a signal to stop: DuckDB and Prefect turn one that strikes within them into another."""
    return isinstance(error, KeyboardInterrupt) or len(_interrupts) > 1


def stop_if_asked() -> None:
    """Raise the KeyboardInterrupt of a signal once more, should it have been lost where nothing can be raised.

    Python drops what is raised in a destructor or in a callback of C code, and a signal may strike there.
    """
    if len(_interrupts) > 1:
        raise KeyboardInterrupt


def stop_on_signals() -> None:
    """Let the first Ctrl-C or SIGTERM end a pass: what is loaded stays, and no server is left behind.

    Those that follow within ``QUIET_SECONDS`` are ignored: they would tear apart what the first one set going (the
    run's last rows, the shutdown of the temporary server). Later ones count again, should the first have been lost.
    A SIGINT that our parent wants ignored stays so.
    """

    def interrupt(number: int, frame: object) -> None:
        now = time.monotonic()
        if now - _interrupts[-1] > QUIET_SECONDS:
            _interrupts.append(now)
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)


@contextmanager
def own_server(home: Path) -> Iterator[str]:
    """A Prefect server for one pass, with everything it keeps under ``home``; gives its address.

    The user's own server, profile and settings are never used. Prefect can start such a server by itself, but in
    our process group: Ctrl-C would then end it before the run could report to it, and SIGTERM would leave it behind.
    Raises ``EngineError`` when it does not start.
    """
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    folder = home.resolve() / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(QUIET | EMBEDDED | {"PREFECT_HOME": str(folder)})
    port = _free_port()
    address = f"http://127.0.0.1:{port}/api"
    log = folder / "server.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            (sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Prefect ends its own children by SIGINT, which a parent may have set to be ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    try:
        _wait_until_ready(server, address, log)
        os.environ["PREFECT_API_URL"] = address
        yield address
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/health", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass  # not yet
        time.sleep(0.2)
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
    raise EngineError(
        f"the temporary Prefect server did not start within {START_SECONDS} s; it said (in {log}):\n{tail}\n"
        "Run without --embedded to do without a server."
    )


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and all that it started."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
