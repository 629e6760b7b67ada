"""WARC files: those of archives, our own, and damaged ones."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from connectors.sources.warc import Warc
from domain.model import Item, Outcome
from domain.people import DEFAULT_PAIR, names_both
from tests.connectors.listing import miss, refuse, visit

WANTED = names_both(DEFAULT_PAIR)
PAGE = "<html><body><p>Macron a appelé Poutine.</p></body></html>".encode()


def write(path: Path, *pages: tuple[str, bytes, str, str], packed: bool = True) -> None:
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for address, body, status, kind in pages:
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address, "response", payload=BytesIO(body), length=len(body), http_headers=headers
                )
            )


@pytest.mark.parametrize("packed", [True, False])
def test_pages_that_name_both_are_listed_and_read_again(tmp_path: Path, packed: bool) -> None:
    write(
        tmp_path / ("a.warc.gz" if packed else "a.warc"),
        ("https://paper.example/1", PAGE, "200 OK", "text/html; charset=utf-8"),
        ("https://paper.example/2", b"<p>Macron alone</p>", "200 OK", "text/html"),
        ("https://paper.example/3", PAGE, "404 Not Found", "text/html"),
        ("https://paper.example/4", PAGE, "200 OK", "image/png"),
        ("dns:paper.example", PAGE, "200 OK", "text/html"),
        ("https://paper.example/5", PAGE + b"<!-- 5 -->", "200 OK", "text/html"),
        packed=packed,
    )
    listing, captures = visit(Warc("archive", tmp_path, WANTED, "fr"), fetch=[0, 1])
    assert [item.address[-1] for item in listing.items] == ["1", "5"]
    assert captures[0].body == PAGE
    assert (captures[0].media_type, captures[0].charset) == ("text/html", "utf-8")
    assert captures[1].body.endswith(b"<!-- 5 -->")
    assert listing.failures == ()


def test_a_damaged_file_is_read_up_to_the_damage_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "cut.warc.gz"
    write(path, *[(f"https://paper.example/{n}", PAGE, "200 OK", "text/html") for n in range(3)])
    path.write_bytes(path.read_bytes()[:-80] + b"\0" * 80)
    write(tmp_path / "whole.warc.gz", ("https://paper.example/9", PAGE, "200 OK", "text/html"))
    (tmp_path / "noise.warc.gz").write_bytes(gzip.compress(b"no warc at all\r\n\r\n"))
    listing, _ = visit(Warc("archive", tmp_path, WANTED))
    assert {"https://paper.example/0", "https://paper.example/9"} <= {item.address for item in listing.items}
    assert {failure.outcome for failure in listing.failures} == {Outcome.EXTRACT_FAILED}
    assert any("noise.warc.gz" in failure.detail for failure in listing.failures)


def test_a_folder_without_archives_and_an_unknown_item_are_errors(tmp_path: Path) -> None:
    assert "no .warc" in str(refuse(Warc("archive", tmp_path, WANTED)))
    assert "not part of the last listing" in str(
        miss(Warc("archive", tmp_path, WANTED), Item("archive", "https://x.example/", "f"))
    )
