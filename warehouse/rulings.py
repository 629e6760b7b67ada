"""Write what follows from an analyst's word; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from domain.event_model import Message
from domain.verdicts import Ruling
from warehouse import event_rows
from warehouse.arrow import Row, insert_new, replace
from warehouse.loads import load_alerts, replace_events
from warehouse.statements import run


def load_ruling(
    con: duckdb.DuckDBPyConnection, ruling: Ruling, messages: Sequence[Message], run_id: int
) -> None:
    """Write the word, the events as they now are, what belongs to which, the history and the alerts."""
    verdict = ruling.verdict
    replace_events(con, [change.after for change in ruling.changes], verdict.at)
    for contact_id, event_id in ruling.tied:
        run(
            con,
            "UPDATE core.event_contact SET event_id = ?, doubt = '', why = why || '; tied by an analyst' "
            "WHERE contact_id = ?",
            [event_id, contact_id],
        )
    pins: list[Row] = [
        {"contact_id": contact_id, "event_id": event_id, "kept": kept, "verdict_id": verdict.verdict_id}
        for kept, pairs in ((True, ruling.tied), (False, ruling.rejected))
        for contact_id, event_id in pairs
    ]
    replace(con, "core.pin", "contact_id", pins)
    told = [change for change in ruling.changes if event_rows.altered_fields(change)]
    history = [event_rows.history_row(one, at=verdict.at, position=number) for number, one in enumerate(told)]
    insert_new(con, "core.event_history", ("event_id", "contact_id", "changed_at"), history)
    load_alerts(con, ruling.alerts, messages, run_id)
    word: Row = {
        "verdict_id": verdict.verdict_id,
        "decided_at": verdict.at,
        "action": verdict.action.value,
        "event_id": verdict.event_id,
        "other_event_id": verdict.other_event_id,
        "contact_ids": list(verdict.contact_ids),
        "until": verdict.until,
        "note": verdict.note,
    }
    insert_new(con, "core.verdict", ("verdict_id",), [word])
