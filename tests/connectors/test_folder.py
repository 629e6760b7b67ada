"""Folders on a real disk: every kind of file, every kind of trouble."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import FetchError, Listing, SourceError
from connectors.http import Http, HttpSettings
from connectors.sources.folder import Folder
from domain.identity import canonical_address
from domain.model import Capture, Item, Outcome

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HTTP = Http(HttpSettings())  # never opened: a folder needs no network
ORDINARY = 65534 if os.geteuid() == 0 else os.geteuid()  # root may read everything, so it must not be root


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Give up root's rights for a while, if we have them."""
    before = os.geteuid()
    os.seteuid(ORDINARY)
    try:
        yield
    finally:
        os.seteuid(before)


def write(folder: Path, **files: str | bytes) -> None:
    """Write files; in their names "__" stands for "/" and "_" for "."."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def list_folder(folder: Folder) -> Listing:
    return asyncio.run(folder.list(HTTP, None, NOW))


def fetch(folder: Folder, item: Item) -> Capture:
    return asyncio.run(folder.fetch(HTTP, item, NOW))


def listed(path: Path, **config: Any) -> Listing:
    return list_folder(Folder("own", path, **config))


def refuse(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        listed(path)
    assert caught.value.slug == "own"
    return caught.value


def test_articles_are_found_in_order_and_everything_else_is_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path,
        b_txt="two",
        a_html="<p>one",
        sub__c_HTM="<p>three",
        sub__deep__d_txt="four",
        README_md="no",
        README="no",
        data_json="{}",
        _hidden_txt="no",
        sub___git__e_txt="no",
        page_xhtml="no",
        notes_txt_bak="no",
    )
    listing = listed(tmp_path)
    assert [item.address for item in listing.items] == [
        "folder://own/a.html",
        "folder://own/b.txt",
        "folder://own/sub/c.HTM",
        "folder://own/sub/deep/d.txt",
    ]
    assert (listing.failures, listing.state, listing.not_modified) == ((), None, False)


@pytest.mark.parametrize(
    ("name", "media_type"), [("a_html", "text/html"), ("a_htm", "text/html"), ("a_txt", "text/plain")]
)
def test_fetching_gives_the_bytes_of_the_file(tmp_path: Path, name: str, media_type: str) -> None:
    body = "Élysée".encode("windows-1252")
    write(tmp_path, **{name: body})
    folder = Folder("own", tmp_path)
    (item,) = list_folder(folder).items
    capture = fetch(folder, item)
    assert (capture.body, capture.media_type, capture.charset) == (body, media_type, None)
    assert (capture.item, capture.final_address, capture.fetched_at) == (item, item.address, NOW)
    assert capture.sha256 == hashlib.sha256(body).hexdigest()
    assert fetch(Folder("own", tmp_path), item).body == body  # another process, which has not listed
    assert fetch(pickle.loads(pickle.dumps(folder)), item).body == body


def test_addresses_stay_as_they_are_in_canonical_form(tmp_path: Path) -> None:
    for name in ("a b.txt", "Путин.txt", "50%.txt", "a?b#c.txt"):
        (tmp_path / name).write_text("x")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))).write_text("x")
    folder = Folder("own", tmp_path)
    items = list_folder(folder).items
    assert len({canonical_address(item.address) for item in items}) == 5
    for item in items:
        assert canonical_address(item.address) == item.address
        assert fetch(folder, item).body == b"x"


def test_the_manifest_states_facts(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_txt="x",
        sub__b_txt="x",
        c_txt="x",
        manifest_toml="""
        [[article]]
        file = "a.txt"
        source = "example.org"
        published = 2017-05-19
        [[article]]
        file = "sub/b.txt"
        published = 2017-05-29T23:30:00-05:00
        url = "https://example.org/b?x=1"
        title = " A  call "
        language = "fr"
        [[article]]
        file = "c.txt"
        published = "Mon, 29 May 2017 15:24:00 +0200"
        """,
    )
    a, c, b = listed(tmp_path).items
    assert a.published is not None
    assert (a.published.at, a.published.precision, a.published.basis) == (
        datetime(2017, 5, 19, 12, tzinfo=UTC),
        "day",
        "listing",
    )
    assert (a.outlet, a.address, a.title, a.language) == ("example.org", "folder://own/a.txt", None, None)
    assert (b.address, b.title, b.language, b.outlet) == ("https://example.org/b?x=1", "A call", "fr", None)
    assert b.published is not None
    assert (b.published.precision, b.published.day) == ("instant", date(2017, 5, 29))
    assert c.published is not None
    assert c.published.at.utcoffset() == timedelta(hours=2)


def test_an_item_named_by_url_is_fetched_from_its_file(tmp_path: Path) -> None:
    write(tmp_path, a_txt="here", manifest_toml='[[article]]\nfile = "a.txt"\nurl = "https://example.org/b"')
    folder = Folder("own", tmp_path)
    (item,) = list_folder(folder).items
    capture = fetch(folder, item)
    assert (capture.body, capture.final_address) == (b"here", "https://example.org/b")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ('[[article]]\nfile = "a.txt"\npublishd = 2017-05-19', ["article 1", "'publishd'", "published"]),
        ('[[article]]\nfile = "gone.txt"', ["'gone.txt'", "correct"]),
        ('[[article]]\nfile = "../a.txt"', ["'../a.txt'"]),
        ('[[article]]\nfile = "/etc/passwd"', ["'/etc/passwd'"]),
        ('[[article]]\nfile = "README.md"', ["'README.md'", ".jsonl"]),
        ('[[article]]\nfile = "./a.txt"', ["'./a.txt'"]),
        ('[[article]]\nfile = ""', ["'file'"]),
        ('[[article]]\nsource = "x"', ["article 1", "'file'"]),
        ('[[article]]\nfile = "a.txt"\n[[article]]\nfile = "a.txt"', ["article 2", "twice"]),
        ('[[article]]\nfile = "a.txt"\ntitle = 7', ["'title'", "7"]),
        ('[[article]]\nfile = "a.txt"\npublished = "soon"', ["'published'", "'soon'", "2017-05-29"]),
        ('[[article]]\nfile = "a.txt"\npublished = 12:00:00', ["'published'"]),
        ('[[article]]\nfile = "a.txt"\nurl = "file:///etc/passwd"', ["'url'", "http"]),
        ('[[article]]\nfile = "l.jsonl"\nurl = "https://example.org/"', ["'url'", "l.jsonl"]),
        ('[[articles]]\nfile = "a.txt"', ["'articles'", "[[article]]"]),
        ("article = 7", ["[[article]]"]),
        ("[[article]\n", ["not valid TOML", "line 1"]),
        (b"\xff\xfe", ["not valid TOML"]),
    ],
)
def test_a_wrong_manifest_is_named_with_its_place(
    tmp_path: Path, manifest: str | bytes, words: list[str]
) -> None:
    write(tmp_path, a_txt="x", README_md="x", l_jsonl="{}", manifest_toml=manifest)
    error = refuse(tmp_path)
    for word in ["manifest.toml", *words]:
        assert word in error.detail


def test_json_lines_are_articles(tmp_path: Path) -> None:
    lines = [
        {
            "id": "x/1",
            "url": "https://example.org/1",
            "source": "example.org",
            "title": "One",
            "text": "t",
            "lang": "en",
        },
        {"id": "x/2", "published": "2017-05-29", "text": "Élysée"},
        {"id": 3, "published": "2017-05-29T15:24:00+02:00"},
        {"published": "no date", "title": 7, "text": "nameless"},
    ]
    raw = "\ufeff" + "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    write(tmp_path, l_jsonl=raw)
    folder = Folder("own", tmp_path)
    one, two, three, four = list_folder(folder).items
    assert (one.address, one.title, one.outlet, one.language) == (
        "https://example.org/1",
        "One",
        "example.org",
        "en",
    )
    assert two.address == "folder://own/l.jsonl/x%2F2"
    assert two.published is not None
    assert (two.published.precision, two.published.day) == ("day", date(2017, 5, 29))
    assert three.address == "folder://own/l.jsonl/3"
    assert three.published is not None
    assert three.published.precision == "instant"
    assert four.address.startswith("folder://own/l.jsonl/")
    assert (four.published, four.title) == (None, None)
    for item, line in zip((one, two, three, four), lines, strict=True):
        for source in (folder, Folder("own", tmp_path)):
            capture = fetch(source, item)
            assert json.loads(capture.body) == line
            assert capture.media_type == "application/json"


def test_the_manifest_fills_what_lines_do_not_say(tmp_path: Path) -> None:
    manifest = (
        '[[article]]\nfile = "l.jsonl"\nsource = "archive.example"\npublished = 2017-05-19\nlanguage = "ru"'
    )
    write(
        tmp_path,
        l_jsonl='{"id": 1}\n{"id": 2, "source": "own.example", "lang": "en"}',
        manifest_toml=manifest,
    )
    one, two = listed(tmp_path).items
    assert (one.outlet, one.language, two.outlet, two.language) == (
        "archive.example",
        "ru",
        "own.example",
        "en",
    )
    assert one.published is not None
    assert one.published.day == date(2017, 5, 19)


def test_lines_that_are_no_articles_fail_by_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    deep = "[" * 100_000
    bad = [
        "{broken",
        "[1, 2]",
        '"text"',
        "null",
        '{"a": NaN',
        deep,
        '{"url": "file:///etc/passwd"}',
        b'{"id": "\xff"}',
    ]
    lines = [
        line if isinstance(line, bytes) else line.encode()
        for line in ['{"id": "first"}', *bad, '{"id": "last"}']
    ]
    write(tmp_path, l_jsonl=b"\n".join(lines) + b"\n")
    listing = listed(tmp_path)
    assert [item.address.rpartition("/")[2] for item in listing.items] == ["first", "last"]
    assert len(listing.failures) == len(bad)
    for number, failure in enumerate(listing.failures, start=2):
        assert f"line {number}:" in failure.detail
        assert failure.item.address == f"folder://own/l.jsonl#line-{number}"
        assert failure.outcome in (Outcome.EXTRACT_FAILED, Outcome.REFUSED)
        assert len(failure.detail) < 600


def test_appending_lines_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    write(tmp_path, l_jsonl='{"text": "a"}\n{"text": "b"}')
    before = listed(tmp_path).items
    write(tmp_path, l_jsonl='{"text": "new"}\n{"text": "a"}\n{"text": "b"}\n{"text": "c"}\n')
    after = listed(tmp_path).items
    assert set(before) < set(after)
    assert len(after) == 4


def test_fingerprints_follow_bytes_and_facts(tmp_path: Path) -> None:
    def print_of() -> str:
        return listed(tmp_path).items[0].fingerprint

    write(tmp_path, a_txt="one")
    first = print_of()
    os.utime(tmp_path / "a.txt", (1, 1))
    assert print_of() == first
    write(tmp_path, manifest_toml='[[article]]\nfile = "a.txt"\npublished = 2017-05-19')
    dated = print_of()
    assert dated != first
    write(tmp_path, manifest_toml='[[article]]\nfile = "a.txt"\npublished = 2017-05-19T12:00:00Z')
    assert print_of() not in (first, dated)
    (tmp_path / "manifest.toml").unlink()
    write(tmp_path, a_txt="two")
    assert print_of() != first


def test_an_empty_folder_lists_nothing_and_empty_files_fail(tmp_path: Path) -> None:
    assert listed(tmp_path) == Listing((), (), None)
    write(tmp_path, a_txt="", b_html="", c_jsonl="", d_jsonl="\n \n", e_txt="x")
    listing = listed(tmp_path)
    assert [item.address for item in listing.items] == ["folder://own/e.txt"]
    assert [failure.outcome for failure in listing.failures] == [Outcome.EMPTY] * 3
    assert [failure.item.address for failure in listing.failures] == [
        "folder://own/a.txt",
        "folder://own/b.html",
        "folder://own/c.jsonl",
    ]


def test_too_large_files_and_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_txt=b"x" * 101,
        b_txt=b"x" * 100,
        l_jsonl='{"id": 1}\n{"text": "' + "x" * 500 + '"}\n{"id": 3}\n',
    )
    folder = Folder("own", tmp_path, max_bytes=100)
    listing = list_folder(folder)
    by_name = {item.address.rpartition("/")[2]: item for item in listing.items}
    assert set(by_name) == {"a.txt", "b.txt", "1", "3"}
    assert len(fetch(folder, by_name["b.txt"]).body) == 100
    assert fetch(folder, by_name["3"]).body == b'{"id": 3}'
    with pytest.raises(FetchError) as caught:
        fetch(folder, by_name["a.txt"])
    assert caught.value.outcome is Outcome.TOO_LARGE
    (failure,) = listing.failures
    assert (failure.outcome, "line 2" in failure.detail) == (Outcome.TOO_LARGE, True)


def test_a_file_that_changed_or_went_since_it_was_listed_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path, a_txt="one", b_txt="one", l_jsonl='{"id": 1}')
    folder = Folder("own", tmp_path)
    items = list_folder(folder).items
    write(tmp_path, a_txt="two", l_jsonl='{"id": 2}')
    (tmp_path / "b.txt").unlink()
    for item, word in zip(items, ("changed", "No such file", "changed"), strict=True):
        with pytest.raises(FetchError, match=word) as caught:
            fetch(folder, item)
        assert caught.value.outcome is Outcome.FETCH_FAILED
        with pytest.raises(FetchError, match="as it was listed"):
            fetch(Folder("own", tmp_path), item)


def test_a_folder_that_went_is_a_fetch_error(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="does not exist"):
        fetch(Folder("own", tmp_path / "gone"), Item("own", "folder://own/a.txt", "f"))


def test_a_missing_folder_or_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    assert "does not exist" in refuse(tmp_path / "gone").detail
    write(tmp_path, a_txt="x")
    assert "not a folder" in refuse(tmp_path / "a.txt").detail
    (tmp_path / "round").symlink_to("round")
    assert str(tmp_path / "round") in refuse(tmp_path / "round").detail


def test_what_may_not_be_read_is_named() -> None:
    with (
        tempfile.TemporaryDirectory() as name
    ):  # not tmp_path, which an ordinary user cannot reach if root runs us
        path = Path(name)
        write(path, a_txt="x", b_txt="x", sub__c_txt="x")
        assert len(listed(path).items) == 3  # and all modules are loaded, before they cannot be any more
        for part in (path, *path.rglob("*")):
            os.chown(part, ORDINARY, -1)
        with as_ordinary_user():
            (path / "a.txt").chmod(0)
            (path / "sub").chmod(0)
            listing = listed(path)
            path.chmod(0)
            error = refuse(path)
            path.chmod(0o700)
            (path / "sub").chmod(0o700)
    assert [item.address for item in listing.items] == ["folder://own/b.txt"]
    assert [failure.outcome for failure in listing.failures] == [Outcome.FETCH_FAILED] * 2
    assert all("Permission denied" in failure.detail for failure in listing.failures)
    assert "chmod" in error.detail


def test_links_that_leave_the_folder_are_refused_and_others_are_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    write(inside, a_txt="x", sub__b_txt="y")
    write(outside, secret_txt="s")
    (inside / "in.txt").symlink_to("sub/b.txt")
    (inside / "out.txt").symlink_to(outside / "secret.txt")
    (inside / "outside").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "gone.txt").symlink_to("nowhere.txt")
    (inside / "round.txt").symlink_to("round.txt")
    listing = listed(inside)
    names = [item.address.removeprefix("folder://own/") for item in listing.items]
    assert names == ["a.txt", "in.txt", "sub/b.txt"]
    assert {(f.item.address.removeprefix("folder://own/"), f.outcome) for f in listing.failures} == {
        ("out.txt", Outcome.REFUSED),
        ("outside", Outcome.REFUSED),
        ("gone.txt", Outcome.FETCH_FAILED),
        ("round.txt", Outcome.FETCH_FAILED),
    }


def test_a_manifest_that_is_a_link_to_elsewhere_is_not_read(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    write(inside, a_txt="x")
    write(tmp_path, m_toml='[[article]]\nfile = "a.txt"')
    (inside / "manifest.toml").symlink_to(tmp_path / "m.toml")
    assert "manifest.toml" in refuse(inside).detail


def test_pipes_and_folders_named_like_articles(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path, dir_txt__a_txt="x")
    listing = listed(tmp_path)
    assert [item.address for item in listing.items] == ["folder://own/dir.txt/a.txt"]
    assert [failure.outcome for failure in listing.failures] == [Outcome.REFUSED]


def test_control_characters_in_names_do_not_reach_messages(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n.txt").write_text("")
    (failure,) = listed(tmp_path).failures
    assert failure.detail.isprintable()
    assert failure.item.address.isprintable()


def test_five_public_documents_are_listed_with_their_days() -> None:
    seeds = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip(f"the documents in {seeds} are not part of the project and not here")
    folder = Folder("seeds", seeds)
    listing = list_folder(folder)
    assert listing.failures == ()
    days = [item.published.day.isoformat() for item in listing.items if item.published]
    assert days == ["2017-05-19", "2017-05-29", "2017-05-30", "2025-07-01", "2020-06-27"]
    assert all(item.outlet for item in listing.items)
    assert all(len(fetch(folder, item).body) > 1000 for item in listing.items)
