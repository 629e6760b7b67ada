"""States of sources: every one of them, the gravest first, and who is told when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.health import Finding, Health, HealthChange, Shares, SourceFacts, judge
from domain.notices import notice

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
FINE = SourceFacts(
    slug="paper",
    last_success_at=NOW,
    failures_in_a_row=0,
    last_error="",
    last_status=None,
    listed_items=30,
    usual_items=30,
    last_new_at=NOW - timedelta(hours=1),
    new_per_day=20,
    lately=Shares(20),
    before=Shares(200),
)


def state(**changes: object) -> Health:
    return judge(replace(FINE, **changes), NOW).state


def test_a_source_that_does_as_it_always_did_is_ok() -> None:
    assert judge(FINE, NOW) == Finding("paper", Health.OK, "", FINE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"failures_in_a_row": 1, "last_error": "no answer"}, Health.DEGRADED),
        ({"failures_in_a_row": 3, "last_error": "no answer"}, Health.FAILING),
        ({"failures_in_a_row": 1, "last_error": "no answer", "last_success_at": None}, Health.FAILING),
        ({"failures_in_a_row": 1, "last_error": "answered 403", "last_status": 403}, Health.BLOCKED),
        ({"failures_in_a_row": 1, "last_error": "robots.txt forbids it to robots"}, Health.BLOCKED),
        ({"listed_items": 0}, Health.DEGRADED),
        ({"listed_items": 0, "usual_items": 2}, Health.OK),
        ({"lately": Shares(20, refused=0.9)}, Health.BLOCKED),
        ({"lately": Shares(20, without_text=0.8)}, Health.DEGRADED),
        ({"lately": Shares(20, without_date=0.5)}, Health.DEGRADED),
        ({"lately": Shares(4, without_text=1.0)}, Health.OK),  # too few to tell
        ({"last_new_at": NOW - timedelta(days=3)}, Health.QUIET),
        ({"last_new_at": NOW - timedelta(days=3), "new_per_day": 1}, Health.OK),
        ({"last_new_at": NOW - timedelta(days=9), "new_per_day": 1}, Health.QUIET),
        ({"last_new_at": NOW - timedelta(days=1)}, Health.OK),  # nobody calls a day of rest an outage
        ({"last_new_at": None, "new_per_day": 0}, Health.OK),
    ],
)
def test_each_state(changes: dict[str, object], expected: Health) -> None:
    found = judge(replace(FINE, **changes), NOW)
    assert found.state is expected
    assert bool(found.detail) == (expected is not Health.OK)


def test_a_change_of_layout_is_told_from_what_always_was_so() -> None:
    broken = replace(FINE, lately=Shares(20, without_text=0.9), before=Shares(200, without_text=0.1))
    assert "has its layout changed" in judge(broken, NOW).detail
    always = replace(FINE, lately=Shares(20, without_text=0.9), before=Shares(200, without_text=0.85))
    assert "has its layout changed" not in judge(always, NOW).detail


def test_operators_are_told_once_of_trouble_and_once_of_its_end() -> None:
    told = Health.OK
    said = []
    passing = Finding("paper", Health.DEGRADED, "no answer", FINE, passing=True)
    failing = Finding("paper", Health.FAILING, "no answer", FINE)
    blocked = Finding("paper", Health.BLOCKED, "answered 403", FINE)
    fine = Finding("paper", Health.OK, "", FINE)
    for found in (fine, passing, fine, passing, failing, failing, blocked, passing, fine, fine):
        if found.to_be_told(told):
            said.append(found.state)
            told = found.state
    assert said == [Health.FAILING, Health.OK]


def test_a_notice_says_what_where_and_what_to_do() -> None:
    change = HealthChange(Finding("paper", Health.BLOCKED, "answered 403 Forbidden", FINE), Health.OK, NOW)
    said = notice(change)
    assert said.headline == "Source paper blocks us"
    assert "answered 403 Forbidden" in said.body
    assert (said.payload["source"], said.payload["state"]) == ("paper", "blocked")
    assert notice(change).alert_id == said.alert_id
    assert (
        "is seen again"
        in notice(HealthChange(Finding("paper", Health.OK, "", FINE), Health.BLOCKED, NOW)).headline
    )
