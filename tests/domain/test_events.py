from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.event_match import match
from domain.event_model import Event, Report
from domain.events import resolve
from domain.identity import hash64
from domain.model import Basis, Kind, Precision, Role, Status, TimeOfDay
from tests.builders import contact, day, month, report, year

PAIR = "macron-putin"


def events_of(*reports: Report) -> list[Event]:
    """The events that result from reports in this order."""
    events: dict[int, Event] = {}
    for change in resolve(reports, (), PAIR):
        events[change.after.event_id] = change.after
    return list(events.values())


def test_two_articles_on_one_call_make_one_event() -> None:
    one = report(contact(when=day("2025-07-01")), "paris")
    two = report(contact(when=day("2025-07-01", Basis.WEEKDAY)), "moscow")
    (event,) = events_of(one, two)
    assert event.clusters == tuple(sorted([one.cluster_id, two.cluster_id]))
    assert event.confidence > 0.8


def test_a_call_told_the_next_day_joins_when_its_date_is_soft() -> None:
    told_next_day = contact(when=day("2025-07-02", Basis.PUBLICATION))
    (event,) = events_of(
        report(told_next_day, "late", "2025-07-02T08:00:00+02:00"),
        report(contact(when=day("2025-07-01")), "exact", "2025-07-02T09:00:00+02:00"),
    )
    assert event.date.label == "2025-07-01", "the explicit date replaces the day of publication"


def test_two_calls_on_two_explicit_days_stay_two() -> None:
    events = events_of(
        report(contact(when=day("2022-03-02")), "one"), report(contact(when=day("2022-03-03")), "two")
    )
    assert len(events) == 2


def at(clock: str, zone: str | None = None) -> TimeOfDay:
    hour, minute = clock.split(":")
    return TimeOfDay(60 * int(hour) + int(minute), zone)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (at("11:30"), at("21:00"), 2),
        (at("11:30"), at("14:00"), 1),  # without zones they may be an hour or two apart
        (at("18:00", "Europe/Paris"), at("19:00", "Europe/Moscow"), 1),
        (at("18:00", "Europe/Paris"), at("22:00", "Europe/Moscow"), 2),
        (at("18:00"), None, 1),
    ],
)
def test_calls_on_one_day_are_told_apart_by_the_clock(
    one: TimeOfDay, other: TimeOfDay | None, expected: int
) -> None:
    when = day("2025-07-01")
    events = events_of(
        report(contact(when=when, time=one), "one"), report(contact(when=when, time=other), "two")
    )
    assert len(events) == expected
    assert events[0].time == one


def test_a_meeting_is_told_by_any_of_its_hours_and_a_copy_keeps_to_its_origin() -> None:
    when = day("2025-07-01")
    noon, night = (contact(Kind.MEETING, when=when, time=at(clock)) for clock in ("12:00", "23:00"))
    assert len(events_of(report(noon, "one"), report(night, "two"))) == 1
    early, late = (contact(when=when, time=at(clock)) for clock in ("08:00", "23:00"))
    assert len(events_of(report(early, "one", cluster_id=7), report(late, "two", cluster_id=7))) == 1


def test_a_call_and_a_meeting_on_one_day_stay_two() -> None:
    events = events_of(
        report(contact(Kind.MEETING, when=day("2019-08-19")), "one"),
        report(contact(Kind.PHONE_CALL, when=day("2019-08-19")), "two"),
    )
    assert len(events) == 2


def test_an_unspecified_contact_is_refined_to_a_kind() -> None:
    (event,) = events_of(
        report(contact(Kind.UNSPECIFIED, when=day("2025-07-01")), "one"),
        report(contact(Kind.PHONE_CALL, when=day("2025-07-01")), "two"),
    )
    assert event.kind is Kind.PHONE_CALL


def test_a_letter_is_not_what_somebody_calls_contact() -> None:
    events = events_of(
        report(contact(Kind.MESSAGE, when=day("2022-04-25")), "one"),
        report(contact(Kind.UNSPECIFIED, when=day("2022-04-25")), "two"),
    )
    assert len(events) == 2


def test_a_plan_that_is_kept_is_one_event() -> None:
    plan = contact(Kind.MEETING, Status.PLANNED, day("2019-08-19"), place="Brégançon")
    held = contact(Kind.MEETING, Status.OCCURRED, day("2019-08-19", Basis.PUBLICATION), place="Brégançon")
    (event,) = events_of(
        report(plan, "plan", "2019-07-28T12:00:00+02:00"), report(held, "held", "2019-08-19T22:00:00+02:00")
    )
    assert event.status is Status.OCCURRED


def test_a_plan_without_a_date_is_kept_within_a_month_only() -> None:
    plan = report(contact(Kind.MEETING, Status.PLANNED), "plan", "2019-08-01T12:00:00+02:00")
    soon = report(contact(Kind.MEETING, when=day("2019-08-19")), "held", "2019-08-19T22:00:00+02:00")
    late = report(contact(Kind.MEETING, when=day("2019-12-09")), "held", "2019-12-09T22:00:00+01:00")
    assert len(events_of(plan, soon)) == 1
    assert len(events_of(plan, late)) == 2


def test_a_held_meeting_does_not_become_planned_again() -> None:
    held = contact(Kind.MEETING, when=day("2019-08-19"))
    plan = contact(Kind.MEETING, Status.PLANNED, day("2019-08-19"))
    (event,) = events_of(report(held, "held"), report(plan, "late plan"))
    assert event.status is Status.OCCURRED


