"""``parley merge``, ``split``, ``reject``, ``mute``: an analyst's word, carried out and told at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain import verdicts
from domain.alert_message import message
from domain.event_model import Event, Report
from domain.identity import article_id, canonical_address
from domain.verdicts import Desk, Ruling, VerdictError
from flows.connect import channels_of, paces_of, policy_of
from flows.delivery import deliver_owed
from flows.job import utc_now
from flows.pairs import names_of, pair_named
from flows.settings import folders_watch, load_watch
from flows.show import tell
from warehouse.store import Warehouse

RUN_ID = 0  # alerts that follow from a word belong to no run
FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)

Decision = Callable[[Desk, "Shelf"], Ruling]


class Shelf:
    """The events of the pair and their reports, looked up by what an analyst types."""

    def __init__(self, warehouse: Warehouse, pair: str) -> None:
        self._warehouse, self._pair = warehouse, pair
        self._events = {event.event_id: event for event in warehouse.events(pair)}

    def event(self, written: str) -> Event:
        """The event of this id; raises VerdictError where there is none."""
        event = self._events.get(int(written)) if written.isascii() and written.isdigit() else None
        if event is None:
            raise VerdictError(f"no event {written}: `parley events` lists those there are")
        return event

    def reports(self, event: Event) -> tuple[Report, ...]:
        """All that tells an event."""
        return tuple(
            vote.report
            for vote in self._warehouse.votes_for(self._pair, [event.event_id]).get(event.event_id, ())
        )

    def part(self, event: Event, written: list[str]) -> tuple[list[Report], list[Report]]:
        """The reports of an event that these contact ids or addresses name, and the rest of them."""
        reports = self.reports(event)
        chosen = [report for report in reports if any(_names(text, report) for text in written)]
        for text in written:
            if not any(_names(text, report) for report in reports):
                raise VerdictError(
                    f"event {event.event_id} has no contact {text}: `parley explain {event.event_id}` lists them"
                )
        return chosen, [report for report in reports if report not in chosen]


def _names(written: str, report: Report) -> bool:
    if written.isdigit():
        return int(written) == report.contact_id
    try:
        return article_id(canonical_address(written)) == report.article_id
    except ValueError:
        return False


def merge(options: argparse.Namespace) -> int:
    """Two events are one."""

    def decision(desk: Desk, shelf: Shelf) -> Ruling:
        event, into = shelf.event(options.event), shelf.event(options.into)
        return verdicts.merge(desk, event, into, shelf.reports(event), shelf.reports(into))

    return _carry_out(options, decision)


def split(options: argparse.Namespace) -> int:
    """Some contacts of an event are another one."""

    def decision(desk: Desk, shelf: Shelf) -> Ruling:
        event = shelf.event(options.event)
        return verdicts.split(desk, event, *shelf.part(event, options.contacts))

    return _carry_out(options, decision)


def reject(options: argparse.Namespace) -> int:
    """An event, or some contacts of it, never were."""

    def decision(desk: Desk, shelf: Shelf) -> Ruling:
        event = shelf.event(options.event)
        if options.undo:
            return verdicts.restore(desk, event, shelf.reports(event))
        if options.contact:
            return verdicts.reject_contacts(desk, event, *shelf.part(event, options.contact))
        return verdicts.reject(desk, event, shelf.reports(event))

    return _carry_out(options, decision)


def mute(options: argparse.Namespace) -> int:
    """No alerts about an event for some days, or for good."""

    def decision(desk: Desk, shelf: Shelf) -> Ruling:
        event = shelf.event(options.event)
        until = desk.now + timedelta(days=options.days) if options.days else FOR_GOOD
        return verdicts.mute(desk, event, shelf.reports(event), until)

    return _carry_out(options, decision)


def unmute(options: argparse.Namespace) -> int:
    """Alerts about an event again."""

    def decision(desk: Desk, shelf: Shelf) -> Ruling:
        event = shelf.event(options.event)
        return verdicts.mute(desk, event, shelf.reports(event), None)

    return _carry_out(options, decision)


def _carry_out(options: argparse.Namespace, decision: Decision) -> int:
    watch = load_watch(options.watch) if options.watch.exists() else folders_watch([], None)
    pair = pair_named(watch.watch.pair)
    now = utc_now()
    desk = Desk(now, policy_of(watch), names_of(pair), options.note)
    with Warehouse.open(options.home, now=now) as warehouse:
        ruling = decision(desk, Shelf(warehouse, pair.slug))
        warehouse.rule(ruling, [message(alert) for alert in ruling.alerts], run_id=RUN_ID)
        done = deliver_owed(warehouse, channels_of(watch, options.home), utc_now, paces_of(watch))
        warehouse.publish()
    for change in ruling.changes:
        tell(f"event {change.after.event_id} ({change.after.standing.value}): {change.why}")
    for alert in ruling.alerts:
        tell(f"  [{alert.reason.value}] {alert.headline}")
    tell(
        f"{done.sent} messages sent, {done.waiting + done.dead} not taken"
        if ruling.alerts
        else "no alert follows"
    )
    for channel, error in done.errors:
        tell(f"  {channel}: {error}")
    return 0
