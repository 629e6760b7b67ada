"""GDELT's files and search, served as GDELT serves them: its columns, its checksums, its gaps, its refusals."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from connectors.sources.gdelt import MOST_FILES, GdeltFiles, GdeltSearch
from domain.model import FetchState, Outcome
from domain.people import DEFAULT_PAIR, names_both
from tests.connectors.listing import refuse, visit

WANTED = names_both(DEFAULT_PAIR)
NEWEST = "20260601114500"


def row(address: str, persons: str, title: str = "") -> str:
    columns = [""] * 27
    columns[0], columns[1], columns[4], columns[11] = f"{NEWEST}-1", NEWEST, address, persons
    columns[26] = f"<PAGE_TITLE>{title}</PAGE_TITLE>"
    return "\t".join(columns)


def packed(*rows: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.gkg.csv", "\n".join(rows) + "\n")
    return body.getvalue()


def publish(site: Any, stamp: str, body: bytes, *, newest: bool = False) -> str:
    address = site.serve(f"/gdeltv2/{stamp}.gkg.csv.zip", body=body)
    if newest:
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        lines = f"1 {'0' * 32} {site.url('/x.export.CSV.zip')}\n{len(body)} {digest} {address}\n"
        site.serve("/gdeltv2/lastupdate.txt", body=lines.encode())
    return site.url("/gdeltv2/lastupdate.txt")


def test_articles_whose_people_or_titles_name_both_are_listed(site: Any) -> None:
    body = packed(
        row("https://a.example/1", "emmanuel macron;vladimir putin;olaf scholz"),
        row("https://a.example/2", "emmanuel macron"),
        row("https://a.example/3", "", "Макрон позвонил Путину"),
        row("https://a.example/4", "emmanuel macaron;vladimir putty"),
        "a line\twith too few columns",
    )
    listing, _ = visit(GdeltFiles("gdelt", WANTED, publish(site, NEWEST, body, newest=True)))
    assert [item.address[-1] for item in listing.items] == ["1", "3"]
    assert all(item.published is None for item in listing.items)  # GDELT says when it saw them
    assert listing.state is not None
    assert listing.state.cursor == NEWEST


def test_what_a_pass_missed_is_caught_up_with_and_a_gap_is_told(site: Any) -> None:
    publish(site, NEWEST, packed(row("https://a.example/3", "macron;putin")), newest=True)
    publish(site, "20260601113000", packed(row("https://a.example/2", "macron;putin")))
    address = site.url("/gdeltv2/lastupdate.txt")
    listing, _ = visit(
        GdeltFiles("gdelt", WANTED, address, delay_seconds=0), FetchState(cursor="20260601110000")
    )
    assert sorted(item.address[-1] for item in listing.items) == ["2", "3"]
    (missing,) = listing.failures  # 11:15 was never made
    assert missing.outcome is Outcome.REFUSED
    assert "20260601111500" in missing.item.address
    late, _ = visit(
        GdeltFiles("gdelt", WANTED, address, delay_seconds=0), FetchState(cursor="20260530000000")
    )
    assert "231 files of a quarter of an hour each were left out" in late.failures[0].detail
    assert sum("gkg" in one.path for one in site.asked) == 3 + MOST_FILES


def test_nothing_new_asks_for_no_file(site: Any) -> None:
    address = publish(site, NEWEST, packed(), newest=True)
    listing, _ = visit(GdeltFiles("gdelt", WANTED, address), FetchState(cursor=NEWEST))
    assert (listing.items, listing.failures) == ((), ())
    assert [one.path for one in site.asked] == ["/gdeltv2/lastupdate.txt"]


@pytest.mark.parametrize("broken", [b"no zip", packed()[:40], b""], ids=["no zip", "cut off", "empty"])
def test_a_broken_newest_file_is_a_failure_of_the_source(site: Any, broken: bytes) -> None:
    address = publish(site, NEWEST, broken, newest=True)
    assert "no zip file of one table" in str(refuse(GdeltFiles("gdelt", WANTED, address)))


def test_a_wrong_checksum_and_an_empty_lastupdate_are_named(site: Any) -> None:
    address = publish(site, NEWEST, packed(), newest=True)
    publish(site, NEWEST, packed(row("https://a.example/1", "macron;putin")))
    assert "checksum" in str(refuse(GdeltFiles("gdelt", WANTED, address)))
    site.serve("/gdeltv2/lastupdate.txt", body=b"")
    assert "names no .gkg.csv.zip file" in str(refuse(GdeltFiles("gdelt", WANTED, address)))


def test_the_search_lists_articles_and_says_when_it_is_asked_too_often(site: Any) -> None:
    found = {
        "articles": [{"url": "https://a.example/1", "title": "Call", "seendate": "20260601T100000Z"}, {}]
    }
    address = site.serve("/doc?query=Macron%20Putin", body=json.dumps(found).encode())
    source = GdeltSearch("search", "Macron Putin", site.url("/doc?query={query}"), delay_seconds=0)
    listing, _ = visit(source)
    assert [(item.address, item.title) for item in listing.items] == [("https://a.example/1", "Call")]
    site.serve("/doc?query=Macron%20Putin", body=b"Please limit requests to one every 5 seconds.")
    error = refuse(source)
    assert error.status == 429
    assert "Please limit requests" in str(error)
    assert address
    site.serve("/doc?query=Macron%20Putin", body=b"{}")
    assert visit(source)[0].items == ()
