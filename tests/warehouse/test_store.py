"""The writer: what goes in comes out, once, whole, and only for one process at a time."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.alerts import told_of
from domain.event_model import Change
from domain.model import (
    NO_DATE,
    Basis,
    DateSpan,
    Detection,
    Fetch,
    FetchState,
    Kind,
    Outcome,
    Precision,
    Published,
    Reason,
    Role,
    Standing,
    Status,
    Validators,
)
from tests.warehouse.warehouse_builders import (
    NOW,
    PAIR,
    call_batch,
    contact_id_of,
    day,
    hours,
    load_article,
    make_alert,
    make_article,
    make_batch,
    make_contact,
    make_event,
    make_item,
    make_link,
    make_rejected,
    make_report,
    make_run,
)
from warehouse.batch import (
    Batch,
    DeliveryAttempt,
    ItemEnd,
    ListingEnd,
    OutcomeCount,
    RunFinish,
    StoredArticle,
)
from warehouse.errors import WarehouseBusy, WarehouseError
from warehouse.paths import live_file, lock_file
from warehouse.query import query
from warehouse.store import Warehouse


def dump(home: Path) -> dict[str, list[Any]]:
    """Every row of every table of the closed live file."""
    con = duckdb.connect(str(live_file(home)), read_only=True)
    try:
        con.execute("SET TimeZone = 'UTC'")
        tables = con.execute(
            "SELECT concat(schema_name, '.', table_name) FROM duckdb_tables() "
            "WHERE schema_name IN ('core', 'ops')"
        ).fetchall()
        return {name: sorted(map(repr, con.execute(f"FROM {name}").fetchall())) for (name,) in tables}
    finally:
        con.close()


class TestOpening:
    def test_makes_home_and_database_in_the_storage_format_of_todays_tools(self, home: Path) -> None:
        with Warehouse.open(home / "deep", now=NOW) as warehouse:
            assert warehouse.home == home / "deep"
        # The version number at byte 12 is what old readers check: 64 to 68 are those of DuckDB 1.x.
        header = live_file(home / "deep").read_bytes()[:20]
        assert header[8:12] == b"DUCK"
        assert 64 <= int.from_bytes(header[12:20], "little") <= 68

    def test_a_second_writer_is_told_who_holds_it(self, home: Path, warehouse: Warehouse) -> None:
        with pytest.raises(
            WarehouseBusy, match=rf"in use by process {os.getpid()}\b.*wait until it has ended"
        ):
            Warehouse.open(home, now=NOW)

    def test_after_closing_the_next_writer_gets_in(self, home: Path, warehouse: Warehouse) -> None:
        warehouse.close()
        warehouse.close()
        Warehouse.open(home, now=NOW, wait_seconds=0).close()

    def test_a_writer_may_wait_for_the_one_before_it(self, home: Path) -> None:
        first = Warehouse.open(home, now=NOW)
        leaving = threading.Timer(0.3, first.close)
        leaving.start()
        Warehouse.open(home, now=NOW, wait_seconds=20).close()
        leaving.join()

    def test_a_live_file_held_by_another_program_is_busy_and_releases_the_lock(self, home: Path) -> None:
        Warehouse.open(home, now=NOW).close()
        child_in, parent_out = os.pipe()
        parent_in, child_out = os.pipe()
        pid = os.fork()
        if pid == 0:  # another program with the live file open, for example a database browser
            con = duckdb.connect(str(live_file(home)))
            os.write(child_out, b"x")
            os.read(child_in, 1)
            con.close()
            os._exit(0)
        try:
            os.read(parent_in, 1)
            with pytest.raises(WarehouseBusy, match=f"{pid}"):
                Warehouse.open(home, now=NOW)
        finally:
            os.write(parent_out, b"x")
            os.waitpid(pid, 0)
            for handle in (child_in, parent_out, parent_in, child_out):
                os.close(handle)
        Warehouse.open(home, now=NOW).close()

    def test_a_damaged_file_is_named_with_what_to_do(self, home: Path) -> None:
        home.mkdir()
        live_file(home).write_bytes(b"this is no database" * 1000)
        with pytest.raises(WarehouseError, match=r"cannot be opened.*put back a copy") as caught:
            Warehouse.open(home, now=NOW)
        assert isinstance(caught.value.__cause__, duckdb.Error)
        lock_file(home).unlink()

    def test_a_home_that_is_a_file_is_refused(self, home: Path) -> None:
        home.write_text("in the way")
        with pytest.raises(WarehouseError, match="cannot be used as a home"):
            Warehouse.open(home, now=NOW)

    def test_a_quote_in_the_path_is_no_sql(self, tmp_path: Path) -> None:
        home = tmp_path / "l'été; DROP"
        with Warehouse.open(home, now=NOW) as warehouse:
            warehouse.load(call_batch())
            assert len(warehouse.events(PAIR)) == 1
            assert warehouse.publish().parent.parent == home


class TestLoading:
    def test_an_event_comes_back_as_it_was(self, warehouse: Warehouse) -> None:
        loaded = load_article(make_article("call"), make_contact())
        event = make_event(
            kind=Kind.MEETING,
            status=Status.PLANNED,
            date=DateSpan(
                day("2025-07-01").first, day("2025-07-31").last, Precision.MONTH, Basis.RELATIVE, "ce mois"
            ),
            place="Fort de Brégançon",
            with_others=("erdogan", "scholz"),
            told=told_of(make_event(status=Status.PROPOSED, date=NO_DATE)),
            status_at=None,
            contradicted=True,
            standing=Standing.MERGED,
            merged_into=7,
            muted_until=NOW,
            reported_as=Role.BACKGROUND,
            clusters=(0, 5, 2**64 - 1),
        )
        bare = make_event(
            "e2",
            date=NO_DATE,
            initiator=None,
            duration_minutes=None,
            topics=(),
            first_reported_at=None,
            clusters=(),
        )
        other_loaded = load_article(make_article("b"), make_contact())
        warehouse.load(
            make_batch(
                loaded,
                other_loaded,
                changes=(
                    Change(make_report(loaded), None, event, None, "new"),
                    Change(make_report(other_loaded), None, bare, None, "new"),
                ),
            )
        )
        assert warehouse.events(PAIR) == (event, bare)
        assert warehouse.events("another-pair") == ()

    def test_loading_a_batch_twice_changes_nothing(self, home: Path) -> None:
        with Warehouse.open(home, now=NOW) as warehouse:
            warehouse.load(call_batch())
        once = dump(home)
        with Warehouse.open(home, now=NOW) as warehouse:
            warehouse.load(call_batch())
            warehouse.load(call_batch(loaded_at=hours(5)))
        assert dump(home) == once
        assert len(once["core.contact"]) == 2
        assert len(once["ops.delivery"]) == 2

    def test_a_batch_loaded_again_after_later_ones_does_not_turn_back_the_clock(self, home: Path) -> None:
        planned = load_article(make_article("plan"), make_contact(status=Status.PLANNED))
        held = load_article(make_article("held"), make_contact())
        before = make_event(status=Status.PLANNED)
        first = Change(make_report(planned), None, before, None, "new")
        second = Change(make_report(held), before, make_event(), 90, "held now")
        with Warehouse.open(home, now=NOW) as warehouse:
            warehouse.load(make_batch(planned, changes=(first,)))
            warehouse.load(make_batch(held, changes=(second,), loaded_at=hours(1)))
            warehouse.load(make_batch(planned, changes=(first,)))
            assert [event.status for event in warehouse.events(PAIR)] == [Status.OCCURRED]

    def test_events_keep_the_order_of_their_creation(self, warehouse: Warehouse) -> None:
        names = ["c", "a", "d", "b"]
        events = [make_event(name) for name in names]
        for number, (name, event) in enumerate(zip(names, events, strict=True)):
            loaded = load_article(make_article(name), make_contact())
            change = Change(make_report(loaded), None, event, None, "new")
            warehouse.load(make_batch(loaded, changes=(change,), loaded_at=hours(number)))
        again = load_article(make_article("again"), make_contact())
        changed = replace(events[0], place="Paris")
        warehouse.load(
            make_batch(again, changes=(Change(make_report(again), events[0], changed, 80, "more"),))
        )
        assert warehouse.events(PAIR) == (changed, *events[1:])

    def test_the_last_of_several_changes_of_an_event_holds(self, warehouse: Warehouse) -> None:
        one = load_article(make_article("one"), make_contact())
        two = load_article(make_article("two"), make_contact())
        event = make_event()
        placed = replace(event, place="Moscow")
        warehouse.load(
            make_batch(
                one,
                two,
                changes=(
                    Change(make_report(one), None, event, None, "new"),
                    Change(make_report(two), event, placed, 88, "joined"),
                ),
            )
        )
        assert warehouse.events(PAIR) == (placed,)

    def test_an_alert_marks_what_the_users_of_the_event_know(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        assert warehouse.events(PAIR)[0].told == told_of(make_event())

    def test_an_alert_of_an_older_event_marks_it_too(self, warehouse: Warehouse) -> None:
        loaded = load_article(make_article("call"), make_contact())
        change = Change(make_report(loaded), None, make_event(), None, "new")
        warehouse.load(make_batch(loaded, changes=(change,)))
        assert warehouse.events(PAIR)[0].told is None
        alert, message = make_alert(change)
        warehouse.load(make_batch(alerts=(alert,), payloads=(message,)))
        assert warehouse.events(PAIR)[0].told == told_of(make_event())

    def test_a_batch_that_fails_leaves_nothing(self, home: Path) -> None:
        with Warehouse.open(home, now=NOW) as warehouse:
            before = dump_open(warehouse)
            broken = call_batch()
            # The last statement of the load fails: an id beyond 64 bits.
            ends = (ItemEnd(make_item("x"), Outcome.STORED, "", 2**64),)
            with pytest.raises(OverflowError):
                warehouse.load(replace(broken, ends=ends))
            assert dump_open(warehouse) == before
            warehouse.load(broken)
            assert len(warehouse.events(PAIR)) == 1

    def test_what_the_database_refuses_is_named_and_the_next_load_works(self, warehouse: Warehouse) -> None:
        odd = make_article("odd", published=Published(NOW, "hour", "listing"))
        with pytest.raises(WarehouseError, match=r"loading 1 articles: .*CHECK.*published_precision"):
            warehouse.load(make_batch(load_article(odd)))
        warehouse.load(make_batch(load_article(make_article("fine"))))
        assert set(warehouse.known_items(["wire"]).get("wire", {})) == {"http://wire.example/fine"}

    def test_payloads_and_alerts_run_in_parallel(self) -> None:
        with pytest.raises(ValueError, match="1 alerts but 0 payloads"):
            replace(call_batch(), payloads=())

    def test_every_contact_has_an_id(self) -> None:
        loaded = load_article(make_article("a"), make_contact(), contact_ids=())
        with pytest.raises(ValueError, match="1 contacts but 0 contact ids"):
            make_batch(loaded)

    def test_an_article_without_detection_or_date_is_stored(self, warehouse: Warehouse, home: Path) -> None:
        article = make_article("bare", published=None, language=None)
        warehouse.load(make_batch(load_article(article, detection=None)))
        warehouse.publish()
        row = query(
            home, "SELECT published_at, published_on, language, lexicon, contact_count FROM articles"
        ).rows[0]
        assert row == (None, None, None, None, 0)

    def test_at_most_twenty_rejected_passages_are_kept(self, warehouse: Warehouse, home: Path) -> None:
        rejected = tuple(make_rejected(number) for number in range(30))
        warehouse.load(
            make_batch(load_article(make_article("a"), detection=Detection("en", "en", (), rejected)))
        )
        warehouse.publish()
        rows = query(home, "SELECT position, reason FROM core.rejected ORDER BY position").rows
        assert rows == [(number, f"another pair ({number})") for number in range(20)]

    def test_half_a_surrogate_pair_does_not_stop_a_load(self, warehouse: Warehouse) -> None:
        article = make_article("odd", text="a\ud83db", title="\udc00")
        warehouse.load(make_batch(load_article(article, make_contact(cues=("\ud800",)))))
        (stored,) = warehouse.same_text([article.text_sha256])[article.text_sha256]
        assert stored.text == "a\ufffdb"

    @settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
    def test_any_text_comes_back_as_it_was(self, warehouse: Warehouse, text: str) -> None:
        article = make_article("text", text=text)
        article = replace(
            article, article_id=int(article.text_sha256, 16), address=f"http://x.example/{len(text)}"
        )
        warehouse.load(make_batch(load_article(article)))
        found = warehouse.same_text([article.text_sha256])[article.text_sha256]
        assert [stored.text for stored in found] == [text]


def dump_open(warehouse: Warehouse) -> tuple[object, ...]:
    return (
        warehouse.events(PAIR),
        warehouse.known_items(["wire"]).get("wire", {}),
        warehouse.pending("desk", hours(1000)),
        warehouse.stored([make_article("call").article_id]),
    )


class TestVersions:
    def test_the_latest_version_counts(self, warehouse: Warehouse) -> None:
        first, second = make_article("a", text="one"), make_article("a", text="two")
        warehouse.load(make_batch(load_article(first)))
        warehouse.load(make_batch(load_article(second, version=2)))
        assert warehouse.stored([first.article_id, 7]) == {
            first.article_id: StoredArticle(first.article_id, 2, second.text_sha256, first.article_id)
        }
        assert set(warehouse.same_text([first.text_sha256, second.text_sha256, "unknown"])) == {
            first.text_sha256,
            second.text_sha256,
        }

    def test_contacts_of_an_older_version_are_superseded_and_kept(
        self, warehouse: Warehouse, home: Path
    ) -> None:
        article = make_article("a")
        old = load_article(article, make_contact())
        event = make_event()
        warehouse.load(make_batch(old, changes=(Change(make_report(old), None, event, None, "new"),)))
        corrected = load_article(make_article("a", text="Correction: nobody called."), version=2)
        warehouse.load(make_batch(corrected, loaded_at=hours(1)))
        warehouse.publish()
        assert query(home, "SELECT count(*) FROM contacts").rows == [(0,)]
        assert query(home, "SELECT contact_id, superseded_at FROM core.contact").rows == [
            (contact_id_of(article, 1), hours(1))
        ]
        assert query(home, "SELECT article_count, independent_count FROM events").rows == [(0, 0)]
        assert len(query(home, "FROM core.event_contact").rows) == 1

    def test_a_contact_repeated_under_its_id_moves_to_the_new_version(
        self, warehouse: Warehouse, home: Path
    ) -> None:
        same_id = (4711,)
        old = load_article(make_article("a", text="one"), make_contact(), contact_ids=same_id)
        new = load_article(make_article("a", text="two"), make_contact(), version=2, contact_ids=same_id)
        for batch in (make_batch(old), make_batch(new, loaded_at=hours(1)), make_batch(old)):
            warehouse.load(batch)
        warehouse.publish()
        assert query(home, "SELECT contact_id, version FROM contacts").rows == [(4711, 2)]


class TestCopies:
    def test_equal_texts_of_all_history_first_seen_first(self, warehouse: Warehouse) -> None:
        late = make_article("late", text="same", seen_at=hours(9))
        early = make_article("early", text="same", seen_at=hours(1))
        warehouse.load(make_batch(load_article(late, keys=(1, 2, 3))))
        warehouse.load(make_batch(load_article(early, cluster_id=77)))
        found = warehouse.same_text([early.text_sha256])[early.text_sha256]
        assert [(s.article_id, s.cluster_id, s.shared_keys) for s in found] == [
            (early.article_id, 77, 0),
            (late.article_id, late.article_id, 3),
        ]

    def test_candidates_share_two_keys_most_shared_first(self, warehouse: Warehouse) -> None:
        three = load_article(make_article("three", seen_at=hours(3)), keys=(1, 2, 3, 2**32 - 1))
        two_late = load_article(make_article("two-late", seen_at=hours(2)), keys=(1, 2, 9))
        two_early = load_article(make_article("two-early", seen_at=hours(1)), keys=(2, 3, 8))
        one = load_article(make_article("one"), keys=(1, 100))
        warehouse.load(make_batch(three, two_late, two_early, one))
        found = warehouse.copy_candidates({5: (1, 2, 3, 2**32 - 1), 6: (50, 51), 7: ()}, since=None)
        assert {asker: [c.article_id for c in texts] for asker, texts in found.items()} == {
            5: [one_.article.article_id for one_ in (three, two_early, two_late)]
        }
        assert [c.shared_keys for c in found[5]] == [4, 2, 2]
        assert found[5][0].text == three.article.text
        narrow = warehouse.copy_candidates({5: (1, 2, 3)}, since=hours(2), most=1)
        assert [c.article_id for c in narrow[5]] == [three.article.article_id]

    def test_the_article_itself_and_its_old_versions_are_no_candidates(self, warehouse: Warehouse) -> None:
        article = make_article("a", text="one")
        warehouse.load(make_batch(load_article(article, keys=(1, 2, 3))))
        assert warehouse.copy_candidates({article.article_id: (1, 2, 3)}, since=None) == {}
        warehouse.load(make_batch(load_article(make_article("a", text="two"), version=2, keys=(7, 8, 9))))
        assert warehouse.copy_candidates({5: (1, 2, 3)}, since=None) == {}
        assert len(warehouse.copy_candidates({5: (7, 8)}, since=None)[5]) == 1

    def test_a_footer_held_by_many_stories_finds_nothing(self, warehouse: Warehouse) -> None:
        footer = (1, 2, 3)
        stories = [load_article(make_article(f"s{n}"), keys=(*footer, 1000 + n)) for n in range(201)]
        warehouse.load(make_batch(*stories))
        assert warehouse.copy_candidates({5: footer}, since=None) == {}
        found = warehouse.copy_candidates({5: (*footer, 1000, 2000)}, since=None)
        assert found == {}

    def test_a_story_that_hundreds_copied_is_still_found(self, warehouse: Warehouse) -> None:
        copies = [load_article(make_article(f"s{n}"), keys=(1, 2, 3), cluster_id=9) for n in range(250)]
        warehouse.load(make_batch(*copies))
        found = warehouse.copy_candidates({5: (1, 2, 3)}, since=None)
        assert len(found[5]) == 50
        assert {c.cluster_id for c in found[5]} == {9}

    def test_merged_clusters_answer_with_the_one_that_stands(self, warehouse: Warehouse) -> None:
        articles = [load_article(make_article(f"a{n}"), cluster_id=n) for n in (1, 2, 3, 4)]
        ids = [one.article.article_id for one in articles]
        merges: list[tuple[tuple[int, int], ...]] = [((1, 2),), ((2, 3), (3, 1)), ((4, 1),)]
        warehouse.load(make_batch(*articles))
        for pairs in merges:
            warehouse.load(make_batch(cluster_merges=pairs))
            warehouse.load(make_batch(cluster_merges=pairs))
        assert {one.cluster_id for one in warehouse.stored(ids).values()} == {3}

    @settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        pairs=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=12), cut=st.integers(0, 12)
    )
    def test_merging_is_the_same_in_one_batch_or_two(
        self, tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]], cut: int
    ) -> None:
        expected = {n: {n} for n in range(1, 9)}
        for one, other in pairs:
            union = expected[one] | expected[other]
            expected.update(dict.fromkeys(union, union))
        articles = [load_article(make_article(f"a{n}"), cluster_id=n) for n in range(1, 9)]
        with Warehouse.open(tmp_path_factory.mktemp("merge"), now=NOW) as fresh:
            fresh.load(make_batch(*articles, cluster_merges=tuple(pairs[:cut])))
            fresh.load(make_batch(cluster_merges=tuple(pairs[cut:])))
            stored = fresh.stored([one.article.article_id for one in articles])
        cluster = {n: stored[one.article.article_id].cluster_id for n, one in enumerate(articles, 1)}
        groups = {n: {m for m in cluster if cluster[m] == cluster[n]} for n in cluster}
        assert groups == expected


class TestItems:
    def test_known_items_leave_out_those_whose_last_try_failed(self, warehouse: Warehouse) -> None:
        def end(name: str, outcome: Outcome, fingerprint: str = "f1", source: str = "wire") -> ItemEnd:
            return ItemEnd(make_item(name, source, fingerprint), outcome)

        warehouse.load(
            make_batch(
                ends=(
                    end("good", Outcome.STORED),
                    end("gone", Outcome.FETCH_FAILED),
                    end("healed", Outcome.FETCH_FAILED),
                    end("broke", Outcome.STORED),
                    end("empty?utm_source=x", Outcome.EMPTY),
                    end("other", Outcome.STORED, source="notes"),
                )
            )
        )
        warehouse.load(
            make_batch(
                run_id=2,
                loaded_at=hours(1),
                ends=(
                    end("good", Outcome.UNCHANGED, "f2"),
                    end("healed", Outcome.COPY),
                    end("broke", Outcome.EXTRACT_FAILED, "f2"),
                ),
            )
        )
        assert warehouse.known_items(["wire"]).get("wire", {}) == {
            "http://wire.example/good": "f2",
            "http://wire.example/healed": "f1",
            "http://wire.example/empty": "f1",
        }
        assert warehouse.known_items(["nobody"]) == {}


class TestRuns:
    def test_a_run_with_its_listings_fetches_and_states(self, warehouse: Warehouse, home: Path) -> None:
        warehouse.begin_run(make_run())
        assert warehouse.first_listed("wire") is None
        assert warehouse.sources.fetch_states() == {}
        finish = RunFinish(
            run_id=1,
            ended_at=hours(1),
            state="done",
            counts=(OutcomeCount("wire", Outcome.KNOWN, 12), OutcomeCount("wire", Outcome.REPEATED, 1)),
            listings=(ListingEnd("wire", NOW, 13), ListingEnd("notes", NOW, error="HTTP 503")),
            fetches=(
                Fetch("wire", "http://wire.example/feed", NOW, 200, "ab", 2**40, None),
                Fetch("notes", "http://notes.example/feed", NOW, None, None, None, "timeout"),
            ),
            states=(("wire", FetchState({"k": Validators('"e1"', None)}, "7")),),
        )
        warehouse.finish_run(finish)
        warehouse.finish_run(finish)
        assert warehouse.first_listed("wire") == NOW
        assert warehouse.first_listed("notes") is None
        assert warehouse.sources.fetch_states() == {"wire": FetchState({"k": Validators('"e1"', None)}, "7")}
        warehouse.publish()
        assert query(home, "SELECT source, status, size, error FROM fetches ORDER BY position").rows == [
            ("wire", 200, 2**40, None),
            ("notes", None, None, "timeout"),
        ]
        row = query(
            home, "SELECT state, ended_at, items, known, repeated, sources_listed, sources_failed FROM runs"
        )
        assert row.rows == [("done", hours(1), 13, 12, 1, 2, 1)]

    def test_first_listed_is_the_first_success(self, warehouse: Warehouse) -> None:
        for run_id, error in ((1, "down"), (2, None), (3, None)):
            warehouse.begin_run(make_run(run_id))
            listing = ListingEnd("wire", hours(run_id), error=error)
            warehouse.finish_run(RunFinish(run_id, hours(run_id), "done", listings=(listing,)))
        assert warehouse.first_listed("wire") == hours(2)

    def test_a_killed_run_is_stopped_when_the_next_begins(self, warehouse: Warehouse, home: Path) -> None:
        warehouse.begin_run(make_run(1))
        warehouse.begin_run(make_run(1))
        warehouse.begin_run(make_run(2, started_at=hours(1)))
        warehouse.publish()
        assert query(home, "SELECT run_id, state FROM runs ORDER BY run_id").rows == [
            (1, "stopped"),
            (2, "running"),
        ]

    def test_an_unknown_run_or_state_is_refused(self, warehouse: Warehouse) -> None:
        with pytest.raises(WarehouseError, match="run 9 was never begun"):
            warehouse.finish_run(RunFinish(9, NOW, "done"))
        warehouse.begin_run(make_run(9))
        with pytest.raises(WarehouseError, match="CHECK"):
            warehouse.finish_run(RunFinish(9, NOW, "sleeping"))
        warehouse.finish_run(RunFinish(9, NOW, "failed", "no source"))

    def test_sources_are_replaced_and_old_ones_stay(self, warehouse: Warehouse, home: Path) -> None:
        warehouse.begin_run(make_run())
        moved = replace(make_run().sources[0], address="http://wire.example/new")
        warehouse.record_sources([moved], at=hours(1))
        warehouse.publish()
        assert query(home, "SELECT slug, address, side FROM sources ORDER BY slug").rows == [
            ("notes", "http://notes.example/feed", "moscow"),
            ("wire", "http://wire.example/new", "third"),
        ]


class TestLedger:
    @staticmethod
    def attempt(warehouse: Warehouse, at: datetime, **how: Any) -> None:
        alert_id = int(warehouse.pending("desk", at)[0].message.alert_id)
        warehouse.record_delivery(DeliveryAttempt(alert_id, "desk", at, **how))

    def test_a_message_comes_out_as_it_went_in(self, warehouse: Warehouse) -> None:
        batch = call_batch()
        warehouse.load(batch)
        assert [owed.message for owed in warehouse.pending("desk", NOW)] == list(batch.payloads)
        assert warehouse.pending("desk", NOW - timedelta(seconds=1)) == ()
        assert warehouse.pending("nobody", NOW) == ()

    def test_a_failed_delivery_waits_and_a_sent_one_is_done(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        self.attempt(warehouse, NOW, ok=False, detail="HTTP 503", next_attempt_at=hours(1))
        assert warehouse.pending("desk", hours(0.5)) == ()
        assert [owed.attempts for owed in warehouse.pending("desk", hours(1))] == [1]
        self.attempt(warehouse, hours(1), ok=True)
        assert warehouse.pending("desk", hours(99)) == ()
        assert len(warehouse.pending("feed", NOW)) == 1

    def test_a_delivery_given_up_is_dead_and_visible(self, warehouse: Warehouse, home: Path) -> None:
        warehouse.load(call_batch())
        self.attempt(warehouse, NOW, ok=False, detail="HTTP 410", dead=True)
        assert warehouse.pending("desk", hours(99)) == ()
        warehouse.publish()
        assert query(
            home, "SELECT channel, state, attempts, detail FROM deliveries ORDER BY channel"
        ).rows == [
            ("desk", "dead", 1, "HTTP 410"),
            ("feed", "pending", 0, ""),
        ]
        assert query(home, "SELECT channels_sent, channels_pending, channels_dead FROM alerts").rows == [
            (0, 1, 1)
        ]

    def test_attempts_that_make_no_sense_are_refused(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        alert_id = call_batch().alerts[0].alert_id
        with pytest.raises(WarehouseError, match="not owed to channel 'nobody'"):
            warehouse.record_delivery(DeliveryAttempt(alert_id, "nobody", NOW, ok=True))
        with pytest.raises(WarehouseError, match="needs next_attempt_at"):
            warehouse.record_delivery(DeliveryAttempt(alert_id, "desk", NOW, ok=False))
        warehouse.record_delivery(DeliveryAttempt(alert_id, "desk", NOW, ok=True))
        with pytest.raises(WarehouseError, match="sent already"):
            warehouse.record_delivery(DeliveryAttempt(alert_id, "desk", NOW, ok=True))

    def test_messages_come_in_the_order_of_the_alerts(self, warehouse: Warehouse) -> None:
        for number, name in enumerate("dbca"):
            loaded = load_article(make_article(name), make_contact())
            change = Change(make_report(loaded), None, make_event(name), None, "new")
            alert, message = make_alert(change, Reason.NEW, created_at=NOW, headline=name, channels=("desk",))
            batch = Batch(1, hours(number), PAIR, "r1", (loaded,), (), (change,), (alert,), (message,))
            warehouse.load(batch)
        assert [owed.message.headline for owed in warehouse.pending("desk", NOW)] == list("dbca")


def test_published_offsets_keep_the_day_of_the_outlet(warehouse: Warehouse, home: Path) -> None:
    late = datetime.fromisoformat("2025-07-02T00:30:00+03:00")
    warehouse.load(
        make_batch(load_article(make_article("a", published=Published(late, "instant", "json-ld"))))
    )
    warehouse.publish()
    row = query(
        home, "SELECT published_at, published_on::VARCHAR, published_offset_minutes FROM articles"
    ).rows[0]
    assert row == (late, "2025-07-02", 180)


def test_links_are_kept_with_their_scores(warehouse: Warehouse, home: Path) -> None:
    origin = load_article(make_article("origin"))
    copy_article = make_article("copy")
    link = make_link(copy_article, origin.article, origin.cluster_id)
    copy = load_article(copy_article, outcome=Outcome.COPY, links=(link,), cluster_id=origin.cluster_id)
    warehouse.load(make_batch(origin, copy))
    warehouse.publish()
    assert query(
        home, "SELECT address, origin_address, relation, containment5, shared_keys FROM copies"
    ).rows == [(copy_article.address, origin.article.address, "near_copy", 0.93, 9)]
    assert query(home, "SELECT is_copy FROM articles ORDER BY address").rows == [(True,), (False,)]
