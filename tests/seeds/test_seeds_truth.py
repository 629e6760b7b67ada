"""The truth table of the newsroom agrees with its files, its feeds and the rules for alerts."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, date, datetime, time
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from domain.identity import canonical_address
from domain.model import Kind, Outcome, Reason, Role, Status
from tests.seeds.seeds_support import SEEDS, SITE, WITH_TEXT, load_truth, page_of, text_of

TRUTH = load_truth()
ARTICLES = TRUTH["article"]
EVENTS = {e["key"]: e for e in TRUTH["event"]}
WATCH = tomllib.loads((SEEDS / "watch.toml").read_text(encoding="utf-8"))
FEEDS = {s["slug"]: s["address"] for s in WATCH["source"] if s["kind"] == "feed"}
ATOM = "{http://www.w3.org/2005/Atom}"


def _instant(published: date | datetime) -> datetime:
    return published if isinstance(published, datetime) else datetime.combine(published, time(12), UTC)


def _links(slug: str) -> list[tuple[str, str | None]]:
    """What a feed lists: addresses, resolved, with the date as it stands there."""
    root = ElementTree.fromstring(page_of(FEEDS[slug]).read_bytes())
    if root.tag == "rss":
        found = [(i.findtext("link") or "", i.findtext("pubDate")) for i in root.iter("item")]
    else:
        entries = list(root.iter(f"{ATOM}entry"))
        found = [(e.find(f"{ATOM}link").attrib["href"], e.findtext(f"{ATOM}published")) for e in entries]
    return [(urljoin(FEEDS[slug], link), published) for link, published in found]


def test_words_come_from_the_closed_lists():
    for article in ARTICLES:
        assert article["outcome"] in set(Outcome)
        for c in article.get("contact", []):
            assert c["kind"] in set(Kind) and c["status"] in set(Status) and c["role"] in set(Role)
    for alert in TRUTH["alert"]:
        assert alert["reason"] in set(Reason)
        assert alert["event"] in EVENTS


def test_articles_stand_in_order_of_publication_the_undated_last():
    listed = [a for a in ARTICLES if a["outcome"] in WITH_TEXT]
    dated = [_instant(a["published"]) for a in listed if "published" in a]
    assert dated == sorted(dated)
    assert ["published" in a for a in listed] == [True] * len(dated) + [False] * (len(listed) - len(dated))
    assert len({a["address"] for a in ARTICLES}) == len(ARTICLES)


def test_each_article_is_where_the_truth_says():
    for article in ARTICLES:
        if "file" in article:
            assert (SEEDS / article["file"]).is_file(), article["address"]
        elif article["outcome"] == "fetch_failed":
            assert not page_of(article["address"]).exists()
        else:
            assert page_of(article["address"]).is_file(), article["address"]
        if article["outcome"] == "repeated":
            twins = [a for a in ARTICLES if a["address"] == canonical_address(article["address"])]
            assert [t["outcome"] for t in twins] == ["stored"]


def test_nothing_of_the_newsroom_is_missing_from_the_truth():
    pages = {page_of(a["address"]) for a in ARTICLES if "file" not in a and a["outcome"] != "fetch_failed"}
    fronts = {SITE / folder.name / "index.html" for folder in SITE.iterdir()}
    assert pages == set(SITE.rglob("*.html")) - fronts
    files = [a["file"] for a in ARTICLES if "file" in a]
    texts = [f"dumps/{f.name}" for f in (SEEDS / "dumps").glob("*.txt")]
    lines = (SEEDS / "dumps" / "archive.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(files) == sorted(texts + ["dumps/archive.jsonl"] * len(lines))


@pytest.mark.parametrize("slug", sorted(FEEDS))
def test_a_feed_lists_the_articles_of_its_source(slug):
    links = _links(slug)
    assert sorted(link for link, _ in links) == sorted(a["address"] for a in ARTICLES if a["source"] == slug)
    assert all(urlsplit(link).hostname == urlsplit(FEEDS[slug]).hostname for link, _ in links)


def test_what_was_published_when_is_said_by_the_feed_or_else_by_the_page():
    listed = {link: published for slug in FEEDS for link, published in _links(slug)}
    by_page = []
    for article in ARTICLES:
        if "file" in article or article["outcome"] == "fetch_failed":
            continue
        page, stamp = text_of(page_of(article["address"])), article.get("published")
        if stamp is None:
            assert listed[article["address"]] is None
            assert re.search(r"(19|20)\d\d", page) is None, "a page nobody dates must hold no year"
            continue
        assert stamp.isoformat() in page
        said = listed[article["address"]]
        if said is None:
            by_page.append(article["address"])
            assert "article:published_time" in page and "datePublished" not in page
        else:
            assert f"{stamp:%d %b %Y %H:%M:%S %z}" in said or stamp.isoformat() == said
    assert len(by_page) == 1


def test_dumps_are_dated_by_the_manifest_or_by_their_line():
    manifest = tomllib.loads((SEEDS / "dumps" / "manifest.toml").read_text(encoding="utf-8"))["article"]
    said = {row.get("url", f"folder://dumps/{row['file']}"): row["published"] for row in manifest}
    for line in (SEEDS / "dumps" / "archive.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said[row["url"]] = datetime.fromisoformat(row["published"])
    assert said == {a["address"]: a["published"] for a in ARTICLES if "file" in a}


def test_the_archive_page_is_really_windows_1251_and_says_so_only_in_its_meta_tag():
    odd = [p for p in SITE.rglob("*.html") if b"windows-1251" in p.read_bytes()]
    assert len(odd) == 1
    with pytest.raises(UnicodeDecodeError):
        odd[0].read_bytes().decode("utf-8")
    assert "Версаль" in odd[0].read_bytes().decode("windows-1251")


def test_events_are_what_the_contacts_of_their_articles_add_up_to():
    found: dict[str, list[tuple[str, dict]]] = {}
    for article in ARTICLES:
        for contact in article.get("contact", []):
            found.setdefault(contact["event"], []).append((article["address"], contact))
    assert set(found) == set(EVENTS)
    for key, event in EVENTS.items():
        contacts = [c for _, c in found[key]]
        assert event["articles"] == [address for address, _ in found[key]]
        history = [
            c["status"] for n, c in enumerate(contacts) if n == 0 or contacts[n - 1]["status"] != c["status"]
        ]
        assert event["history"] == history
        assert event["status"] == history[-1]
        assert event["reported_as"] == (
            "main" if any(c["role"] == "main" for c in contacts) else "background"
        )
        for c in contacts:
            assert event["kind"] == c["kind"]
            assert event.get("place") == c.get("place")
            assert event.get("with_others") == c.get("with_others")
            assert event.get("date", "").startswith(c.get("date", ""))


def test_alerts_follow_from_the_contacts_by_the_rules():
    told: dict[str, str] = {}
    alerts = []
    for article in ARTICLES:
        for contact in article.get("contact", []) if article["outcome"] == "stored" else []:
            key, status = contact["event"], contact["status"]
            if contact["role"] != "main" or status not in ("occurred", "planned", "cancelled"):
                continue
            day = contact.get("date", "")
            if len(day) == 10 and (_instant(article["published"]).date() - date.fromisoformat(day)).days > 7:
                continue
            if told.get(key) == status:
                continue
            reason = "new" if key not in told else "cancelled" if status == "cancelled" else "status"
            alerts.append({"event": key, "reason": reason, "status": status, "article": article["address"]})
            told[key] = status
    assert alerts == TRUTH["alert"]
    assert {a["reason"] for a in alerts} == {"new", "status", "cancelled"}


def test_copies_name_their_origin():
    origins = {a["address"]: a["outcome"] for a in ARTICLES}
    copies = [a for a in ARTICLES if a["outcome"] == "copy"]
    assert len(copies) == 2
    assert {origins[a["copy_of"]] for a in copies} == {"stored"}
