"""What travels into and out of the warehouse: one frozen type per load, record and answer.

Instants are aware datetimes and are stored in UTC; ids are unsigned 64-bit integers that the caller computes
(domain.identity), so that the same thing has the same id in every run and on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.event_model import Alert, Change, Message, Suppressed
from domain.model import Article, CopyLink, Detection, Fetch, FetchState, Item, Outcome


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A configured source as the view ``sources`` shows it; ``side`` is "paris", "moscow" or "third"."""

    slug: str
    kind: str
    address: str
    side: str | None = None
    language: str | None = None
    name: str | None = None
    tier: str | None = None
    country: str | None = None
    state_affiliated: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One pass of the monitor as it begins; ``engine`` is "plain" or "prefect", ``version`` Parley's."""

    run_id: int
    started_at: datetime
    command: str
    engine: str
    version: str
    watch_sha256: str
    sources: tuple[SourceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """An article (version) with everything found out about it, ready to be stored.

    ``contact_ids`` runs parallel to ``detection.contacts``; ``keys`` is the sketch (32-bit keys) by which
    copies are found; ``outcome`` is the same as in the item's end.
    """

    article: Article
    version: int
    outcome: Outcome
    keys: tuple[int, ...]
    links: tuple[CopyLink, ...]
    cluster_id: int
    detection: Detection | None
    contact_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemEnd:
    """How one item ended: exactly one outcome and, in a sentence, why ("" where there is nothing to say)."""

    item: Item
    outcome: Outcome
    detail: str = ""
    article_id: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What is loaded in one transaction: all of it or nothing.

    ``payloads`` runs parallel to ``alerts``; each alert names the channels that want it. ``cluster_merges`` are
    pairs (cluster that ends, cluster it becomes part of).
    """

    run_id: int
    loaded_at: datetime
    pair: str
    rules_version: str
    articles: tuple[LoadedArticle, ...] = ()
    ends: tuple[ItemEnd, ...] = ()
    changes: tuple[Change, ...] = ()
    alerts: tuple[Alert, ...] = ()
    payloads: tuple[Message, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    cluster_merges: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if len(self.alerts) != len(self.payloads):
            raise ValueError(
                f"{len(self.alerts)} alerts but {len(self.payloads)} payloads: they run in parallel"
            )
        for loaded in self.articles:
            found = len(loaded.detection.contacts) if loaded.detection else 0
            if found != len(loaded.contact_ids):
                raise ValueError(
                    f"{loaded.article.address}: {found} contacts but {len(loaded.contact_ids)} contact ids"
                )


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many items of a source ended in an outcome that is counted, not stored item by item."""

    source: str
    outcome: Outcome
    count: int


@dataclass(frozen=True, slots=True)
class ListingEnd:
    """How the listing of one source went; ``error`` is None where it worked (or nothing had changed).

    ``status`` is the HTTP status behind an error, where there was one.
    """

    source: str
    at: datetime
    items: int = 0
    not_modified: bool = False
    error: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class RunFinish:
    """The end of a run: ``state`` is "done", "failed" or "stopped".

    ``states`` holds the fetch state of those sources whose items all ended: only they may be asked "only if
    changed" next time.
    """

    run_id: int
    ended_at: datetime
    state: str
    detail: str = ""
    counts: tuple[OutcomeCount, ...] = ()
    listings: tuple[ListingEnd, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    states: tuple[tuple[str, FetchState], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """The latest stored version of an article; ``cluster_id`` is the cluster after all merges."""

    article_id: int
    version: int
    text_sha256: str
    cluster_id: int


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A message that a channel is still owed; ``attempts`` were made before.

    ``digest_id`` is the id of the digest as part of which it was sent, or was about to be.
    """

    message: Message
    channel: str
    attempts: int
    digest_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt to deliver: sent (``ok``), to be repeated (``next_attempt_at``) or given up (``dead``)."""

    alert_id: int
    channel: str
    at: datetime
    ok: bool
    detail: str = ""
    next_attempt_at: datetime | None = None
    dead: bool = False
