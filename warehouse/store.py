"""The writer's side of the warehouse: one process, one connection, every write a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType

import duckdb

from domain.copies import StoredText
from domain.event_model import Event, Message
from domain.revision import Vote
from domain.verdicts import Ruling
from warehouse import migrate, reads, writes
from warehouse.batch import (
    Batch,
    DeliveryAttempt,
    PendingDelivery,
    Run,
    RunFinish,
    SourceRow,
    StoredArticle,
)
from warehouse.errors import WarehouseBroken, WarehouseBusy, WarehouseError, chain_duckdb_errors
from warehouse.loads import load_batch
from warehouse.lock import WriterLock
from warehouse.paths import live_file, lock_file, published_file, spill_folder
from warehouse.publish import copy_durably, remove_stale_copies
from warehouse.rulings import load_ruling
from warehouse.source_book import SourceBook
from warehouse.statements import run

STORAGE_VERSION = "v1.5.0"  # so that today's command line, DBeaver and drivers open the snapshot


class Warehouse:
    """The one writer of a home; a context manager. Not for use from two threads at a time.

    Every method raises WarehouseError (or WarehouseBroken, after which only ``close`` works) with DuckDB's
    error as its cause. A write happens wholly or not at all.
    """

    def __init__(self, home: Path, lock: WriterLock) -> None:
        self._home = home
        self._lock = lock
        self._con = _connect(home)
        self.sources = SourceBook(home, lambda: self._con, self._reading, self._transaction)

    @classmethod
    def open(cls, home: Path, *, now: datetime, wait_seconds: float = 0) -> Warehouse:
        """Open the warehouse of a home for writing; makes the home and the database where there is none.

        ``now`` is the time recorded with migrations. ``wait_seconds`` bounds the wait for another writer.

        Raises:
            WarehouseBusy: where another process writes to this home, or holds the live file open.
            MigrationError: where the file does not fit this version of Parley.
        """
        try:
            published_file(home).parent.mkdir(parents=True, exist_ok=True)
            lock = WriterLock.take(lock_file(home), wait_seconds=wait_seconds)
        except OSError as error:
            raise WarehouseError(
                f"{home} cannot be used as a home: {error.strerror or error}; name a folder you may write to"
            ) from error
        try:
            warehouse = cls(home, lock)
        except BaseException:
            lock.release()
            raise
        try:
            warehouse._prepare(now)
        except BaseException:
            warehouse.close()
            raise
        return warehouse

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def home(self) -> Path:
        """The home this warehouse lives in."""
        return self._home

    def close(self) -> None:
        """Close the database and let the next writer in; a second call does nothing."""
        try:
            self._con.close()
        finally:
            self._lock.release()

    # ---- reads

    def known_items(self, sources: Collection[str]) -> dict[str, dict[str, str]]:
        """By source: canonical address -> fingerprint of its items, without those that are to be tried again."""
        with self._reading("reading the known items"):
            return reads.known_items(self._con, sources)

    def first_listed(self, source: str) -> datetime | None:
        """When a listing of this source first succeeded; None where none has."""
        with self._reading("reading the listings"):
            return reads.first_listed(self._con, source)

    def stored(self, article_ids: Collection[int]) -> dict[int, StoredArticle]:
        """The latest version of those articles that are stored."""
        with self._reading("reading stored articles"):
            return reads.stored(self._con, article_ids)

    def same_text(self, text_sha256s: Collection[str]) -> dict[str, tuple[StoredText, ...]]:
        """Text hash -> all articles that ever had this text, first seen first."""
        with self._reading("looking for equal texts"):
            return reads.same_text(self._con, text_sha256s)

    def copy_candidates(
        self, keys: Mapping[int, Sequence[int]], *, since: datetime | None, most: int = 50
    ) -> dict[int, tuple[StoredText, ...]]:
        """Article id -> stored articles that share sketch keys with it (see reads.copy_candidates)."""
        with self._reading("looking for copies"):
            return reads.copy_candidates(self._con, keys, since=since, most=most)

    def events(self, pair: str) -> tuple[Event, ...]:
        """All events of a pair, in the order in which they were first recorded."""
        with self._reading("reading events"):
            return reads.events(self._con, pair)

    def votes(self, pair: str, article_ids: Collection[int]) -> dict[int, tuple[Vote, ...]]:
        """Article id -> what its latest version told of the pair, with the events it was joined to."""
        with self._reading("reading the contacts of articles"):
            return reads.votes(self._con, pair, article_ids)

    def votes_for(self, pair: str, event_ids: Collection[int]) -> dict[int, tuple[Vote, ...]]:
        """Event id -> all that tells it, latest versions only, without what analysts have rejected."""
        with self._reading("reading the contacts of events"):
            return reads.votes_for(self._con, pair, event_ids)

    def pins(self) -> tuple[dict[int, int], dict[int, int]]:
        """Contact -> the event to which an analyst has tied it; rejected contact -> the event that it was of."""
        with self._reading("reading what analysts have said"):
            return reads.pins(self._con)

    def pending(self, channel: str, now: datetime) -> tuple[PendingDelivery, ...]:
        """Messages that a channel is owed and that are due at ``now``, oldest alert first."""
        with self._reading("reading the ledger"):
            return reads.pending(self._con, channel, now)

    def sent_since(self, channel: str, since: datetime) -> int:
        """How many messages a channel has taken since then."""
        with self._reading("reading the ledger"):
            return reads.sent_since(self._con, channel, since)

    # ---- writes

    def begin_run(self, begun: Run) -> None:
        """Record that a run has begun, with its sources; runs a crash left "running" become "stopped"."""
        with self._transaction("recording the begin of the run"):
            writes.begin_run(self._con, begun)

    def record_sources(self, sources: Sequence[SourceRow], *, at: datetime) -> None:
        """Record the sources as they are now configured."""
        with self._transaction("recording the sources"):
            writes.record_sources(self._con, sources, at)

    def load(self, batch: Batch) -> None:
        """Load a batch in one transaction; loading it again changes nothing."""
        with self._transaction(f"loading {len(batch.articles)} articles"):
            load_batch(self._con, batch)

    def rule(self, ruling: Ruling, messages: Sequence[Message], *, run_id: int) -> None:
        """Do what an analyst has said, in one transaction; ``messages`` run parallel to the ruling's alerts."""
        with self._transaction(f"recording a verdict ({ruling.verdict.action.value})"):
            load_ruling(self._con, ruling, messages, run_id)

    def record_delivery(self, attempt: DeliveryAttempt) -> None:
        """Record one attempt to deliver an alert through a channel."""
        with self._transaction("recording a delivery"):
            writes.record_delivery(self._con, attempt)

    def fold(self, channel: str, alert_ids: Sequence[int], digest_id: int) -> None:
        """Write down, before it is sent, that a channel is to get these alerts as the digest of this id."""
        with self._transaction("composing a digest"):
            writes.fold(self._con, channel, alert_ids, digest_id)

    def owe_again(self, at: datetime) -> int:
        """Let everything that was given up, or waits for its next try, be due at ``at``; gives how many."""
        with self._transaction("taking up deliveries again"):
            return writes.owe_again(self._con, at)

    def finish_run(self, finish: RunFinish) -> None:
        """Record in one transaction how a run ended, its counts, listings, fetches and fetch states."""
        with self._transaction("recording the end of the run"):
            writes.finish_run(self._con, finish)

    def publish(self) -> Path:
        """Replace the published snapshot by the present state; returns its path. Readers keep theirs."""
        target = published_file(self._home)
        with self._detached("publishing the snapshot"):
            remove_stale_copies(target)
            copy_durably(live_file(self._home), target, mode=0o444)
        return target

    # ---- inside

    def _prepare(self, now: datetime) -> None:
        with chain_duckdb_errors(f"opening {live_file(self._home)}"):
            migrations = migrate.packaged_migrations()
            applied = migrate.applied_versions(self._con)
            pending = migrate.pending_migrations(applied, migrations)
        for script in pending:
            if applied:
                backup = live_file(self._home).with_name(
                    f"{live_file(self._home).name}.before-{script.version:04d}"
                )
                with self._detached("copying the database before a migration"):
                    remove_stale_copies(backup)
                    copy_durably(live_file(self._home), backup, mode=0o600)
            migrate.apply_migration(self._con, script, now)
        with chain_duckdb_errors("creating the views"):
            migrate.refresh_views(self._con, migrate.packaged_views(), all_of_them=bool(pending))

    @contextmanager
    def _reading(self, doing: str) -> Iterator[None]:
        with chain_duckdb_errors(f"{live_file(self._home)}: {doing}"):
            yield

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[None]:
        with chain_duckdb_errors(f"{live_file(self._home)}: {doing}"):
            run(self._con, "BEGIN")
            try:
                yield
                run(self._con, "COMMIT")
            except BaseException as error:
                self._roll_back(error)
                raise

    def _roll_back(self, cause: BaseException) -> None:
        try:
            run(self._con, "ROLLBACK")
        except duckdb.Error as error:
            # A failed COMMIT has ended the transaction already, a fatal error ends everything: the cause counts.
            cause.add_note(f"rolling back said: {error}")

    @contextmanager
    def _detached(self, doing: str) -> Iterator[None]:
        """The live file checkpointed and closed in this process, to be copied; opened again afterwards."""
        with chain_duckdb_errors(f"{live_file(self._home)}: {doing}"):
            run(self._con, "FORCE CHECKPOINT")
            self._con.close()
        try:
            log = live_file(self._home).with_name(live_file(self._home).name + ".wal")
            if log.exists():
                raise WarehouseError(
                    f"{doing}: {log} is still there after a checkpoint, so the file is not whole"
                )
            yield
        finally:
            self._con = _connect(self._home)


def _connect(home: Path) -> duckdb.DuckDBPyConnection:
    path = live_file(home)
    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(spill_folder(home)),
        },
    )
    try:
        # A path cannot be bound as a parameter here.
        quoted = str(path).replace("'", "''")
        run(con, f"ATTACH '{quoted}' AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}')")
        run(con, "USE warehouse")
        run(con, "SET TimeZone = 'UTC'")
    except duckdb.Error as error:
        con.close()
        if isinstance(error, duckdb.IOException) and "lock" in str(error):
            raise WarehouseBusy(path, f"another program ({error})") from error
        raise WarehouseBroken(
            f"{path} cannot be opened: {error}; if it is damaged, move it away and put back a copy of it or "
            f"of the published snapshot"
        ) from error
    return con
