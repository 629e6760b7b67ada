"""The newsroom over real HTTP: as a forward proxy, as a plain server, and with a command run against it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from seeds import newsroom

SCRIPT = Path(newsroom.__file__).resolve()
FEED = "http://gazette.example/feed.xml"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def proxy():
    with newsroom.serve() as address:
        yield address


def ask(proxy: str, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request with exactly this target in its first line."""
    connection = http.client.HTTPConnection(urlsplit(proxy).netloc, timeout=10)
    try:
        connection.putrequest(method, target, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_absolute_address_is_answered_as_by_a_proxy(proxy):
    status, headers, body = ask(proxy, FEED)
    assert status == 200
    assert body == (SCRIPT.parent / "site" / "gazette.example" / "feed.xml").read_bytes()
    assert headers["content-type"] == "application/xml"
    assert int(headers["content-length"]) == len(body)


def test_plain_request_is_answered_by_its_host_header(proxy):
    assert ask(proxy, "/feed.xml", Host="gazette.example") == ask(
        proxy, "/feed.xml", Host="GAZETTE.example:80"
    )
    assert ask(proxy, "/feed.xml", Host="gazette.example")[2] == ask(proxy, FEED)[2]


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("http://southwire.example/wire.rss", "application/rss+xml; charset=utf-8"),
        ("http://courrier.example/flux.atom", "application/atom+xml; charset=utf-8"),
        ("http://vestnik.example/rss.php", "text/html; charset=utf-8"),  # a feed that its server calls a page
        (
            "http://vestnik.example/archive/2017/0530-versal.html",
            "text/html",
        ),  # the page itself names its charset
        ("http://elysee-notes.example/actualites/2020/06/26/visioconference-russie/", "text/html"),
        ("http://gazette.example/", "text/html"),
        ("http://gazette.example", "text/html"),
    ],
)
def test_media_types(proxy, address, media_type):
    status, headers, body = ask(proxy, address)
    assert (status, headers["content-type"]) == (200, media_type)
    assert body


def test_a_query_does_not_change_what_is_served(proxy):
    page = "http://gazette.example/world/2019/08/19/bregancon-talks.html"
    assert ask(proxy, page + "?utm_source=rss&utm_medium=feed")[2] == ask(proxy, page)[2]


