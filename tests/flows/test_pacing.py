"""When channels are told: digests, quiet hours, the rate cap. Nothing is ever dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.event_model import Message
from domain.model import Reason
from flows.pacing import Pace, Plan, digest_message, plan
from warehouse.batch import PendingDelivery

NOON = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)  # 14:00 in Paris
NIGHT = datetime(2025, 7, 1, 22, 30, tzinfo=UTC)  # 00:30 in Paris
QUIET = Pace(quiet=(time(22), time(7)))


def owed(number: int, at: datetime = NOON) -> PendingDelivery:
    alert = Message(
        alert_id=str(number),
        event_id="7",
        reason=Reason.NEW,
        created_at=at,
        headline=f"alert {number}",
        body="What: phone call",
        address="https://north.example/1",
        payload={"alert_id": str(number)},
    )
    return PendingDelivery(alert, "desk", 0)


def numbers(group: tuple[PendingDelivery, ...]) -> list[int]:
    return [int(one.message.alert_id) for one in group]


def test_without_a_pace_each_goes_out_at_once() -> None:
    made = plan(Pace(), [owed(1), owed(2)], NOON, 0)
    assert (numbers(made.single), made.digest, made.held) == ([1, 2], (), ())


def test_at_night_nothing_goes_out_and_in_the_morning_it_comes_as_one() -> None:
    late = [owed(1, NIGHT), owed(2, NIGHT + timedelta(hours=1))]
    assert numbers(plan(QUIET, late, NIGHT + timedelta(hours=2), 0).held) == [1, 2]
    morning = plan(QUIET, [*late, owed(3, NIGHT + timedelta(hours=8))], NIGHT + timedelta(hours=8), 0)
    assert (numbers(morning.single), numbers(morning.digest)) == ([3], [1, 2])


def test_quiet_hours_may_lie_within_a_day() -> None:
    siesta = Pace(quiet=(time(13), time(15)))
    assert numbers(plan(siesta, [owed(1)], NOON, 0).held) == [1]
    assert numbers(plan(siesta, [owed(1)], NOON + timedelta(hours=1), 0).single) == [1]


@pytest.mark.parametrize(
    ("pace", "due"),
    [
        (Pace(digest="hourly"), datetime(2025, 7, 1, 13, 0, tzinfo=UTC)),
        (Pace(digest="daily", digest_at=time(8)), datetime(2025, 7, 2, 6, 0, tzinfo=UTC)),
        (Pace(digest="daily", digest_at=time(18)), datetime(2025, 7, 1, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_digest_waits_for_its_time(pace: Pace, due: datetime) -> None:
    alerts = [owed(1, NOON + timedelta(minutes=5)), owed(2, NOON + timedelta(minutes=10))]
    assert numbers(plan(pace, alerts, due - timedelta(minutes=1), 0).held) == [1, 2]
    assert numbers(plan(pace, alerts, due, 0).digest) == [1, 2]


def test_the_surplus_of_an_hour_is_folded_into_its_last_message() -> None:
    cap = Pace(most_per_hour=3)
    made = plan(cap, [owed(n) for n in range(1, 7)], NOON, 0)
    assert (numbers(made.single), numbers(made.digest)) == ([1, 2], [3, 4, 5, 6])
    assert numbers(plan(cap, [owed(7)], NOON, 3).held) == [7]
    assert numbers(plan(cap, [owed(7)], NOON, 2).single) == [7]


PACES = st.builds(
    Pace,
    digest=st.sampled_from([None, "hourly", "daily"]),
    quiet=st.sampled_from([None, (time(22), time(7)), (time(1), time(2))]),
    most_per_hour=st.sampled_from([None, 1, 2, 5]),
)


@given(
    PACES,
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from([None, None, 7, 8])), max_size=12),
    st.integers(0, 3000),
    st.integers(0, 6),
)
def test_every_alert_is_sent_or_held_exactly_once(
    pace: Pace, ages: list[tuple[int, int | None]], now: int, sent: int
) -> None:
    """An age in minutes and the digest it was part of, if any, stand for an alert."""
    alerts = [
        replace(owed(n, NOON + timedelta(minutes=age)), digest_id=digest)
        for n, (age, digest) in enumerate(sorted(ages, key=lambda one: one[0]))
    ]
    made: Plan = plan(pace, alerts, NOON + timedelta(minutes=now), sent)
    again = tuple(one for digest in made.again for one in digest)
    assert sorted(numbers(made.single + made.digest + made.held + again)) == list(range(len(alerts)))
    for digest in made.again:
        whole = {one.message.alert_id for one in alerts if one.digest_id == digest[0].digest_id}
        assert {one.message.alert_id for one in digest} == whole, "a digest goes out again as it was"
    if pace.most_per_hour is not None and pace.digest is None and pace.quiet is None:
        going = len(made.again) + len(made.single) + bool(made.digest)
        assert sent + going <= max(pace.most_per_hour, sent)
    assert len(made.digest) != 1, "one alert is no digest"


def test_a_digest_holds_all_that_its_alerts_say_and_is_known_by_them() -> None:
    messages = [owed(1).message, owed(2).message]
    digest = digest_message(messages)
    assert digest.reason is Reason.DIGEST and digest.headline == "2 alerts: alert 1, ..."
    assert digest.body.count("What: phone call") == 2
    assert digest.payload["alerts"] == [{"alert_id": "1"}, {"alert_id": "2"}]
    assert digest.alert_id == digest_message(messages).alert_id != digest_message(messages[::-1]).alert_id