def test_a_planned_visit_is_called_off() -> None:
    plan = contact(Kind.MEETING, Status.PLANNED, day("2021-10-05"), place="Paris")
    off = contact(Kind.MEETING, Status.CANCELLED, day("2021-10-05"), place="Paris")
    (event,) = events_of(
        report(plan, "plan", "2021-09-20T12:00:00+02:00"), report(off, "off", "2021-10-01T12:00:00+02:00")
    )
    assert event.status is Status.CANCELLED


def test_a_denial_is_not_joined_to_the_call_of_some_days_later() -> None:
    denial = contact(status=Status.DECLINED)
    call = contact(when=day("2022-09-28"))
    events = events_of(
        report(denial, "no", "2022-09-23T12:00:00+03:00"), report(call, "yes", "2022-09-28T20:00:00+02:00")
    )
    assert [event.status for event in events] == [Status.DECLINED, Status.OCCURRED]


def test_one_article_never_joins_one_event_twice() -> None:
    claims = [contact(when=day("2017-07-08")), contact(when=day("2017-07-08"), with_others=("Merkel",))]
    assert len(events_of(*(report(claim, "one") for claim in claims))) == 2


def test_other_participants_decide_between_two_meetings_of_one_day() -> None:
    alone = contact(Kind.MEETING, when=day("2017-07-08"))
    with_merkel = contact(Kind.MEETING, when=day("2017-07-08"), with_others=("Merkel",))
    changes = resolve(
        [
            report(alone, "one"),
            report(with_merkel, "one"),
            report(with_merkel, "two"),
            report(alone, "three"),
        ],
        (),
        PAIR,
    )
    ids = [change.after.event_id for change in changes]
    assert ids[2] == ids[1]
    assert ids[3] == ids[0]


def test_a_recap_joins_by_month_and_place() -> None:
    held = contact(Kind.MEETING, when=day("2017-05-29"), place="Versailles")
    recap = contact(Kind.MEETING, when=month("2017-05"), role=Role.BACKGROUND, place="Versailles")
    (event,) = events_of(report(held, "held"), report(recap, "recap", "2018-05-24T12:00:00+02:00"))
    assert event.date.label == "2017-05-29"
    assert event.reported_as is Role.MAIN


def test_a_recap_of_a_year_with_two_meetings_joins_neither() -> None:
    first = contact(Kind.MEETING, when=day("2018-05-24"))
    second = contact(Kind.MEETING, when=day("2018-07-15"))
    recap = contact(Kind.MEETING, when=year("2018"), role=Role.BACKGROUND)
    events = events_of(report(first, "one"), report(second, "two"), report(recap, "recap"))
    assert len(events) == 3
    assert events[2].date.precision is Precision.YEAR


def test_different_places_keep_meetings_apart() -> None:
    one = contact(Kind.MEETING, when=month("2018-07"), place="Moscow")
    two = contact(Kind.MEETING, when=month("2018-07"), place="Paris")
    assert len(events_of(report(one, "one"), report(two, "two"))) == 2


def test_an_outlet_that_errs_about_the_place_tells_no_second_meeting() -> None:
    right = contact(Kind.MEETING, when=day("2019-08-19"), place="Brégançon")
    wrong = contact(Kind.MEETING, when=day("2019-08-19"), place="Paris")
    (event,) = events_of(report(right, "one"), report(wrong, "two"))
    assert event.place == "Brégançon"


def test_the_score_names_its_parts() -> None:
    first = report(contact(when=day("2025-07-01")), "one")
    (change,) = resolve([first], (), PAIR)
    found = match(report(contact(when=day("2025-07-01")), "two"), change.after)
    assert found is not None
    assert found.score == 80
    assert found.why == "80 points: both leaders 40, same kind +20, same day +20"


def test_event_ids_are_stable_and_independent_of_the_clock() -> None:
    claim = contact(when=day("2025-07-01"))
    (event,) = events_of(report(claim, "one"))
    assert event.event_id == hash64("event", PAIR, report(claim, "one").contact_id)


STATUSES = st.sampled_from([Status.PLANNED, Status.OCCURRED, Status.PROPOSED, Status.CANCELLED])
CLAIMS = st.builds(
    contact,
    kind=st.sampled_from([Kind.PHONE_CALL, Kind.MEETING, Kind.UNSPECIFIED]),
    status=STATUSES,
    when=st.sampled_from(
        [day("2022-03-01"), day("2022-03-02", Basis.PUBLICATION), month("2022-03"), year("2022")]
    ),
    role=st.sampled_from(list(Role)),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(CLAIMS, max_size=8))
def test_in_one_go_or_one_by_one_is_the_same(claims: list[object]) -> None:
    reports = [report(claim, f"article {n}") for n, claim in enumerate(claims)]  # type: ignore[arg-type]
    at_once = {event.event_id: event for event in events_of(*reports)}
    known: dict[int, Event] = {}
    for one in reports:
        for change in resolve([one], tuple(known.values()), PAIR):
            known[change.after.event_id] = change.after
    assert known == at_once


@settings(deadline=None, max_examples=50)
@given(st.lists(CLAIMS, max_size=6))
def test_telling_everything_again_makes_no_new_event(claims: list[object]) -> None:
    reports = [report(claim, f"article {n}") for n, claim in enumerate(claims)]  # type: ignore[arg-type]
    exact = [one for one in reports if one.contact.date.precision is Precision.DAY]
    before = events_of(*exact)
    again = resolve(exact, before, PAIR)
    assert {change.after.event_id for change in again} <= {event.event_id for event in before}
