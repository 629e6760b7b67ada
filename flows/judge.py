"""Articles -> one batch to load: copies, contacts, events and alerts, decided before anything is written.

No network, no disk: what the warehouse knows comes in as ``Known``, what it has to store goes out as ``Batch``.
Articles are judged in the order given; each sees what the ones before it in the batch have changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain import alerts, copies
from domain.alert_message import message
from domain.contacts import Document, find_contacts
from domain.copies import StoredText
from domain.event_model import Alert, Change, Event, Report, Suppressed
from domain.identity import hash64
from domain.lexicon import LexiconError
from domain.model import Article, Contact, CopyLink, Detection, Hold, Item, Outcome
from domain.people import Pair
from domain.revision import Vote, revise
from flows.version import RULES_VERSION
from warehouse.batch import Batch, ItemEnd, LoadedArticle, StoredArticle

FEWEST_SHARED_KEYS = 2
FEWEST_WORDS = 25  # a read-out in one sentence is the same for two calls; longer texts are not


@dataclass(frozen=True, slots=True)
class Task:
    """What the judge needs to know beside the articles: the pair, the policy, the run and the clock's time."""

    pair: Pair
    names: tuple[str, str]
    policy: alerts.Policy
    run_id: int
    now: datetime
    watched_since: Mapping[str, datetime]  # source -> when it was first listed; absent: no clock


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse knows that bears on the articles at hand."""

    stored: Mapping[int, StoredArticle]
    same_text: Mapping[str, Sequence[StoredText]]
    candidates: Mapping[int, Sequence[StoredText]]
    events: Sequence[Event]
    votes: Mapping[
        int, Sequence[Vote]
    ]  # of the articles at hand, by article: what their versions so far told
    tellers: Mapping[int, Sequence[Report]]  # by event of those votes: all that tells it
    pins: Mapping[int, int]  # contact -> event to which an analyst has tied it
    rejected: Mapping[int, int]  # contact that an analyst has rejected -> the event that it was of


@dataclass(slots=True)
class _Desk:
    """What changes while a batch is judged."""

    known: Known
    stored: dict[int, StoredArticle]
    events: dict[int, Event]
    texts: list[tuple[int, int, str, frozenset[int], str]] = field(default_factory=list)
    loaded: list[LoadedArticle] = field(default_factory=list)
    ends: list[ItemEnd] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    merges: list[tuple[int, int]] = field(default_factory=list)
    tellers: dict[int, list[Report]] = field(default_factory=dict)


def sketches(articles: Sequence[tuple[Item, Article]]) -> dict[int, tuple[int, ...]]:
    """The keys by which copies of these articles are looked up, by article."""
    return {article.article_id: copies.sketch(article.text) for _, article in articles}


def judge(
    articles: Sequence[tuple[Item, Article]],
    keys: Mapping[int, tuple[int, ...]],
    known: Known,
    task: Task,
    failed: Sequence[ItemEnd] = (),
) -> Batch:
    """Everything that follows from these articles, as one batch."""
    desk = _Desk(known, dict(known.stored), {event.event_id: event for event in known.events})
    desk.tellers = {event_id: list(reports) for event_id, reports in known.tellers.items()}
    desk.ends.extend(failed)
    for item, article in articles:
        try:
            _judge_one(desk, item, article, keys[article.article_id], task)
        except LexiconError:
            raise  # the rules themselves are broken: that is no fault of the article, and would hit every other one
        except Exception as error:  # noqa: BLE001 - one article that the rules break on must not stop the others
            detail = f"the rules broke on it: {type(error).__name__}: {error}"
            desk.ends.append(ItemEnd(item, Outcome.EXTRACT_FAILED, detail))
    return Batch(
        run_id=task.run_id,
        loaded_at=task.now,
        pair=task.pair.slug,
        rules_version=RULES_VERSION,
        articles=tuple(desk.loaded),
        ends=tuple(desk.ends),
        changes=tuple(desk.changes),
        alerts=tuple(desk.alerts),
        payloads=tuple(message(alert) for alert in desk.alerts),
        suppressed=tuple(desk.suppressed),
        cluster_merges=tuple(desk.merges),
    )


def _judge_one(desk: _Desk, item: Item, article: Article, keys: tuple[int, ...], task: Task) -> None:
    before = desk.stored.get(article.article_id)
    if before is not None and before.text_sha256 == article.text_sha256:
        desk.ends.append(ItemEnd(item, Outcome.UNCHANGED, "", article.article_id))
        return
    detection = find_contacts(
        Document(article.title, article.text, article.published, article.language), task.pair, trace=True
    )
    version = before.version + 1 if before else 1
    links, cluster = ((), before.cluster_id) if before else _find_copies(desk, article, keys)
    outcome = _outcome(article, before, links)
    contact_ids = tuple(contact_id(article.article_id, version, contact) for contact in detection.contacts)
    reports = [
        Report(
            contact_id=cid,
            article_id=article.article_id,
            version=version,
            cluster_id=cluster,
            outlet=article.outlet,
            address=article.address,
            published=article.published,
            seen_at=article.seen_at,
            contact=contact,
            language=detection.language,
            copied=bool(links) and len(article.text.split()) >= FEWEST_WORDS,
        )
        for cid, contact in zip(contact_ids, detection.contacts, strict=True)
    ]
    _resolve(desk, article.article_id, reports, item.source, task)
    desk.stored[article.article_id] = StoredArticle(article.article_id, version, article.text_sha256, cluster)
    desk.texts.append((article.article_id, cluster, article.text, frozenset(keys), article.text_sha256))
    desk.loaded.append(LoadedArticle(article, version, outcome, keys, links, cluster, detection, contact_ids))
    desk.ends.append(ItemEnd(item, outcome, _detail(links, detection), article.article_id))


def contact_id(article_id: int, version: int, contact: Contact) -> int:
    """The id of a contact: its article, its words and what they were read as."""
    evidence = contact.evidence
    return hash64(
        "contact",
        article_id,
        version,
        contact.kind,
        contact.status,
        contact.date.label,
        evidence.field,
        evidence.start,
        evidence.end,
    )


def _find_copies(desk: _Desk, article: Article, keys: tuple[int, ...]) -> tuple[tuple[CopyLink, ...], int]:
    """The links to earlier texts, and the cluster; clusters that the article ties together become one."""
    same = list(desk.known.same_text.get(article.text_sha256, ()))
    candidates = list(desk.known.candidates.get(article.article_id, ()))
    mine = frozenset(keys)
    for other_id, cluster, text, theirs, text_sha256 in desk.texts:
        if other_id == article.article_id:
            continue
        shared = len(mine & theirs)
        if text_sha256 == article.text_sha256:
            same.append(StoredText(other_id, cluster, text, shared))
        elif shared >= FEWEST_SHARED_KEYS:
            candidates.append(StoredText(other_id, cluster, text, shared))
    links = copies.link(article.article_id, article.text, same, candidates)
    if not links:
        return (), article.article_id
    clusters = {stored.article_id: stored.cluster_id for stored in (*same, *candidates)}
    cluster = links[0].cluster_id
    for link in links:
        merge = (clusters[link.origin_id], cluster)
        if merge[0] != cluster and merge not in desk.merges:
            desk.merges.append(merge)
    return links, cluster


def _outcome(article: Article, before: StoredArticle | None, links: tuple[CopyLink, ...]) -> Outcome:
    if before is not None:
        return Outcome.NEW_VERSION
    if links:
        return Outcome.COPY
    return Outcome.STORED if article.published else Outcome.STORED_UNDATED


def _detail(links: tuple[CopyLink, ...], detection: Detection) -> str:
    if links:
        first = links[0]
        return f"{first.relation} of article {first.origin_id} (containment {first.containment5:.2f})"
    return f"{len(detection.contacts)} contacts" if detection.contacts else ""


def _resolve(desk: _Desk, article_id: int, reports: list[Report], source: str, task: Task) -> None:
    known = desk.known
    for report in reports:
        if report.contact_id in known.rejected:
            detail = "an analyst has rejected this contact"
            event_id = known.rejected[report.contact_id]
            held = Suppressed(event_id, report.contact_id, article_id, task.now, Hold.REJECTED, detail)
            desk.suppressed.append(held)
    kept = [report for report in reports if report.contact_id not in known.rejected]
    votes = known.votes.get(article_id, ())
    for reports_of_event in desk.tellers.values():
        reports_of_event[:] = [report for report in reports_of_event if report.article_id != article_id]
    for change in revise(kept, votes, desk.tellers, tuple(desk.events.values()), task.pair.slug, known.pins):
        event, alert, held_back = alerts.decide(
            change,
            task.policy,
            task.names,
            now=task.now,
            watched_since=task.watched_since.get(source),
            events=desk.events.values(),
        )
        desk.events[event.event_id] = event
        if event.event_id in desk.tellers and not change.withdrawn:
            desk.tellers[event.event_id].append(change.report)
        # The stored change carries the event as its users know it after the alert.
        desk.changes.append(replace(change, after=event))
        if alert is not None:
            desk.alerts.append(alert)
        if held_back is not None and not change.withdrawn:
            desk.suppressed.append(held_back)
