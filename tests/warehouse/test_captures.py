"""Captures as WARC: read by a standard tool, stored once, whole after a kill, gone when their time is up."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from warehouse.captures import Captures, Packed, RawFetch, pack
from warehouse.errors import WarehouseError
from warehouse.store import Warehouse

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def raw(body: bytes, address: str = "https://paper.example/a", status: int | None = 200) -> Packed:
    headers = (("Content-Type", "text/html"), ("Set-Cookie", "id=secret"), ("Content-Encoding", "gzip"))
    return pack(RawFetch(address, NOW, status, headers, body, hashlib.sha256(body).hexdigest(), "text/html"))


def records(home: Path) -> list[tuple[str, str, bytes]]:
    found = []
    for path in sorted((home / "captures").rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                address = record.rec_headers.get_header("WARC-Target-URI")
                found.append((record.rec_type, address, record.content_stream().read()))
    return found


def test_a_standard_reader_finds_what_was_fetched_without_cookies(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.sources.keep([raw(b"one"), raw(b"two", "folder://own/two", None)], NOW)
        assert warehouse.sources.capture(hashlib.sha256(b"two").hexdigest()) == b"two"
    assert records(home) == [
        ("response", "https://paper.example/a", b"one"),
        ("resource", "folder://own/two", b"two"),
    ]
    (path,) = (home / "captures").rglob("*.warc.gz")
    assert path.relative_to(home).as_posix() == "captures/2026/06/parley-20260601.warc.gz"
    with path.open("rb") as stream:
        first = next(iter(ArchiveIterator(stream)))
    assert first.http_headers.get_header("Set-Cookie") is None
    assert first.http_headers.get_header("Content-Encoding") is None  # the body is kept unpacked
    assert first.http_headers.get_statuscode() == "200"


def test_the_same_bytes_are_stored_once(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.sources.keep([raw(b"one"), raw(b"one", "https://paper.example/b")], NOW)
        warehouse.sources.keep([raw(b"one", "https://paper.example/c"), raw(b"two")], NOW + timedelta(days=1))
    assert [body for _, _, body in records(home)] == [b"one", b"two"]


def test_what_a_killed_run_left_torn_is_cut_off_before_more_is_written(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.sources.keep([raw(b"one")], NOW)
        (path,) = (home / "captures").rglob("*.warc.gz")
        whole = path.read_bytes()
        path.write_bytes(whole + whole[:100])  # half a record that no transaction knows of
        warehouse.sources.keep([raw(b"two")], NOW)
    assert [body for _, _, body in records(home)] == [b"one", b"two"]


def test_captures_whose_time_or_room_is_up_go_file_by_file_and_today_stays(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        for day in range(5):
            warehouse.sources.keep([raw(f"day {day}".encode() * 500)], NOW + timedelta(days=day))
        today = NOW + timedelta(days=4)
        sizes = dict(Captures(home).sizes())
        assert warehouse.sources.retain(today, days=0, most_bytes=0) == []
        assert warehouse.sources.retain(today, days=3, most_bytes=0) == ["2026/06/parley-20260601.warc.gz"]
        room = sum(list(sizes.values())[-2:])
        assert len(warehouse.sources.retain(today, days=0, most_bytes=room)) == 2
        assert len(warehouse.sources.retain(today, days=0, most_bytes=1)) == 1
        assert [file for file, _ in Captures(home).sizes()] == ["2026/06/parley-20260605.warc.gz"]
        with pytest.raises(WarehouseError, match="its time was up"):
            warehouse.sources.capture(hashlib.sha256(b"day 0" * 500).hexdigest())
        assert warehouse.sources.capture(hashlib.sha256(b"day 4" * 500).hexdigest()) == b"day 4" * 500


def test_an_altered_file_is_noticed(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.sources.keep([raw(b"one" * 1000)], NOW)
        (path,) = (home / "captures").rglob("*.warc.gz")
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 0xFF
        path.write_bytes(bytes(damaged))
        with pytest.raises(WarehouseError):
            warehouse.sources.capture(hashlib.sha256(b"one" * 1000).hexdigest())


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_whatever_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    captures = Captures(tmp_path_factory.mktemp("home"))
    end = 0
    for body in bodies:
        (row,) = captures.append([raw(body)], end, NOW)
        end = row.start + row.length
        assert captures.get(row) == body
