"""Every row of the newsroom's truth table is a test: the articles, their contacts, the events, the alerts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.model import Outcome
from flows.job import Tally
from tests.newsroom import label, rows, run_newsroom, serve, truth

TRUTH = truth()
ARTICLES = TRUTH["article"]


def name(row: dict[str, Any]) -> str:
    return str(row.get("address") or row.get("key") or f"{row['event']}/{row['reason']}")


@pytest.mark.parametrize("article", ARTICLES, ids=name)
def test_article_outcome(passed: tuple[Path, Tally], article: dict[str, Any]) -> None:
    if article["outcome"] == "repeated":  # counted, not stored item by item
        assert passed[1].outcomes[article["source"], Outcome.REPEATED] == 1
        return
    found = rows(passed[0], "select outcome from ops.item_end where address = ?", article["address"])
    assert [outcome for (outcome,) in found] == [article["outcome"]]


@pytest.mark.parametrize("article", ARTICLES, ids=name)
def test_article_contacts(passed: tuple[Path, Tally], article: dict[str, Any]) -> None:
    found = rows(
        passed[0],
        "select role, kind, status, date_from, date_to, date_precision, place from contacts where address = ?",
        article["address"],
    )
    got = sorted(
        (r, k, s, label(first, last, p) or "", place or "") for r, k, s, first, last, p, place in found
    )
    wanted = sorted(
        (c["role"], c["kind"], c["status"], c.get("date", ""), c.get("place", ""))
        for c in article.get("contact", ())
    )
    assert got == wanted


@pytest.mark.parametrize("event", TRUTH["event"], ids=name)
def test_event(passed: tuple[Path, Tally], event: dict[str, Any]) -> None:
    found = rows(
        passed[0],
        "select distinct e.event_id, e.kind, e.status, e.date_from, e.date_to, e.date_precision, e.place, "
        "e.reported_as from events e join contacts c on c.event_id = e.event_id where c.address = ? "
        "and e.kind = ? and e.status = ?",
        event["articles"][0],
        event["kind"],
        event["status"],
    )
    same_date = [row for row in found if label(*row[3:6]) == event.get("date")]
    assert len(same_date) == 1, f"of {found}"
    event_id, *_, place, reported_as = same_date[0]
    assert place == event.get("place")
    assert reported_as == event["reported_as"]
    told_by = rows(passed[0], "select distinct address from contacts where event_id = ?", event_id)
    assert sorted(address for (address,) in told_by) == sorted(event["articles"])
    history = rows(
        passed[0],
        "select distinct on (status_after) status_after from event_history where event_id = ?",
        event_id,
    )
    assert {status for (status,) in history} == set(event["history"])


def test_no_event_is_missing_or_doubled(passed: tuple[Path, Tally]) -> None:
    assert rows(passed[0], "select count(*) from events") == [(len(TRUTH["event"]),)]


@pytest.mark.parametrize("alert", TRUTH["alert"], ids=name)
def test_alert(passed: tuple[Path, Tally], alert: dict[str, Any]) -> None:
    event = next(event for event in TRUTH["event"] if event["key"] == alert["event"])
    found = rows(
        passed[0],
        "select reason, payload ->> '$.event.status' from alerts "
        "where address = ? and payload ->> '$.event.kind' = ? and reason = ?",
        alert["article"],
        event["kind"],
        alert["reason"],
    )
    assert found == [(alert["reason"], alert["status"])]


def test_no_alert_beyond_the_table(passed: tuple[Path, Tally]) -> None:
    assert len(passed[1].alerts) == len(TRUTH["alert"])


def test_every_item_ended_in_exactly_one_outcome(passed: tuple[Path, Tally]) -> None:
    home, tally = passed
    listed = sum(listing.items for listing in tally.listings)
    assert sum(tally.outcomes.values()) == listed
    stored = [article for article in ARTICLES if article["outcome"] != "repeated"]
    ended = rows(home, "select count(*), count(distinct address) from ops.item_end")
    assert ended == [(len(stored), len(stored))]


def test_a_second_pass_finds_nothing_and_tells_nobody(tmp_path: Path) -> None:
    with serve() as proxy:
        first = run_newsroom(tmp_path, proxy)
        before = rows(tmp_path, "select count(*) from articles")
        again = run_newsroom(tmp_path, proxy)
    assert first.alerts
    assert again.alerts == []
    assert again.delivered.sent == 0
    outcomes = {outcome.value for (_, outcome), n in again.outcomes.items() if n}
    assert outcomes <= {"known", "repeated", "fetch_failed"}
    assert rows(tmp_path, "select count(*) from articles") == before