def test_head_gives_the_headers_alone(proxy):
    status, headers, body = ask(proxy, FEED, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0


def test_unchanged_listing_is_answered_with_304(proxy):
    _, first, _ = ask(proxy, FEED)
    for asked in (
        {"If_None_Match": first["etag"]},
        {"If_None_Match": f'"other", W/{first["etag"]}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": first["last-modified"]},
    ):
        status, headers, body = ask(proxy, FEED, **asked)
        assert (status, body, headers["etag"]) == (304, b"", first["etag"]), asked
    for asked in (
        {"If_None_Match": '"other"'},
        {
            "If_None_Match": '"other"',
            "If_Modified_Since": first["last-modified"],
        },  # the tag outranks the date
        {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
    ):
        assert ask(proxy, FEED, **asked)[0] == 200, asked


def test_a_changed_file_gets_another_tag(tmp_path):
    page = tmp_path / "paper.example" / "a.html"
    page.parent.mkdir()
    page.write_text("<p>one</p>", encoding="utf-8")
    with newsroom.serve(site=tmp_path) as address:
        _, first, _ = ask(address, "http://paper.example/a.html")
        page.write_text("<p>two</p>", encoding="utf-8")
        status, second, body = ask(address, "http://paper.example/a.html", If_None_Match=first["etag"])
    assert (status, body) == (200, b"<p>two</p>")
    assert second["etag"] != first["etag"]


@pytest.mark.parametrize(
    "target",
    [
        "http://gazette.example/world/2018/05/24/petersburg-terrace.html",  # listed, but gone
        "http://nowhere.example/feed.xml",
        "http://gazette.example/world/",  # a folder without a front page
        "/feed.xml",  # the host is the loopback address
    ],
)
def test_unknown_is_404(proxy, target):
    status, headers, body = ask(proxy, target)
    assert (status, headers["content-type"], body) == (404, "text/plain; charset=utf-8", b"Not found\n")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/a/../../secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/link.txt",
        "/a%00.html",
        "//secret.txt",
    ],
)
def test_no_way_out_of_a_host_folder(tmp_path, path):
    site = tmp_path / "site"
    (site / "paper.example" / "a").mkdir(parents=True)
    for folder in (tmp_path, site):
        (folder / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "paper.example" / "link.txt").symlink_to(tmp_path / "secret.txt")
    with newsroom.serve(site=site) as address:
        assert ask(address, "http://paper.example" + path)[0] == 404
        assert ask(address, path, Host="paper.example")[0] == 404
        assert ask(address, "http://../secret.txt")[0] == 404
        assert ask(address, path, Host="..")[0] == 404


def test_other_methods_are_refused(proxy):
    assert ask(proxy, FEED, method="POST", Content_Length="0")[0] == 501
    assert ask(proxy, "gazette.example:443", method="CONNECT")[0] == 501


def test_an_idle_connection_blocks_nobody(proxy):
    parts = urlsplit(proxy)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as idle:
        idle.sendall(b"GET http://gazette.example/feed.xml HTTP/1.1\r\n")  # and nothing more
        assert ask(proxy, FEED)[0] == 200


def test_serving_ends_with_the_block():
    with newsroom.serve() as address:
        assert ask(address, FEED)[0] == 200
    with pytest.raises(ConnectionError):
        ask(address, FEED)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"), newsroom.serve(site=tmp_path / "absent"):
        pass


def start(*arguments: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # no terminal: a signal reaches only the process it is sent to
        **options,  # type: ignore[call-overload]
    )


def test_command_finds_the_proxy_and_its_status_is_ours():
    code = (
        "import os, sys, urllib.request as u\n"
        "o = u.build_opener(u.ProxyHandler({'http': os.environ['PARLEY_SEEDS_PROXY']}))\n"
        f"print(o.open('{FEED}').status, sys.argv[1:])\n"
        "sys.exit(3)\n"
    )
    child = start("--port", "0", "--", sys.executable, "-c", code, "--", "-x", "--port")
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out, err) == (3, "200 ['--', '-x', '--port']\n", "")


def test_command_that_cannot_be_started_is_named():
    child = start("--", "no-such-command-anywhere")
    _, err = child.communicate(timeout=30)
    assert child.returncode == 127
    assert "no-such-command-anywhere" in err and "Traceback" not in err


def test_command_ended_by_a_signal_gives_128_and_its_number():
    child = start("--", sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    child.communicate(timeout=30)
    assert child.returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command_and_its_end_is_awaited(tmp_path, number):
    ready, ended = tmp_path / "ready", tmp_path / "ended"
    code = (
        "import pathlib, signal, sys, time\n"
        "def stop(number, frame):\n"
        "    time.sleep(0.3)\n"
        f"    pathlib.Path({str(ended)!r}).write_text(str(number))\n"
        "    sys.exit(7)\n"
        f"signal.signal({int(number)}, stop)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(60)\n"
    )
    child = start("--", sys.executable, "-c", code)
    try:
        _wait_for(ready)
        os.kill(child.pid, number)
        child.communicate(timeout=30)
    finally:
        child.kill()
    assert child.returncode == 7
    assert ended.read_text() == str(int(number))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_without_a_command_it_serves_until_it_is_stopped(number):
    child = start()
    try:
        assert child.stderr is not None
        line = child.stderr.readline()
        address = line.split("PARLEY_SEEDS_PROXY=")[1].split()[0]
        assert ask(address, FEED)[0] == 200
        os.kill(child.pid, number)
        out, err = child.communicate(timeout=30)
    finally:
        child.kill()
    assert (child.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("port", ["taken", "70000", "many"])
def test_a_port_that_cannot_be_used_is_status_2(port):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        child = start("--port", str(holder.getsockname()[1]) if port == "taken" else port)
        _, err = child.communicate(timeout=30)
    assert child.returncode == 2
    assert "port" in err and "Traceback" not in err


def _wait_for(file: Path) -> None:
    until = time.monotonic() + 20
    while not file.exists():
        assert time.monotonic() < until, f"{file.name} did not come"
        time.sleep(0.02)
