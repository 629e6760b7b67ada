"""The part of the warehouse that remembers sources between passes; ``Warehouse.sources`` is one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from domain.event_model import Message
from domain.health import Finding, HealthChange, SourceFacts
from domain.model import FetchState, SiteRules
from warehouse import event_rows, health_rows, source_rows, writes
from warehouse.batch import ListingEnd
from warehouse.captures import Captures, Packed
from warehouse.errors import WarehouseError

Guard = Callable[[str], AbstractContextManager[None]]


class SourceBook:
    """Fetch states, robots.txt, captures and health. Errors and transactions are those of the warehouse."""

    def __init__(
        self,
        home: Path,
        connection: Callable[[], duckdb.DuckDBPyConnection],
        reading: Guard,
        transaction: Guard,
    ) -> None:
        self._con = connection
        self._reading = reading
        self._transaction = transaction
        self._captures = Captures(home)

    def fetch_states(self) -> dict[str, FetchState]:
        """What sources remember, by slug, to be asked only for what changed."""
        with self._reading("reading the fetch states"):
            return source_rows.fetch_states(self._con())

    def record_listings(self, run_id: int, listings: Sequence[ListingEnd]) -> None:
        """Record how the listings of a run went, before its end, so that they count for the health of sources."""
        with self._transaction("recording the listings"):
            writes.record_listings(self._con(), run_id, listings)

    def rules(self, since: datetime) -> dict[str, SiteRules]:
        """The robots.txt that were asked for since then, by origin."""
        with self._reading("reading robots.txt"):
            return source_rows.site_rules(self._con(), since)

    def record_rules(self, rules: Collection[SiteRules]) -> None:
        """Keep robots.txt for the passes of the next hours."""
        if rules:
            with self._transaction("recording robots.txt"):
                source_rows.record_rules(self._con(), rules)

    def keep(self, fetched: Sequence[Packed], now: datetime) -> None:
        """Keep the bytes of fetches; those that are kept already are not stored again."""
        with self._reading("reading the captures"):
            known = source_rows.captured(self._con(), {raw.sha256 for raw in fetched})
            file = self._captures.file_of(now)
            end = source_rows.captures_end(self._con(), file)
        new = {raw.sha256: raw for raw in reversed(fetched) if raw.sha256 not in known}
        if not new:
            return
        kept = self._captures.append(list(reversed(new.values())), end, now)
        with self._transaction(f"recording {len(kept)} captures"):
            source_rows.record_captures(self._con(), kept)

    def capture(self, sha256: str) -> bytes:
        """The bytes with this hash; raises WarehouseError where they are not kept (any more)."""
        with self._reading("looking for a capture"):
            row = source_rows.capture_of(self._con(), sha256)
        if row is None:
            raise WarehouseError(f"no capture {sha256} is kept: it was never fetched, or its time was up")
        return self._captures.get(row)

    def retain(self, now: datetime, *, days: int, most_bytes: int) -> list[str]:
        """Delete the oldest files of captures beyond an age or a size (0: no limit); gives their names.

        The file of today always stays.
        """
        oldest = self._captures.file_of(now - timedelta(days=days)) if days else ""
        today = self._captures.file_of(now)
        sizes = self._captures.sizes()
        total = sum(size for _, size in sizes)
        gone = []
        for file, size in sizes:
            if file >= today or not (file < oldest or (most_bytes and total > most_bytes)):
                break
            gone.append(file)
            total -= size
        if gone:
            with self._transaction("forgetting old captures"):
                source_rows.forget_captures(self._con(), gone)
            self._captures.drop(gone)
        return gone

    def facts(self, slugs: Collection[str], now: datetime) -> tuple[SourceFacts, ...]:
        """What is known of these sources, to judge their health by."""
        with self._reading("reading the health of sources"):
            return health_rows.facts(self._con(), slugs, now)

    def record_health(
        self,
        findings: Sequence[Finding],
        now: datetime,
        *,
        render: Callable[[HealthChange], Message],
        channels: Sequence[str],
        run_id: int,
    ) -> tuple[HealthChange, ...]:
        """Record the states of sources and, in the same transaction, what operators are owed of them.

        ``render`` writes a notice; ``channels`` are those that take notices. Gives what is to be told.
        """
        with self._transaction("recording the health of sources"):
            changes = health_rows.record(self._con(), findings, now)
            notices = [event_rows.notice_row(render(change), run_id=run_id) for change in changes]
            health_rows.load_notices(self._con(), notices, channels)
            return changes
