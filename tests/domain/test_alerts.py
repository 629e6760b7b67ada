from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.alert_message import message
from domain.alerts import Policy, decide
from domain.event_model import Alert, Event, Message, Report, Suppressed
from domain.events import resolve
from domain.model import Basis, Contact, Hold, Kind, Reason, Role, Status
from tests.builders import contact, day, report

NOW = datetime(2025, 7, 1, 20, 0, tzinfo=UTC)
NAMES = ("Macron", "Putin")


def tell(
    *reports: Report, watched_since: datetime | None = None, policy: Policy | None = None
) -> list[Alert | Suppressed]:
    """What the users hear, report by report."""
    events: dict[int, Event] = {}
    told: list[Alert | Suppressed] = []
    for one in reports:
        for change in resolve([one], tuple(events.values()), "macron-putin"):
            event, alert, held = decide(
                change, policy or Policy(), NAMES, now=NOW, watched_since=watched_since
            )
            events[event.event_id] = event
            assert (alert is None) != (held is None), "either an alert or a reason for silence"
            told.append(alert or held)  # type: ignore[arg-type]
    return told


def holds(told: list[Alert | Suppressed]) -> list[object]:
    return [one.hold if isinstance(one, Suppressed) else one.reason for one in told]


CALL = contact(when=day("2025-07-01"))


def test_a_new_event_is_told_once() -> None:
    assert holds(tell(report(CALL, "one"), report(CALL, "two"))) == [Reason.NEW, Hold.ALREADY_TOLD]


def test_a_copy_is_named_as_the_reason_for_silence() -> None:
    first = report(CALL, "one")
    copy = replace(report(CALL, "two"), cluster_id=first.cluster_id)
    assert holds(tell(first, copy)) == [Reason.NEW, Hold.COPY]


def test_background_never_alerts_but_its_event_does_when_it_becomes_news() -> None:
    passing = contact(when=day("2025-07-01"), role=Role.BACKGROUND)
    assert holds(tell(report(passing, "one"), report(CALL, "two"))) == [Hold.RECAP, Reason.NEW]


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.DECLINED])
def test_wishes_and_refusals_are_recorded_only(status: Status) -> None:
    assert holds(tell(report(contact(status=status), "one"))) == [Hold.STATUS_OFF]


def test_a_plan_is_told_and_told_again_when_it_is_kept() -> None:
    plan = contact(Kind.MEETING, Status.PLANNED, day("2025-07-10"))
    held = contact(Kind.MEETING, Status.OCCURRED, day("2025-07-10"))
    told = tell(report(plan, "one"), report(held, "two", "2025-07-10T20:00:00+02:00"))
    assert holds(told) == [Reason.NEW, Reason.STATUS]
    assert len({one.alert_id for one in told if isinstance(one, Alert)}) == 2


def test_a_plan_is_told_and_told_again_when_it_is_called_off() -> None:
    plan = contact(Kind.MEETING, Status.PLANNED, day("2025-07-10"))
    off = contact(Kind.MEETING, Status.CANCELLED, day("2025-07-10"))
    assert holds(tell(report(plan, "one"), report(off, "two"))) == [Reason.NEW, Reason.CANCELLED]


@pytest.mark.parametrize(("age", "expected"), [(7, Reason.NEW), (8, Hold.STALE)])
def test_freshness_is_counted_from_the_article_not_from_the_clock(age: int, expected: object) -> None:
    when = NOW.date() - timedelta(days=age)
    old = contact(when=day(when.isoformat()))
    assert holds(tell(report(old, "one", "2025-07-01T20:00:00+00:00"))) == [expected]


def test_the_first_pass_over_a_feed_tells_only_the_last_two_days() -> None:
    old = report(contact(when=day("2025-06-28", Basis.PUBLICATION)), "one", "2025-06-28T20:00:00+00:00")
    new = report(CALL, "two", "2025-07-01T18:00:00+00:00")
    assert holds(tell(old, new, watched_since=NOW)) == [Hold.FIRST_PASS, Reason.NEW]


def test_what_nobody_can_date_is_not_called_news() -> None:
    assert holds(tell(report(contact(), "one", None))) == [Hold.UNDATED]


def test_an_alert_can_be_traced_to_words_rule_and_time() -> None:
    (alert,) = tell(report(CALL, "one"))
    assert isinstance(alert, Alert)
    sent = message(alert)
    assert isinstance(sent, Message)
    assert sent.headline == "Macron and Putin spoke by phone on 1 July 2025"
    for part in ("“words”", "Rule: test", "https://one.example/1", "parley explain", "as the text says"):
        assert part in sent.body
    assert sent.payload["evidence"] == {
        "field": "text",
        "start": 0,
        "end": 5,
        "quote": "words",
        "rule": "test",
    }
    assert sent.alert_id == sent.payload["alert_id"] == str(alert.alert_id)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (
            contact(Kind.MEETING, Status.PLANNED, day("2019-08-19"), place="Brégançon"),
            "Planned: meeting of Macron and Putin in Brégançon on 19 August 2019",
        ),
        (
            contact(Kind.VIDEO_CALL, when=day("2021-03-30"), with_others=("Merkel",)),
            "Macron and Putin spoke by video link on 30 March 2021 (with Merkel)",
        ),
        (contact(Kind.MEETING, Status.CANCELLED), "Called off: meeting of Macron and Putin"),
    ],
)
def test_headlines(claim: Contact, expected: str) -> None:
    (alert,) = tell(report(claim, "one", "2019-08-19T12:00:00+02:00"))
    assert isinstance(alert, Alert)
    assert alert.headline == expected
