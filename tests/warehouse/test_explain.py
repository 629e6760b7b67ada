"""Why an event is as it is; what became of an address."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from domain.event_model import Change, Suppressed
from domain.model import Detection, Hold, Outcome, Published, Reason, Status
from tests.warehouse.warehouse_builders import (
    NOW,
    call_batch,
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
from warehouse.batch import DeliveryAttempt, ItemEnd
from warehouse.errors import NotFound, NotPublished
from warehouse.explain import explain_address, explain_event
from warehouse.store import Warehouse

EVENT = call_batch().changes[0].after


def publish(warehouse: Warehouse) -> Path:
    warehouse.publish()
    return warehouse.home


class TestEvent:
    def test_every_contact_with_its_words_rule_date_and_join(self, warehouse: Warehouse) -> None:
        warehouse.begin_run(make_run())
        warehouse.load(call_batch())
        told = explain_event(publish(warehouse), EVENT.event_id)
        assert told["event"]["event_id"] == str(EVENT.event_id)
        assert told["event"]["article_count"] == 2
        call, recap = sorted(told["contacts"], key=lambda one: one["role"], reverse=True)
        assert call["address"] == "http://wire.example/call"
        assert call["words"] == {"field": "text", "start": 0, "end": 23, "quote": "The two presidents spok"}
        assert (call["rule"], call["cues"]) == ("en.call.held", ["spoke", "today"])
        assert call["date"] == {
            "from": "2025-07-01",
            "to": "2025-07-01",
            "precision": "day",
            "basis": "explicit",
            "words": "2025-07-01",
        }
        assert (call["join_score"], call["join_why"]) == (None, "no event fits")
        assert (recap["join_score"], recap["join_why"], recap["side"]) == (
            80,
            "80 points: same kind",
            "moscow",
        )
        assert not call["superseded"]
        assert [change["what"] for change in told["history"]] == ["new"]
        assert [(held["hold"], held["address"]) for held in told["suppressed"]] == [
            ("recap", "http://wire.example/recap")
        ]

    def test_alerts_with_their_deliveries(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        alert_id = call_batch().alerts[0].alert_id
        warehouse.record_delivery(DeliveryAttempt(alert_id, "desk", hours(1), ok=True))
        (alert,) = explain_event(publish(warehouse), EVENT.event_id)["alerts"]
        assert alert["alert_id"] == str(alert_id)
        assert [(one["channel"], one["state"], one["sent_at"]) for one in alert["deliveries"]] == [
            ("desk", "sent", "2025-07-01T19:00:00+00:00"),
            ("feed", "pending", None),
        ]

    def test_contacts_come_by_publication_and_alerts_as_they_were_raised(self, warehouse: Warehouse) -> None:
        later, earlier = (
            load_article(
                make_article(name, published=Published(hours(hour), "instant", "listing")),
                make_contact(status=status),
            )
            for name, hour, status in (("off", 2, Status.CANCELLED), ("plan", 1, Status.PLANNED))
        )
        planned = make_event(status=Status.PLANNED)
        off = replace(planned, status=Status.CANCELLED)
        changes = (
            Change(make_report(earlier), None, planned, None, "new"),
            Change(make_report(later), planned, off, 80, "joined"),
        )
        # The ids are in the other order than the alerts.
        alerts, messages = zip(
            make_alert(changes[0], alert_id=9),
            make_alert(changes[1], Reason.CANCELLED, alert_id=3),
            strict=True,
        )
        warehouse.load(make_batch(later, earlier, changes=changes, alerts=alerts, payloads=messages))
        told = explain_event(publish(warehouse), planned.event_id)
        assert [contact["status"] for contact in told["contacts"]] == ["planned", "cancelled"]
        assert [alert["reason"] for alert in told["alerts"]] == ["new", "cancelled"]
        assert [change["what"] for change in told["history"]] == ["new", "status"]

    def test_contacts_of_replaced_versions_are_marked(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        corrected = load_article(make_article("call", text="Correction."), version=2)
        warehouse.load(make_batch(corrected, loaded_at=hours(1)))
        told = explain_event(publish(warehouse), EVENT.event_id)
        assert {contact["address"]: contact["superseded"] for contact in told["contacts"]} == {
            "http://wire.example/call": True,
            "http://wire.example/recap": False,
        }

    def test_the_answer_is_json(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        home = publish(warehouse)
        for told in (explain_event(home, EVENT.event_id), explain_address(home, "http://wire.example/call")):
            assert json.loads(json.dumps(told)) == told

    def test_an_unknown_event_or_a_missing_snapshot_says_what_to_do(self, warehouse: Warehouse) -> None:
        with pytest.raises(NotPublished, match="parley run"):
            explain_event(warehouse.home, 7)
        with pytest.raises(NotFound, match=r"no event 7.*parley events"):
            explain_event(publish(warehouse), 7)
        for impossible in (-1, 2**64, 10**40):
            with pytest.raises(NotFound):
                explain_event(warehouse.home, impossible)


class TestAddress:
    def test_one_that_raised_an_alert(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        told = explain_address(publish(warehouse), "HTTP://wire.example/call?utm_source=x#top")
        assert told["address"] == "http://wire.example/call"
        assert told["verdict"] == "it raised 1 alert"
        assert [item["outcome"] for item in told["items"]] == ["stored"]
        assert [version["version"] for version in told["versions"]] == [1]
        assert [event["event_id"] for event in told["events"]] == [str(EVENT.event_id)]

    def test_one_that_was_held_back(self, warehouse: Warehouse) -> None:
        warehouse.load(call_batch())
        told = explain_address(publish(warehouse), "http://wire.example/recap")
        assert told["verdict"] == "no alert: recap: in passing"

    def test_one_that_became_no_article(self, warehouse: Warehouse) -> None:
        for run_id, outcome in enumerate((Outcome.FETCH_FAILED, Outcome.TOO_LARGE), 1):
            end = ItemEnd(make_item("big"), outcome, f"detail of {outcome}")
            warehouse.load(make_batch(ends=(end,), run_id=run_id, loaded_at=hours(run_id)))
        told = explain_address(publish(warehouse), "http://wire.example/big")
        assert told["verdict"] == "no article came of it: too_large (detail of too_large)"
        assert [item["outcome"] for item in told["items"]] == ["too_large", "fetch_failed"]

    def test_one_without_a_contact_shows_what_was_not_taken(self, warehouse: Warehouse) -> None:
        detection = Detection("en", "en", (), (make_rejected(4),))
        warehouse.load(make_batch(load_article(make_article("quiet"), detection=detection)))
        told = explain_address(publish(warehouse), "http://wire.example/quiet")
        assert told["verdict"].startswith("no alert: no contact was found in it; 1 passage")
        assert told["rejected"] == [
            {
                "version": 1,
                "rule": "en.call.other",
                "reason": "another pair (4)",
                "words": {"field": "text", "start": 4, "end": 7, "quote": "spo"},
            }
        ]

    def test_one_in_a_language_without_a_lexicon_or_never_read(self, warehouse: Warehouse) -> None:
        unread = load_article(make_article("unread"), detection=None)
        japanese = load_article(make_article("ja"), detection=Detection("ja", "none", (), ()))
        warehouse.load(make_batch(unread, japanese))
        home = publish(warehouse)
        assert "detection was not run" in explain_address(home, "http://wire.example/unread")["verdict"]
        assert (
            "no lexicon for its language (ja)" in explain_address(home, "http://wire.example/ja")["verdict"]
        )

    def test_a_copy_and_its_origin_know_each_other(self, warehouse: Warehouse) -> None:
        origin = load_article(make_article("origin"))
        article = make_article("copy")
        link = make_link(article, origin.article, origin.cluster_id)
        warehouse.load(make_batch(origin, load_article(article, links=(link,), outcome=Outcome.COPY)))
        home = publish(warehouse)
        for name in ("origin", "copy"):
            (link_told,) = explain_address(home, f"http://wire.example/{name}")["copies"]
            assert link_told["address"] == article.address
            assert link_told["origin_address"] == origin.article.address

    def test_an_item_whose_page_names_another_address_leads_to_the_article(
        self, warehouse: Warehouse
    ) -> None:
        loaded = load_article(make_article("canonical"))
        end = ItemEnd(make_item("listed"), Outcome.STORED, "", loaded.article.article_id)
        warehouse.load(make_batch(loaded, ends=(end,)))
        told = explain_address(publish(warehouse), "http://wire.example/listed")
        assert told["article_id"] == str(loaded.article.article_id)
        assert [version["title"] for version in told["versions"]] == ["Title of canonical"]

    def test_a_contact_that_a_new_version_dropped(self, warehouse: Warehouse) -> None:
        old = load_article(make_article("a"), make_contact(status=Status.PROPOSED))
        event = make_event(status=Status.PROPOSED)
        held = Suppressed(
            event.event_id, old.contact_ids[0], old.article.article_id, NOW, Hold.STATUS_OFF, "nobody asked"
        )
        change = Change(make_report(old), None, event, None, "new")
        warehouse.load(make_batch(old, changes=(change,), suppressed=(held,)))
        warehouse.load(make_batch(load_article(make_article("a", text="two"), version=2), loaded_at=hours(1)))
        told = explain_address(publish(warehouse), "http://wire.example/a")
        assert [(c["version"], c["superseded"]) for c in told["contacts"]] == [(1, True)]
        assert [version["version"] for version in told["versions"]] == [1, 2]

    def test_an_address_that_is_none_is_found_as_it_was_listed(self, warehouse: Warehouse) -> None:
        item = replace(make_item("x"), address="http://[::1")
        warehouse.load(make_batch(ends=(ItemEnd(item, Outcome.REFUSED, "no address"),)))
        told = explain_address(publish(warehouse), "http://[::1")
        assert told["verdict"] == "no article came of it: refused (no address)"
        assert warehouse.known_items(["wire"]).get("wire", {}) == {"http://[::1": "f1"}

    def test_an_unknown_address_is_said_to_be_unknown(self, warehouse: Warehouse) -> None:
        warehouse.load(replace(call_batch(), run_id=2))
        with pytest.raises(NotFound, match=r"nothing is known of http://wire\.example/nowhere"):
            explain_address(publish(warehouse), "http://wire.example/nowhere")
