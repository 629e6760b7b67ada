"""A fast web server in a process of its own, reached under as many loopback addresses (hosts) as a benchmark needs.

    python -m benchmarks.loopback PORT PAGES_FOLDER

``/feed/N`` answers 304 to a conditional request, ``/page/N`` a page of the folder, on hosts that end in ``.99`` nothing
ever comes, on those that end in ``.98`` the connection is closed.
"""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

FEED = b'<rss version="2.0"><channel><title>t</title></channel></rss>'


class _Server(asyncio.Protocol):
    pages: Sequence[bytes] = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.held = b""
        self.host = str(transport.get_extra_info("sockname")[0])

    def data_received(self, data: bytes) -> None:
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            if self.host.endswith(".99"):
                return
            if self.host.endswith(".98"):
                self.transport.close()
                return
            self.transport.write(self._answer(head.lower()))

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1]
        if path == b"/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
        if path.startswith(b"/feed/"):
            if b"if-none-match" in head:
                return b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n'
            return _whole(FEED, b"application/rss+xml")
        number = int(path.rpartition(b"/")[2])
        return _whole(self.pages[number % len(self.pages)], b"text/html; charset=utf-8")


def _whole(body: bytes, kind: bytes) -> bytes:
    return b'HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b' % (
        kind,
        len(body),
        body,
    )


async def _serve(port: int, folder: Path) -> None:
    # Every page once, made a little different each time: the same bytes would be stored only once.
    files = sorted(folder.glob("*.html.gz"))
    plain = [gzip.decompress(file.read_bytes()) for file in files] or [b"<html><body>no pages</body></html>"]
    _Server.pages = [plain[n % len(plain)] + b"<!-- %d -->" % n for n in range(4_000)]
    server = await asyncio.get_running_loop().create_server(_Server, "0.0.0.0", port, backlog=1000)
    async with server:
        await server.serve_forever()


@contextmanager
def serve(port: int, folder: Path) -> Iterator[None]:
    """The server, started and ready; ended with the block."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.loopback", str(port), str(folder)])
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/robots.txt", timeout=1, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
