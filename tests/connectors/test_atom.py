"""The Atom file, read back by a feed reader."""

from __future__ import annotations

import os
import threading
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import feedparser
import pytest

from connectors.base import ChannelError
from connectors.channels.atom import AtomFile
from domain.event_model import Message
from domain.model import Reason

START = datetime(2026, 5, 25, 13, 24, tzinfo=UTC)


def make_message(number: int = 1, **changes: Any) -> Message:
    base: dict[str, Any] = {
        "alert_id": str(number),
        "event_id": "4",
        "reason": Reason.NEW,
        "created_at": START + timedelta(minutes=number),
        "headline": f"Call {number}",
        "body": "Who & what\n<when>",
        "address": f"https://example.org/{number}?a=1&b=2",
        "payload": {},
    }
    return Message(**(base | changes))


def read(path: Path) -> Any:
    parsed = feedparser.parse(str(path))
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def ids(path: Path) -> list[str]:
    return [entry.id.rpartition(":")[2] for entry in read(path).entries]


def test_a_feed_reader_reads_what_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "alerts.atom"
    channel = AtomFile("feed", path, "Macron & Putin")
    channel.send(make_message(1, reason=Reason.CANCELLED))
    parsed = read(path)
    assert (parsed.feed.title, parsed.feed.id) == ("Macron & Putin", "tag:parley.invalid,2026:feed:feed")
    assert (parsed.feed.author, parsed.feed.updated) == ("Parley", "2026-05-25T13:25:00Z")
    (entry,) = parsed.entries
    assert entry.id == "tag:parley.invalid,2026:alert:1"
    assert (entry.title, entry.link) == ("Call 1", "https://example.org/1?a=1&b=2")
    assert (entry.published, entry.updated) == ("2026-05-25T13:25:00Z", "2026-05-25T13:25:00Z")
    assert entry.summary_detail.type == "text/plain"
    assert "<when>" in entry.summary
    assert entry.tags[0].term == "cancelled"


def test_every_required_element_of_the_format_is_there_once(tmp_path: Path) -> None:
    AtomFile("feed", tmp_path / "a").send(make_message())
    root = ET.parse(tmp_path / "a").getroot()
    names = [child.tag.rpartition("}")[2] for child in root]
    assert [names.count(name) for name in ("id", "title", "updated", "author")] == [1] * 4
    entry = root.find("{http://www.w3.org/2005/Atom}entry")
    assert entry is not None
    names = [child.tag.rpartition("}")[2] for child in entry]
    assert [names.count(name) for name in ("id", "title", "updated", "published", "link", "summary")] == [
        1
    ] * 6


def test_newest_come_first_and_only_the_limit_is_kept(tmp_path: Path) -> None:
    channel = AtomFile("feed", tmp_path / "a", limit=3)
    for number in (2, 5, 1, 4, 3):
        channel.send(make_message(number))
    assert ids(tmp_path / "a") == ["5", "4", "3"]
    assert read(tmp_path / "a").feed.updated == "2026-05-25T13:29:00Z"


def test_an_alert_sent_again_changes_nothing(tmp_path: Path) -> None:
    channel = AtomFile("feed", tmp_path / "a")
    channel.send(make_message(1))
    channel.send(make_message(2))
    before = (tmp_path / "a").read_bytes()
    channel.send(make_message(1))
    assert (tmp_path / "a").read_bytes() == before


def test_a_new_object_goes_on_with_the_file(tmp_path: Path) -> None:
    for number in (1, 2):
        AtomFile("feed", tmp_path / "a").send(make_message(number))
    assert ids(tmp_path / "a") == ["2", "1"]


def test_times_are_written_in_utc(tmp_path: Path) -> None:
    at = datetime(2026, 5, 25, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    AtomFile("feed", tmp_path / "a").send(make_message(created_at=at))
    assert read(tmp_path / "a").entries[0].updated == "2026-05-24T22:00:00Z"


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    message = make_message(
        headline="]]></title><entry>\x00\x1b\ud800\ufffe &amp; Путин",
        body="<script>alert(1)</script>\x08 \U0001f4de",
        address='https://example.org/"><x>\x01 y\ud800',
    )
    AtomFile("feed", tmp_path / "a").send(message)
    (entry,) = read(tmp_path / "a").entries
    root = ET.parse(tmp_path / "a").getroot()
    title = root.findtext("{*}entry/{*}title") or ""
    assert title == "]]></title><entry> &amp; Путин"
    assert root.findtext("{*}entry/{*}summary") == "<script>alert(1)</script> \U0001f4de"
    assert " " not in entry.link
    assert '"' not in entry.link


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"<feed",
        b"<html/>",
        b"<feed/>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>",
    ],
)
def test_a_file_that_is_no_feed_is_moved_aside_and_the_next_try_works(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.atom"
    channel = AtomFile("feed", path)
    for round_ in (1, 2):
        path.write_bytes(content)
        with pytest.raises(ChannelError, match=rf"a\.atom\.broken-{round_}") as caught:
            channel.send(make_message())
        assert caught.value.transient
        assert (tmp_path / f"a.atom.broken-{round_}").read_bytes() == content
        channel.send(make_message())
        assert ids(path) == ["1"]


def test_a_disk_that_refuses_is_transient_and_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ChannelError, match="cannot write") as caught:
        AtomFile("feed", tmp_path / "file" / "a").send(make_message())
    assert caught.value.transient
    (tmp_path / "a").mkdir()
    with pytest.raises(ChannelError, match="cannot write"):
        AtomFile("feed", tmp_path / "a").send(make_message())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "file"]


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    channel = AtomFile("feed", path)
    channel.send(make_message(0))
    stop = threading.Event()
    seen: list[int] = []
    problems: list[str] = []

    def watch() -> None:
        while not stop.is_set():
            try:
                seen.append(len(ET.fromstring(path.read_bytes()).findall("{*}entry")))
            except (ET.ParseError, OSError) as e:
                problems.append(str(e))

    watcher = threading.Thread(target=watch)
    watcher.start()
    writers = [
        threading.Thread(target=lambda k=k: [channel.send(make_message(n)) for n in range(k, 31, 3)])
        for k in (1, 2, 3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    watcher.join()
    assert problems == []
    assert seen == sorted(seen)
    assert len(ids(path)) == 31
    assert os.listdir(tmp_path) == ["a"]  # noqa: PTH208


def test_the_file_can_be_read_by_others_as_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        AtomFile("feed", tmp_path / "a").send(make_message())
    finally:
        os.umask(old)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


def test_a_limit_that_keeps_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="limit"):
        AtomFile("feed", tmp_path / "a", limit=0)
