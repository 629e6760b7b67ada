"""Serve the invented newsroom of ``site/`` over real HTTP on loopback, and run a command against it.

    python seeds/newsroom.py [--port 0] [-- COMMAND...]

The server is a forward proxy that knows only its own hosts: a client that is told to use it asks for
``http://gazette.example/feed.xml`` as it would on the open network, and no name is ever looked up. COMMAND is
run with PARLEY_SEEDS_PROXY set to the proxy's address, and its exit status becomes ours. Without COMMAND the
newsroom serves until Ctrl-C. Standard library only, so that it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlsplit

SITE = Path(__file__).resolve().parent / "site"
PROXY_VARIABLE = "PARLEY_SEEDS_PROXY"

# Pages are sent without a charset, as many servers send them: what a page is written in stands in the page.
# ".php" is the feed of an outlet whose server calls everything a page.
MEDIA_TYPES = {
    ".html": "text/html",
    ".php": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


class Newsroom(ThreadingHTTPServer):
    """An HTTP server for the hosts that are folders of ``site``; one thread a connection."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, site: Path) -> None:
        if not site.is_dir():
            raise FileNotFoundError(f"{site} is no folder: the newsroom has nothing to serve")
        self.hosts = {folder.name: folder.resolve() for folder in site.iterdir() if folder.is_dir()}
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        """What clients set as their proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def find(self, host: str, path: str) -> Path | None:
        """The file behind a request, or None; never one outside the host's own folder."""
        folder = self.hosts.get(host.lower().rstrip("."))
        parts = unquote(path).split("/")
        if folder is None or any(part == ".." or "\\" in part or "\0" in part for part in parts):
            return None
        file = folder.joinpath(*[part for part in parts if part not in ("", ".")])
        if file.is_dir():
            file = file / "index.html"
        # Resolved, because a link inside the folder may lead out of it.
        return file if file.is_file() and file.resolve().is_relative_to(folder) else None

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet about clients that hang up early; anything else is an error of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: Newsroom
    server_version = "newsroom"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output belongs to the command that is run."""

    def _answer(self, *, with_body: bool) -> None:
        url = urlsplit(self.path)  # absolute when we are used as a proxy, else only the path
        host = url.hostname or (self.headers.get("Host") or "").rpartition("@")[2].partition(":")[0]
        file = self.server.find(host, url.path)
        if file is None:
            self._send(
                HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain; charset=utf-8"}, b"Not found\n", with_body
            )
            return
        body = file.read_bytes()
        modified = int(file.stat().st_mtime)
        validators = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
            "Last-Modified": formatdate(modified, usegmt=True),
        }
        if self._is_current(validators["ETag"], modified):
            self._send(HTTPStatus.NOT_MODIFIED, validators, b"", False)
            return
        media_type = MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream")
        self._send(HTTPStatus.OK, {**validators, "Content-Type": media_type}, body, with_body)

    def _is_current(self, etag: str, modified: int) -> bool:
        """Whether the client's copy is still good (RFC 9110, 13.2.2: the entity tag outranks the date)."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
            return etag in tags or "*" in tags
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return modified <= parsedate_to_datetime(since).timestamp()
        except ValueError:  # a date nobody can read asks for nothing (RFC 9110, 13.1.3)
            return False

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: bytes, with_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


@contextmanager
def serve(port: int = 0, site: Path = SITE) -> Iterator[str]:
    """Run the newsroom in threads of this process; yields the proxy address. Port 0 takes any free one.

    Raises OSError where the port is taken, FileNotFoundError where ``site`` is no folder.
    """
    server = Newsroom(port, site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="newsroom")
    thread.start()
    try:
        yield server.address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(command: Sequence[str], proxy: str) -> int:
    """Run a command against the newsroom, hand SIGINT and SIGTERM on to it, and give its exit status.

    A command ended by signal N gives 128 + N, one that cannot be started 127, as in a shell.
    """
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []  # signals that come before there is a child to hand them to

    def pass_on(number: int, frame: FrameType | None) -> None:
        if child is None:
            early.append(number)
        # A terminal sends Ctrl-C to the child as well; twice would read as "stop at once".
        elif not (number == signal.SIGINT and _in_foreground()):
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        try:
            child = subprocess.Popen(command, env={**os.environ, PROXY_VARIABLE: proxy})
        except OSError as error:
            print(f"newsroom: cannot run {command[0]!r}: {error.strerror or error}", file=sys.stderr)
            return 127
        for number in early:
            child.send_signal(number)
        status = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status


def wait_for_stop(proxy: str) -> int:
    """Keep serving until SIGINT or SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print(f"The newsroom is open: {PROXY_VARIABLE}={proxy} (Ctrl-C closes it)", file=sys.stderr, flush=True)
    while not stopped.wait(0.5):  # in slices, so that signals are seen on every platform
        pass
    return 0


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and do what it says; gives the exit status."""
    cut = list(arguments).index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="newsroom.py",
        usage="%(prog)s [--port PORT] [-- COMMAND...]",
        description="Serve the invented newsroom on loopback, and run COMMAND against it.",
        epilog=f"COMMAND finds the proxy's address in {PROXY_VARIABLE}.",
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    port = parser.parse_args(arguments[:cut]).port
    command = list(arguments[cut + 1 :])
    try:
        with serve(port) as proxy:
            return run(command, proxy) if command else wait_for_stop(proxy)
    except (OSError, OverflowError) as error:
        print(f"newsroom: cannot serve on port {port}: {error}", file=sys.stderr)
        return 2


def _in_foreground() -> bool:
    """Whether a Ctrl-C of the terminal reaches our whole process group, the child included."""
    try:
        with Path("/dev/tty").open("rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:  # there is no controlling terminal
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
