"""The promised views, each on data that would show it wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.event_model import Change, Suppressed
from domain.model import NO_DATE, DateSpan, Hold, Kind, Outcome, Precision, Published, Role, Status
from tests.warehouse.warehouse_builders import (
    NOW,
    call_batch,
    day,
    hours,
    load_article,
    make_article,
    make_batch,
    make_contact,
    make_event,
    make_item,
    make_link,
    make_report,
    make_run,
)
from warehouse.batch import ItemEnd, ListingEnd, OutcomeCount, RunFinish
from warehouse.query import query
from warehouse.store import Warehouse


def rows_of(warehouse: Warehouse, sql: str, *params: object) -> list[tuple[Any, ...]]:
    """Publish, then query."""
    warehouse.publish()
    return query(warehouse.home, sql, params).rows


def tell(
    warehouse: Warehouse, name: str, event: Any, *, before: Any = None, article: Any = None, **contact: Any
) -> None:
    """Load an article ``name`` with one contact that makes or joins this event."""
    loaded = load_article(article or make_article(name), make_contact(**contact))
    change = Change(make_report(loaded), before, event, None if before is None else 80, "why")
    warehouse.load(make_batch(loaded, changes=(change,)))


class TestEvents:
    def test_copies_count_once_also_after_clusters_were_merged(self, warehouse: Warehouse) -> None:
        event = make_event()
        loaded = [load_article(make_article(f"a{n}"), make_contact(), cluster_id=n) for n in (1, 2, 3, 3)]
        loaded[3] = replace(loaded[3], article=make_article("a4"), contact_ids=(4,))
        changes = tuple(Change(make_report(one), event, event, 80, "joined") for one in loaded)
        warehouse.load(make_batch(*loaded, changes=changes))
        sql = "SELECT article_count, independent_count FROM events"
        assert rows_of(warehouse, sql) == [(4, 3)]
        warehouse.load(make_batch(cluster_merges=((1, 2),)))
        assert rows_of(warehouse, sql) == [(4, 2)]

    def test_an_article_with_two_contacts_of_one_event_counts_once(self, warehouse: Warehouse) -> None:
        event = make_event()
        loaded = load_article(make_article("a"), make_contact(), make_contact(kind=Kind.UNSPECIFIED))
        changes = tuple(Change(make_report(loaded, n), event, event, 80, "joined") for n in (0, 1))
        warehouse.load(make_batch(loaded, changes=changes))
        assert rows_of(warehouse, "SELECT article_count, independent_count FROM events") == [(1, 1)]

    @pytest.mark.parametrize(
        ("kind", "status", "others", "expected"),
        [
            (Kind.PHONE_CALL, Status.OCCURRED, (), ("041", "CONSULT", "phone")),
            (Kind.VIDEO_CALL, Status.OCCURRED, ("scholz",), ("041", "CONSULT", "phone")),
            (Kind.MEETING, Status.OCCURRED, (), ("040", "CONSULT", None)),
            (Kind.MEETING, Status.OCCURRED, ("scholz",), ("040", "CONSULT", "multilateral")),
            (Kind.MESSAGE, Status.OCCURRED, (), ("040", "CONSULT", None)),
            (Kind.UNSPECIFIED, Status.OCCURRED, (), ("040", "CONSULT", None)),
            (Kind.MEETING, Status.PLANNED, (), ("036", "AGREE", "meet")),
            (Kind.PHONE_CALL, Status.PROPOSED, (), ("036", "REQUEST", "meet")),
            (Kind.MEETING, Status.CANCELLED, (), ("125", "REJECT", "meet")),
            (Kind.PHONE_CALL, Status.DECLINED, (), ("125", "REJECT", "meet")),
        ],
    )
    def test_codes(
        self,
        warehouse: Warehouse,
        kind: Kind,
        status: Status,
        others: tuple[str, ...],
        expected: tuple[str, ...],
    ) -> None:
        tell(warehouse, "a", make_event(kind=kind, status=status, with_others=others))
        assert rows_of(warehouse, "SELECT cameo_code, plover_type, plover_mode FROM events") == [expected]


class TestHistory:
    def test_only_changes_that_alter_something_are_told(self, warehouse: Warehouse) -> None:
        planned = make_event(status=Status.PLANNED, place="Paris", date=NO_DATE)
        held = replace(planned, status=Status.OCCURRED, date=day("2025-07-01"))
        tell(warehouse, "a", planned)
        tell(warehouse, "b", replace(planned, confidence=0.99, clusters=(1, 2)), before=planned)
        tell(warehouse, "c", held, before=planned)
        sql = "SELECT what, status_before, status_after, date_to_before, date_to_after, place_before, place_after, "
        sql += "split_part(address, '/', -1) FROM event_history ORDER BY changed_at, position, what DESC"
        assert sorted(rows_of(warehouse, sql)) == [
            ("new", None, "planned", None, None, None, "Paris", "a"),
            ("status, date", "planned", "occurred", None, date(2025, 7, 1), "Paris", "Paris", "c"),
        ]


class TestSources:
    def test_health(self, warehouse: Warehouse) -> None:
        ups_and_downs = {"wire": [None, "HTTP 500", None, "HTTP 503", "timeout"], "notes": ["down", "down"]}
        for number in range(5):
            warehouse.begin_run(make_run(number + 1, started_at=hours(number)))
            listings = tuple(
                ListingEnd(source, hours(number), error=errors[number])
                for source, errors in ups_and_downs.items()
                if number < len(errors)
            )
            warehouse.finish_run(RunFinish(number + 1, hours(number), "done", listings=listings))
        warehouse.load(make_batch(load_article(make_article("a")), load_article(make_article("b"))))
        sql = "SELECT slug, last_listed_at, last_success_at, consecutive_failures, last_error, articles FROM sources"
        assert rows_of(warehouse, f"{sql} ORDER BY slug") == [
            ("notes", hours(1), None, 2, "down", 0),
            ("wire", hours(4), hours(2), 2, "timeout", 2),
        ]

    def test_a_source_never_listed_is_shown(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run())
        sql = "SELECT slug, last_listed_at, consecutive_failures, articles, newest_article_at FROM sources"
        assert rows_of(warehouse, f"{sql} ORDER BY slug") == [
            ("notes", None, 0, 0, None),
            ("wire", None, 0, 0, None),
        ]


class TestRuns:
    def test_every_outcome_is_a_column_and_every_item_is_counted_once(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run())
        counted = (Outcome.KNOWN, Outcome.REPEATED)
        ends = tuple(
            ItemEnd(make_item(f"{outcome}-{number}"), outcome)
            for position, outcome in enumerate(Outcome)
            if outcome not in counted
            for number in range(position + 1)
        )
        warehouse.load(make_batch(ends=ends))
        counts = tuple(OutcomeCount("wire", outcome, 100) for outcome in counted)
        warehouse.finish_run(RunFinish(1, NOW, "done", counts=counts))
        columns = ", ".join(f'"{outcome.value}"' for outcome in Outcome)
        expected = tuple(100 if outcome in counted else n + 1 for n, outcome in enumerate(Outcome))
        assert rows_of(warehouse, f"SELECT {columns} FROM runs") == [expected]
        ((items, outcomes),) = rows_of(warehouse, "SELECT items, outcomes FROM runs")
        assert items == sum(expected)
        assert set(outcomes.split(", ")) == {f"{o.value} {n}" for o, n in zip(Outcome, expected, strict=True)}
        assert outcomes.startswith("known 100, repeated 100, extract_failed ")

    def test_alerts_are_counted(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run())
        warehouse.load(call_batch())
        assert rows_of(warehouse, "SELECT alerts, items FROM runs") == [(1, 2)]


class TestGapClock:
    def test_days_since_the_last_confirmed_contact_by_kind(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run(started_at=NOW))
        month = DateSpan(date(2025, 6, 1), date(2025, 6, 30), Precision.MONTH, day("2025-06-01").basis)
        events = {
            "call": make_event("call", date=day("2025-06-21")),
            "older": make_event("older", date=day("2022-09-11")),
            "planned": make_event("planned", date=day("2025-07-01"), status=Status.PLANNED),
            "vague": make_event("vague", date=month, kind=Kind.MEETING),
            "met": make_event("met", date=day("2022-02-07"), kind=Kind.MEETING),
            "future": make_event("future", date=day("2025-07-02"), kind=Kind.MEETING),
            "elsewhere": make_event("elsewhere", pair="scholz-putin", date=day("2024-11-15")),
        }
        for name, event in events.items():
            tell(warehouse, name, event)
        sql = "SELECT kind, last_day, days_since, event_id, confirmed_events FROM gap_clock WHERE pair = ?"
        found = {row[0]: row[1:] for row in rows_of(warehouse, sql, "macron-putin")}
        assert found == {
            "any": (date(2025, 6, 21), 10, events["call"].event_id, 3),
            "phone_call": (date(2025, 6, 21), 10, events["call"].event_id, 2),
            "meeting": (date(2022, 2, 7), 1240, events["met"].event_id, 1),
            "video_call": (None, None, None, 0),
            "message": (None, None, None, 0),
            "unspecified": (None, None, None, 0),
        }
        assert rows_of(
            warehouse, "SELECT last_day FROM gap_clock WHERE pair = 'scholz-putin' AND kind = 'any'"
        ) == [(date(2024, 11, 15),)]

    def test_today_is_the_day_in_paris_of_the_latest_run(self, warehouse: Warehouse) -> None:
        tell(warehouse, "a", make_event())
        for number, started in enumerate(("2025-07-03T12:00:00+00:00", "2025-07-03T22:30:00+00:00")):
            warehouse.begin_run(make_run(number + 1, started_at=NOW.fromisoformat(started)))
        assert rows_of(warehouse, "SELECT as_of, days_since FROM gap_clock WHERE kind = 'any'") == [
            (date(2025, 7, 4), 3)
        ]


class TestConfirmations:
    def test_the_first_of_each_side_that_said_what_now_holds(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run())
        event = make_event()
        said = [
            ("plan", "notes", -5, Status.PLANNED),
            ("late", "wire", 3, Status.OCCURRED),
            ("early", "wire", 1, Status.OCCURRED),
            ("kremlin", "notes", 2, Status.OCCURRED),
            ("unlisted", "gone-source", 0, Status.OCCURRED),
        ]
        for name, source, hour, status in said:
            article = make_article(
                name, source=source, published=Published(hours(hour), "instant", "listing")
            )
            tell(warehouse, name, event, before=event, article=article, status=status)
        sql = "SELECT side, said_at, split_part(address, '/', -1), source, status FROM confirmations ORDER BY side"
        assert rows_of(warehouse, sql) == [
            ("moscow", hours(2), "kremlin", "notes", "occurred"),
            ("third", hours(0), "unlisted", "gone-source", "occurred"),
        ]


class TestSuppressed:
    def test_every_hold_has_its_reason_in_words(self, warehouse: Warehouse) -> None:
        loaded = load_article(make_article("a"), make_contact())
        event = make_event(date=NO_DATE)
        held = tuple(
            Suppressed(event.event_id, 100 + n, loaded.article.article_id, hours(n), hold, f"detail {n}")
            for n, hold in enumerate(Hold)
        )
        change = Change(make_report(loaded), None, event, None, "new")
        warehouse.load(make_batch(loaded, changes=(change,), suppressed=held))
        rows = rows_of(
            warehouse, "SELECT hold, reason, detail, address, status FROM suppressed ORDER BY held_at"
        )
        assert [row[0] for row in rows] == [hold.value for hold in Hold]
        assert len({row[1] for row in rows}) == len(Hold)
        for hold, reason, detail, address, status in rows:
            assert reason != hold and len(reason.split()) > 3
            assert detail.startswith("detail")
            assert (address, status) == (loaded.article.address, "occurred")


class TestArticlesAndContacts:
    def test_contacts_carry_their_article_event_and_words(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run())
        warehouse.load(call_batch())
        sql = "SELECT source, side, role, event_id, evidence_quote, cues, date_words, lexicon FROM contacts "
        event_id = call_batch().changes[0].after.event_id
        assert rows_of(warehouse, f"{sql} ORDER BY role") == [
            (
                "notes",
                "moscow",
                "background",
                event_id,
                "The two presidents spok",
                ["spoke", "today"],
                "",
                "en",
            ),
            (
                "wire",
                "third",
                "main",
                event_id,
                "The two presidents spok",
                ["spoke", "today"],
                "2025-07-01",
                "en",
            ),
        ]

    def test_a_contact_without_an_event_is_shown(self, warehouse: Warehouse) -> None:
        warehouse.load(make_batch(load_article(make_article("a"), make_contact(role=Role.BACKGROUND))))
        assert rows_of(warehouse, "SELECT event_id, kind FROM contacts") == [(None, "phone_call")]

    def test_a_copy_is_marked_and_links_of_an_old_version_are_not_shown(self, warehouse: Warehouse) -> None:
        origin = load_article(make_article("origin"))
        article = make_article("copy")
        link = make_link(article, origin.article, origin.cluster_id)
        warehouse.load(make_batch(origin, load_article(article, links=(link,), outcome=Outcome.COPY)))
        assert rows_of(warehouse, "SELECT count(*) FROM articles WHERE is_copy") == [(1,)]
        warehouse.load(make_batch(load_article(make_article("copy", text="rewritten"), version=2)))
        assert rows_of(warehouse, "SELECT count(*) FROM articles WHERE is_copy") == [(0,)]
        assert rows_of(warehouse, "FROM copies") == []


def test_an_event_knows_the_contact_before_it(warehouse: Warehouse) -> None:
    first = load_article(make_article("one"), make_contact())
    second = load_article(make_article("two"), make_contact())
    planned = load_article(make_article("three"), make_contact())
    events = [
        make_event("a", date=day("2022-09-11")),
        make_event("b", date=day("2025-07-01")),
        make_event("c", date=day("2025-07-05"), status=Status.PLANNED),
    ]
    changes = tuple(
        Change(make_report(loaded), None, event, None, "new")
        for loaded, event in zip((first, second, planned), events, strict=True)
    )
    warehouse.load(make_batch(first, second, planned, changes=changes))
    sql = "SELECT event_id, previous_event_id, days_since_previous FROM events ORDER BY date_from"
    a, b, c = (event.event_id for event in events)
    assert rows_of(warehouse, sql) == [(a, None, None), (b, a, 1024), (c, b, 4)]
