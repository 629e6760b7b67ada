from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from domain.alert_message import message
from domain.alert_text import WordingError, packaged_wording, read_wording
from domain.alerts import Policy, Wants, decide
from domain.event_model import Alert, Event, Message, Report, Suppressed
from domain.events import resolve
from domain.model import Basis, Contact, Hold, Kind, Reason, Role, Status
from domain.people import DEFAULT_PAIR, load_people
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
                change,
                policy or Policy(),
                NAMES,
                now=NOW,
                watched_since=watched_since,
                events=events.values(),
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


def told_to(*reports: Report, wants: Wants) -> list[str]:
    """The reasons of the alerts that a channel takes."""
    told = tell(*reports, policy=Policy(wants=(wants,)))
    return [one.reason.value for one in told if isinstance(one, Alert) and "desk" in one.channels]


PLAN = contact(Kind.MEETING, Status.PLANNED, day("2025-07-10"))
HELD = contact(Kind.MEETING, Status.OCCURRED, day("2025-07-10"))


@pytest.mark.parametrize(
    ("wants", "expected"),
    [
        (Wants("desk"), ["new", "status"]),
        (Wants("desk", reasons=frozenset({Reason.NEW})), ["new"]),
        (Wants("desk", statuses=frozenset({Status.OCCURRED})), ["status"]),
        (Wants("desk", kinds=frozenset({Kind.PHONE_CALL})), []),
        (Wants("desk", languages=frozenset({"fr"})), ["status"]),
        (Wants("desk", independent=2), ["status"]),
        (Wants("desk", confidence=0.99), []),
    ],
)
def test_a_channel_takes_what_it_wants(wants: Wants, expected: list[str]) -> None:
    plan = report(PLAN, "one", language="en")
    held = report(HELD, "two", "2025-07-10T20:00:00+02:00", language="fr")
    assert told_to(plan, held, wants=wants) == expected


def test_a_channel_that_asks_for_two_sources_is_told_when_the_second_comes() -> None:
    reports = [report(CALL, name) for name in ("one", "two", "three")]
    assert told_to(*reports, wants=Wants("desk", independent=2)) == ["corroborated"]
    assert told_to(*reports, wants=Wants("desk", reasons=frozenset(Reason))) == ["new", "corroborated"]
    assert told_to(*reports, wants=Wants("desk")) == ["new"]


def test_a_channel_that_asks_to_be_sure_is_told_when_it_is() -> None:
    reports = [report(CALL, name) for name in ("one", "two", "three")]
    assert told_to(*reports, wants=Wants("desk", confidence=0.9)) == ["corroborated"]


def test_alerts_are_worded_in_french_too() -> None:
    claim = contact(Kind.MEETING, Status.PLANNED, day("2019-08-01"), place="Moscow", with_others=("Merkel",))
    policy = Policy(wording=packaged_wording("fr"))
    (alert,) = tell(report(claim, "one", "2019-07-28T12:00:00+02:00"), policy=policy)
    assert isinstance(alert, Alert)
    assert (
        alert.headline
        == "Annonce : rencontre entre Macron et Poutine à Moscou le 1er août 2019 (avec Merkel)"
    )
    assert "Pourquoi cette alerte : aucune alerte n'en a parlé jusqu'ici" in alert.body
    headlines = message(alert).payload["headlines"]
    assert headlines == {
        "en": "Planned: meeting of Macron and Putin in Moscow on 1 August 2019 (with Merkel)",
        "fr": alert.headline,
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[verb]", "[verbs]", r"\[verb\] needs phone_call"),
        ('"December",', "", "months must be a list of twelve names"),
        ("{% endif", "{% endfor", r"\[template\]"),
        ("{{ outlet }}", "{{ outlets }}", "cannot be filled: 'outlets' is undefined"),
        ("{{ a }}", "{{ a.__class__.__mro__ }}", "cannot be filled"),
        ("[who]", "[who", "not TOML"),
    ],
)
def test_a_wording_that_cannot_be_used_says_why(old: str, new: str, expected: str) -> None:
    text = (files("domain") / "wording" / "en.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(WordingError, match=expected):
        read_wording(text.replace(old, new))


def test_what_was_told_is_put_right_whatever_the_language_of_the_denial() -> None:
    denial = contact(Kind.MEETING, Status.CANCELLED, day("2025-07-01"))
    reports = [
        report(contact(Kind.MEETING, when=day("2025-07-01")), "one", language="fr"),
        report(denial, "two", "2025-07-01T23:00:00+02:00", language="ru"),
    ]
    assert told_to(*reports, wants=Wants("desk", languages=frozenset({"fr"}))) == ["new", "contradicted"]


def test_an_alert_names_the_contact_before_it_and_the_time_in_both_capitals() -> None:
    capitals = load_people().capitals_of(DEFAULT_PAIR)
    earlier = report(contact(when=day("2025-06-28"), kind=Kind.MEETING, place="Moscow"), "one")
    plan = report(contact(when=day("2025-06-30"), status=Status.PLANNED), "plan")
    later = report(CALL, "two")
    told = [
        one for one in tell(earlier, plan, later, policy=Policy(capitals=capitals)) if isinstance(one, Alert)
    ]
    assert "Last before" not in told[0].body
    assert "Last before: meeting in Moscow on 28 June 2025, 3 days before" in told[-1].body
    assert later.published is not None
    zones = ("Europe/Paris", "Europe/Moscow")
    paris, moscow = (f"{later.published.at.astimezone(ZoneInfo(zone)):%H:%M}" for zone in zones)
    assert f"; {paris} Paris, {moscow} Moscow)" in told[-1].body
