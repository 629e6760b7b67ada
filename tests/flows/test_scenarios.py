"""Scripted streams of news through the whole pipeline: the alerts that must come, and no others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain import verdicts
from domain.alert_message import message
from domain.alerts import Policy
from domain.copies import text_sha256
from domain.event_model import Alert, Event
from domain.identity import article_id, canonical_address
from domain.model import Article, Item, Published
from domain.people import DEFAULT_PAIR
from domain.verdicts import Desk, Ruling
from flows.judge import Task, judge, sketches
from flows.pairs import names_of
from flows.steps import look_up
from warehouse.batch import Run
from warehouse.store import Warehouse

STREAMS = tomllib.loads(
    (Path(__file__).parents[1] / "scenarios" / "streams.toml").read_text(encoding="utf-8")
)["stream"]
BEGIN = datetime(2017, 1, 1, tzinfo=UTC)
PAIR = DEFAULT_PAIR


@dataclass
class Newsroom:
    """A warehouse into which a stream is told, step by step."""

    warehouse: Warehouse
    alerts: list[Alert] = field(default_factory=list)
    now: datetime = BEGIN

    def step(self, line: str) -> None:
        if line.startswith("!"):
            self.rule(line[1:].split())
        else:
            self.tell([read(line)])

    def tell(self, articles: Sequence[tuple[Item, Article]]) -> None:
        keys = sketches(articles)
        times = [article.published.at.astimezone(UTC) for _, article in articles if article.published]
        self.now = max([self.now + timedelta(seconds=1), *times])
        task = Task(PAIR, names_of(PAIR), Policy(), run_id=1, now=self.now, watched_since={})
        batch = judge(articles, keys, look_up(self.warehouse, articles, keys, PAIR, self.now), task)
        self.warehouse.load(batch)
        self.warehouse.load(batch)  # as after a crash that hid that it was done: nothing may change
        self.alerts += batch.alerts

    def rule(self, words: list[str]) -> None:
        self.now += timedelta(seconds=1)
        desk = Desk(self.now, Policy(), names_of(PAIR))
        ruling = self.ruling(desk, words)
        messages = [message(alert) for alert in ruling.alerts]
        self.warehouse.rule(ruling, messages, run_id=1)
        self.alerts += ruling.alerts

    def ruling(self, desk: Desk, words: list[str]) -> Ruling:
        event = self.event(words[1])
        reports = [vote.report for vote in self.votes(event)]
        match words[0]:
            case "merge":
                into = self.event(words[2])
                return verdicts.merge(desk, event, into, reports, [v.report for v in self.votes(into)])
            case "split":
                chosen = [report for report in reports if report.outlet == words[2]]
                return verdicts.split(desk, event, chosen, [r for r in reports if r not in chosen])
            case "reject":
                return verdicts.reject(desk, event, reports)
            case "restore":
                return verdicts.restore(desk, event, reports)
            case "mute":
                return verdicts.mute(desk, event, reports, datetime(2100, 1, 1, tzinfo=UTC))
            case _:
                return verdicts.mute(desk, event, reports, None)

    def event(self, number: str) -> Event:
        return self.warehouse.events(PAIR.slug)[int(number) - 1]

    def votes(self, event: Event) -> Any:
        return self.warehouse.votes_for(PAIR.slug, [event.event_id]).get(event.event_id, ())

    @property
    def told(self) -> list[str]:
        return [
            f"{a.reason.value} {a.event.status.value} {a.event.kind.value} {a.event.date.label}"
            for a in self.alerts
        ]


def read(line: str) -> tuple[Item, Article]:
    when, outlet, text = (part.strip() for part in line.split("|", 2))
    title, _, body = text.rpartition(" # ")
    name, _, path = outlet.partition("/")
    address = f"https://{name}.example/{path or 1}"
    published = None if when == "-" else Published(datetime.fromisoformat(when), "instant", "input")
    article = Article(
        article_id=article_id(address),
        address=canonical_address(address),
        source="stream",
        outlet=name,
        title=title,
        text=body,
        language=None,
        published=published,
        seen_at=published.at.astimezone(UTC) if published else BEGIN,
        capture_sha256="",
        text_sha256=text_sha256(body),
        extractor="input",
    )
    return Item("stream", article.address, body), article


def steps(stream: dict[str, str]) -> list[str]:
    return [line.strip() for line in stream["says"].splitlines() if line.strip()]


def expected(stream: dict[str, str]) -> list[str]:
    return [line.strip() for line in stream["alerts"].splitlines() if line.strip()]


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Warehouse.open(tmp_path / "home", now=BEGIN) as warehouse:
        warehouse.begin_run(Run(1, BEGIN, "test", "plain", "0", ""))
        yield Newsroom(warehouse)


def test_there_are_at_least_forty_streams_of_different_names() -> None:
    assert len({stream["name"] for stream in STREAMS}) == len(STREAMS) >= 40


@pytest.mark.parametrize("stream", STREAMS, ids=[stream["name"] for stream in STREAMS])
def test_the_alerts_come_that_must_and_no_others(newsroom: Newsroom, stream: dict[str, str]) -> None:
    for line in steps(stream):
        newsroom.step(line)
    assert newsroom.told == expected(stream)
    assert len({alert.alert_id for alert in newsroom.alerts}) == len(newsroom.alerts)


def is_one_batch(stream: dict[str, str]) -> bool:
    """Whether a stream can be told in one pass: no analyst, no second version, in order of publication."""
    lines = steps(stream)
    heads = [line.split("|")[1].strip() for line in lines if not line.startswith("!")]
    times = [datetime.fromisoformat(line.split("|")[0].strip()) for line in lines if line[0] not in "!-"]
    return len(set(heads)) == len(lines) == len(times) and times == sorted(times)


IN_ONE_PASS = [stream for stream in STREAMS if is_one_batch(stream)]


@pytest.mark.parametrize("stream", IN_ONE_PASS, ids=[stream["name"] for stream in IN_ONE_PASS])
def test_told_in_one_pass_it_is_the_same(newsroom: Newsroom, stream: dict[str, str]) -> None:
    newsroom.tell([read(line) for line in steps(stream)])
    assert newsroom.told == expected(stream)
