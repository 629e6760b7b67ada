"""The client against a real server that behaves badly in every way we could think of."""

from __future__ import annotations

import asyncio
import gzip
import pickle
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.addresses import AddressRefusedError, check_address, is_public, show_address
from connectors.base import ChannelError, FetchError, SourceError
from connectors.bodies import BodyBrokenError, BodyReader, BodyTooLargeError
from connectors.headers import read_content_type, read_retry_after
from connectors.http import Http, HttpSettings, NotModified, Response, fetch_capture
from domain.model import Item, Outcome


def make_settings(**changes: Any) -> HttpSettings:
    base: dict[str, Any] = {
        "allow_private": True,
        "obey_robots": False,
        "requests_per_second": 0,
        "backoff_seconds": 0.01,
        "timeout_seconds": 2,
        "deadline_seconds": 3,
        "max_bytes": 100_000,
    }
    return HttpSettings(**(base | changes))


def get(address: str, *, etag: str | None = None, last_modified: str | None = None, **changes: Any) -> Any:
    async def run() -> Response | NotModified:
        async with Http(make_settings(**changes)) as http:
            return await http.get(address, etag=etag, last_modified=last_modified)

    return asyncio.run(run())


def fail(address: str, **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(address, **changes)
    assert str(caught.value)
    return caught.value


def test_good_answer_carries_body_type_and_validators(site: Any) -> None:
    address = site.serve(
        "/a",
        body="Élysée".encode(),
        content_type='Text/HTML; Charset="UTF-8"',
        etag='"v1"',
        last_modified="then",
    )
    answer = get(address)
    assert answer == Response(200, address, "Élysée".encode(), "text/html", "utf-8", '"v1"', "then")
    sent = site.asked[0].headers
    assert sent["user-agent"] == "parley/0.1"
    assert sent["accept-encoding"] == "gzip, deflate"


def test_validators_are_sent_and_304_is_an_answer(site: Any) -> None:
    address = site.serve("/a", 304)
    assert get(address, etag='"v1"', last_modified="Mon, 29 May 2017 13:00:00 GMT") == NotModified(address)
    assert site.asked[0].headers["if-none-match"] == '"v1"'
    assert site.asked[0].headers["if-modified-since"] == "Mon, 29 May 2017 13:00:00 GMT"


def test_304_without_a_condition_is_no_answer(site: Any) -> None:
    error = fail(site.serve("/a", 304))
    assert (error.outcome, error.status) == (Outcome.FETCH_FAILED, 304)


def test_validators_that_would_break_the_request_are_not_sent(site: Any) -> None:
    address = site.serve("/a", body=b"x")
    assert get(address, etag='"v"\r\nx-evil: 1', last_modified="é").status == 200
    assert not {"x-evil", "if-none-match", "if-modified-since"} & set(site.asked[0].headers)


def test_validators_that_could_not_be_sent_back_are_not_kept(site: Any) -> None:
    answer = get(site.serve("/a", body=b"x", etag='"\xe9"', last_modified="x" * 600))
    assert (answer.etag, answer.last_modified) == (None, None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_client_errors_fail_at_once(site: Any, status: int) -> None:
    error = fail(site.serve("/a", status))
    assert (error.outcome, error.status, len(site.asked)) == (Outcome.FETCH_FAILED, status, 1)
    assert str(status) in error.detail


@pytest.mark.parametrize("status", [429, 500, 502])
def test_errors_that_may_pass_are_tried_three_times(site: Any, status: int) -> None:
    error = fail(site.serve("/a", status))
    assert (error.outcome, error.status, len(site.asked)) == (Outcome.FETCH_FAILED, status, 3)
    assert "tried 3 times" in error.detail


def test_503_then_200_succeeds_after_the_wait_asked_for(site: Any) -> None:
    def answer(handler: Any) -> None:
        first = len(site.asked) == 1
        handler.reply(503, retry_after="1") if first else handler.reply(200, b"back")

    started = time.monotonic()
    assert get(site.route("/a", answer)).body == b"back"
    assert time.monotonic() - started >= 1


def test_a_server_that_asks_for_a_long_wait_is_left_alone(site: Any) -> None:
    error = fail(site.serve("/a", 429, retry_after="3600"))
    assert len(site.asked) == 1
    assert "3600 s" in error.detail


def test_retry_after_is_not_waited_for_beyond_the_deadline(site: Any) -> None:
    started = time.monotonic()
    fail(site.serve("/a", 503, retry_after="20"))
    assert time.monotonic() - started < 1
    assert len(site.asked) == 1


def test_a_silent_server_times_out_and_is_tried_again(site: Any) -> None:
    def answer(handler: Any) -> None:
        if len(site.asked) > 1:
            handler.reply(200, b"awake")
        else:
            handler.wait(5)

    assert get(site.route("/a", answer), timeout_seconds=0.2).body == b"awake"
    error = fail(site.route("/b", lambda handler: handler.wait(5)), timeout_seconds=0.1)
    assert error.outcome is Outcome.FETCH_FAILED
    assert "no answer within 0.1 s" in error.detail


def test_a_body_that_drips_runs_into_the_deadline(site: Any) -> None:
    def drip(handler: Any) -> None:
        handler.head(200, content_length="1000")
        while not handler.wait(0.05):
            handler.wfile.write(b"x")

    started = time.monotonic()
    error = fail(site.route("/a", drip), deadline_seconds=0.5)
    assert time.monotonic() - started < 1.5
    assert error.outcome is Outcome.FETCH_FAILED
    assert "0.5 s in all" in error.detail


def test_headers_that_drip_run_into_the_deadline(site: Any) -> None:
    def drip(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not handler.wait(0.05):
            handler.wfile.write(b"x-more: 1\r\n")

    assert "0.5 s in all" in fail(site.route("/a", drip), deadline_seconds=0.5).detail


def test_an_endless_body_stops_at_the_limit(site: Any) -> None:
    def pour(handler: Any) -> None:
        handler.head(200)
        while True:
            handler.wfile.write(b"x" * 10_000)

    error = fail(site.route("/a", pour))
    assert (error.outcome, error.status) == (Outcome.TOO_LARGE, 200)


def test_a_body_that_announces_too_much_is_not_read(site: Any) -> None:
    error = fail(site.route("/a", lambda handler: handler.head(200, content_length="100001")))
    assert error.outcome is Outcome.TOO_LARGE


def test_a_body_of_just_the_limit_passes(site: Any) -> None:
    assert len(get(site.serve("/a", body=b"x" * 100_000)).body) == 100_000
    packed = gzip.compress(b"x" * 100_000)
    assert len(get(site.serve("/b", body=packed, content_encoding="gzip")).body) == 100_000


def test_a_gzip_bomb_is_refused(site: Any) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    error = fail(site.serve("/a", body=bomb, content_encoding="gzip"))
    assert error.outcome is Outcome.TOO_LARGE
    assert "decoded" in error.detail


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_never_unfolds_in_memory(encoding: str) -> None:
    bomb = (gzip.compress if encoding == "gzip" else zlib.compress)(b"\0" * 50_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLargeError):
            BodyReader(encoding, 100_000).feed(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def zipped(data: bytes) -> bytes:
    """Always the same bytes: the parameters of a test name it, and several processes must agree on the names."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", zipped(b"news")),
        ("X-GZIP", zipped(b"ne") + zipped(b"ws")),
        ("gzip", zipped(b"news") + b"\0\0 padding"),
        ("deflate", zlib.compress(b"news")),
        ("deflate", zlib.compress(b"news", wbits=-15)),
        ("identity", b"news"),
    ],
)
def test_encodings_asked_for_are_decoded(site: Any, encoding: str, body: bytes) -> None:
    assert get(site.serve("/a", body=body, content_encoding=encoding)).body == b"news"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"news"),
        ("gzip, gzip", zipped(zipped(b"news"))),
        ("gzip", b"news"),
        ("gzip", zipped(b"news")[:-4]),
        ("gzip", zipped(b"") * 200),
    ],
)
def test_bodies_that_cannot_be_decoded_fail(site: Any, encoding: str, body: bytes) -> None:
    assert fail(site.serve("/a", body=body, content_encoding=encoding)).outcome is Outcome.FETCH_FAILED


def test_a_body_cut_off_is_no_body(site: Any) -> None:
    def cut(handler: Any) -> None:
        handler.head(200, content_length="100")
        handler.wfile.write(b"half")

    error = fail(site.route("/a", cut))
    assert error.outcome is Outcome.FETCH_FAILED
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    "reply", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nx: " + b"a" * 300_000]
)
def test_no_http_at_all_fails(site: Any, reply: bytes) -> None:
    error = fail(site.route("/a", lambda handler: handler.wfile.write(reply)))
    assert error.outcome is Outcome.FETCH_FAILED


def test_nobody_listening_fails() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = fail(f"http://127.0.0.1:{port}/")
    assert (error.outcome, error.status) == (Outcome.FETCH_FAILED, None)
    assert isinstance(error.__cause__, Exception)


def test_plain_http_where_tls_is_expected_fails(site: Any) -> None:
    error = fail(site.url("/").replace("http:", "https:"))
    assert (error.outcome, error.status) == (Outcome.FETCH_FAILED, None)


def test_redirects_are_followed_relative_and_absolute(site: Any) -> None:
    site.serve("/x/a", 301, location="../b")
    site.serve("/b", 307, location=site.url("/c"))
    address = site.serve("/c", body=b"there")
    answer = get(site.url("/x/a"))
    assert (answer.final_address, answer.body) == (address, b"there")


def test_a_redirect_loop_is_named(site: Any) -> None:
    site.serve("/a", 302, location="/b")
    site.serve("/b", 302, location="/a#again")
    error = fail(site.url("/a"))
    assert "loop" in error.detail
    assert len(site.asked) == 2


def test_too_many_redirects_are_named(site: Any) -> None:
    for n in range(10):
        site.serve(f"/{n}", 302, location=f"/{n + 1}")
    error = fail(site.url("/0"), max_redirects=3)
    assert "more than 3 redirects" in error.detail
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user:pw@127.0.0.1/", "http://[", "javascript:1"],
)
def test_redirects_to_addresses_that_must_not_be_fetched_are_refused(site: Any, target: str) -> None:
    error = fail(site.serve("/a", 302, location=target))
    assert error.outcome is Outcome.REFUSED
    assert "redirected" in error.detail
    assert "pw" not in str(error)


def test_a_redirect_without_a_target_fails(site: Any) -> None:
    assert fail(site.serve("/a", 302)).status == 302


def test_cookies_are_not_kept(site: Any) -> None:
    site.serve("/a", 302, location="/b", set_cookie="who=me; path=/")
    site.serve("/b", body=b"x")
    get(site.url("/a"))
    assert "cookie" not in site.asked[1].headers


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_private_addresses_are_refused_before_anything_is_sent(site: Any, host: str) -> None:
    error = fail(f"http://{host}:{site.port}/", allow_private=False)
    assert error.outcome is Outcome.REFUSED
    assert "public" in error.detail
    assert site.asked == []


def test_a_redirect_to_an_address_that_is_not_allowed_is_refused(site: Any) -> None:
    """127.0.0.1 plays the public internet, 127.0.0.2 the inner network."""

    async def run(path: str) -> Any:
        strict = make_settings(allow_private=False)
        async with Http(strict, judge=lambda address: address == "127.0.0.1") as http:
            return await http.get(site.url(path))

    site.serve("/outer", 302, location="/public")
    site.serve("/public", body=b"news")
    site.serve("/trap", 302, location=f"http://127.0.0.2:{site.port}/inner")
    assert asyncio.run(run("/outer")).body == b"news"
    with pytest.raises(FetchError) as caught:
        asyncio.run(run("/trap"))
    assert caught.value.outcome is Outcome.REFUSED
    assert "127.0.0.2" in caught.value.detail
    assert [asked.path for asked in site.asked] == ["/outer", "/public", "/trap"]


class Names(asyncio.SelectorEventLoop):
    """An event loop whose name service knows one name, with several addresses."""

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> Any:
        assert host == "news.example"
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in ("127.0.0.2", "127.0.0.1")
        ]


def get_by_name(site: Any, allowed: set[str]) -> Any:
    async def run() -> Any:
        async with Http(make_settings(allow_private=False), judge=allowed.__contains__) as http:
            return await http.get(f"http://news.example:{site.port}/a")

    with asyncio.Runner(loop_factory=Names) as runner:
        return runner.run(run())


@pytest.mark.parametrize("allowed", [set(), {"127.0.0.1"}, {"127.0.0.2"}])
def test_a_name_with_any_address_that_is_not_allowed_is_refused(site: Any, allowed: set[str]) -> None:
    with pytest.raises(FetchError, match=r"news\.example is 127") as caught:
        get_by_name(site, allowed)
    assert caught.value.outcome is Outcome.REFUSED
    assert site.asked == []


def test_when_one_address_of_a_name_does_not_answer_the_next_is_tried(site: Any) -> None:
    site.serve("/a", body=b"news")
    assert get_by_name(site, {"127.0.0.1", "127.0.0.2"}).body == b"news"
    assert site.asked[0].headers["host"] == f"news.example:{site.port}"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
    ],
)
def test_public_and_other_addresses_are_told_apart(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "address",
    [
        "",
        "news.example",
        "//news.example/",
        "file:///etc/passwd",
        "gopher://news.example/",
        "http://",
        "http:///path",
        "http://user@news.example/",
        "http://news.example:99999/",
        "http://news.example:0/",
        "http://news.example/\r\nx: 1",
        "http://news.exa\0mple/",
        "http://[::1",
        "http://news.example/" + "a" * 9000,
    ],
)
def test_what_is_no_fetchable_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_address(address)
    assert fail(address).outcome is Outcome.REFUSED


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=50)
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for address in (text, f"http://{text}", f"http://news.example/{text}"):
        try:
            url = check_address(address)
        except AddressRefusedError:
            continue
        assert url.scheme in ("http", "https")
        assert url.host
        assert check_address(str(url)) == url
        assert "\n" not in show_address(address)


def test_credentials_are_not_shown() -> None:
    assert show_address("https://me:secret@news.example/a@b") == "https://***@news.example/a@b"
    assert "secret" not in str(fail("https://me:secret@news.example/"))


@pytest.mark.parametrize(("rate", "least"), [(20, 5 / 20), (0, 0)])
def test_requests_to_one_host_keep_their_distance_and_number(site: Any, rate: int, least: float) -> None:
    lock = threading.Lock()
    running: list[int] = [0, 0]

    def answer(handler: Any) -> None:
        with lock:
            running[0] += 1
            running[1] = max(running)
        handler.wait(0.1)
        with lock:
            running[0] -= 1
        handler.reply(200, b"x")

    address = site.route("/a", answer)

    async def run() -> float:
        async with Http(make_settings(requests_per_second=rate, concurrency_per_host=2)) as http:
            started = time.monotonic()
            await asyncio.gather(*(http.get(address) for _ in range(6)))
            return time.monotonic() - started

    assert asyncio.run(run()) >= least
    assert running[1] == 2


def test_waiting_for_ones_turn_does_not_count_against_the_deadline(site: Any) -> None:
    address = site.serve("/a", body=b"x")

    async def run() -> int:
        async with Http(make_settings(requests_per_second=5, deadline_seconds=0.3)) as http:
            return len(await asyncio.gather(*(http.get(address) for _ in range(5))))

    assert asyncio.run(run()) == 5


def test_a_proxy_is_asked_and_resolves_names_itself(site: Any) -> None:
    site.routes["http://no-such-host.invalid/a"] = lambda handler: handler.reply(200, b"by proxy")
    answer = get("http://no-such-host.invalid/a", proxy=site.url(""), allow_private=False)
    assert answer.body == b"by proxy"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ("", None)),
        ("text/html", ("text/html", None)),
        ("TEXT/Plain ;charset=Windows-1251", ("text/plain", "windows-1251")),
        ("text/html; charset=no-such-thing", ("text/html", None)),
        ("text/html; charset=utf-7", ("text/html", None)),
        ("text/html; charset=punycode", ("text/html", None)),
        ("text/html; charset=" + "x" * 500, ("text/html", None)),
        ("nonsense; charset='koi8-r'", ("", "koi8-r")),
        ("text/html; charset=; charset=gb2312", ("text/html", "gb2312")),
    ],
)
def test_content_types_are_read_with_care(header: str, expected: tuple[str, str | None]) -> None:
    assert read_content_type(header) == expected


def test_wrong_charset_headers_are_no_failure(site: Any) -> None:
    answer = get(site.serve("/a", body=b"x", content_type="text/html; charset=klingon"))
    assert (answer.media_type, answer.charset) == ("text/html", None)


def test_retry_after_is_read_as_number_or_date() -> None:
    assert read_retry_after("7") == 7
    assert read_retry_after("Mon, 29 May 2017 13:00:00 GMT") == 0
    assert (read_retry_after("Fri, 29 May 2099 13:00:00 GMT") or 0) > 1e9
    assert [read_retry_after(v) for v in ("", "soon", "-1", "1.5", "٣", "9" * 99)] == [None] * 6


@given(st.binary(max_size=3000), st.integers(1, 4000), st.integers(1, 500))
@settings(deadline=None, max_examples=50)
def test_decoding_gives_the_bytes_or_says_why_not(data: bytes, limit: int, step: int) -> None:
    for encoding, body in (("gzip", gzip.compress(data)), ("deflate", zlib.compress(data)), ("", data)):
        reader = BodyReader(encoding, limit)
        try:
            for start in range(0, len(body), step):
                reader.feed(body[start : start + step])
            assert reader.finish() == data
        except BodyTooLargeError:
            assert max(len(data), len(body)) > limit


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity"]))
@settings(deadline=None, max_examples=50)
def test_any_bytes_decode_or_fail_by_name(data: bytes, encoding: str) -> None:
    reader = BodyReader(encoding, 1000)
    try:
        reader.feed(data)
        assert len(reader.finish()) <= 1000
    except (BodyBrokenError, BodyTooLargeError) as e:
        assert str(e)


def test_a_capture_holds_the_bytes_and_their_hash(site: Any) -> None:
    site.serve("/a", 301, location="/b")
    site.serve("/b", body=b"abc", content_type="text/html; charset=utf-8")
    item = Item("s", site.url("/a"), "f")
    now = datetime(2026, 1, 2, tzinfo=UTC)

    async def run() -> Any:
        async with Http(make_settings()) as http:
            return await fetch_capture(http, item, now)

    capture = asyncio.run(run())
    assert (capture.item, capture.final_address, capture.body) == (item, site.url("/b"), b"abc")
    assert capture.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (capture.media_type, capture.charset, capture.fetched_at) == ("text/html", "utf-8", now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout_seconds": 0},
        {"deadline_seconds": float("nan")},
        {"max_bytes": -1},
        {"retries": -1},
        {"user_agent": "a\nb"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        make_settings(**wrong)


def test_using_the_client_outside_its_block_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(Http(make_settings()).get("http://news.example/"))


def test_errors_survive_pickling() -> None:
    for error in (
        SourceError("s", "d"),
        FetchError("http://news.example/", Outcome.TOO_LARGE, "d", 200),
        ChannelError("c", "d", transient=True),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), vars(again)) == (str(error), vars(error))


def test_a_certificate_nobody_signed_is_named_and_not_tried_again(tmp_path: Path) -> None:
    x509 = pytest.importorskip("cryptography.x509")
    certificate = make_certificate(x509, tmp_path)
    tries: list[object] = []

    async def run() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            raise AssertionError("no request may be sent to a server that is not trusted")

        def count(sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            tries.append(name)

        context.sni_callback = count
        server = await asyncio.start_server(never, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        async with server, Http(make_settings()) as http:
            await http.get(f"https://localhost:{port}/")

    with pytest.raises(FetchError, match="certificate refused") as caught:
        asyncio.run(run())
    assert caught.value.outcome is Outcome.FETCH_FAILED
    assert tries == ["localhost"]


def make_certificate(x509: Any, folder: Path) -> Path:
    """A key and a certificate signed with it, made for this one test."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "pair.pem").write_bytes(private + certificate.public_bytes(pem))
    return folder / "pair.pem"
