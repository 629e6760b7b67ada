"""The tables of a watch file -> channels and settings that work. A new kind of channel is added here, by hand."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.base import Channel
from connectors.channels.atom import AtomFile
from connectors.channels.lines import JsonLines
from connectors.channels.mail import Mail
from connectors.channels.services import Services
from connectors.channels.stdout import Stdout
from connectors.channels.webhook import Webhook
from connectors.http import HttpSettings
from domain.alerts import BY_DEFAULT, Policy, Wants
from domain.people import load_people
from flows.pacing import Pace
from flows.pairs import pair_named
from flows.prefect_event import PrefectEvent
from flows.settings import Watch
from flows.table_types import hours_of
from flows.tables import (
    AnyChannel,
    AppriseTable,
    AtomTable,
    ChannelBase,
    LinesTable,
    MailTable,
    PrefectTable,
    StdoutTable,
    WebhookTable,
)
from warehouse.batch import SourceRow


def channels_of(watch: Watch, home: Path) -> list[Channel]:
    """The channels of a watch, ready to send."""
    channels: list[Channel] = []
    for table in watch.channels:
        match table:
            case StdoutTable():
                channels.append(Stdout(table.name))
            case WebhookTable():
                channels.append(
                    Webhook(
                        table.name, table.address, table.timeout_seconds, dict(table.headers), table.secret
                    )
                )
            case AtomTable():
                channels.append(AtomFile(table.name, home / table.path, table.title))
            case MailTable():
                channels.append(
                    Mail(**table.model_dump(exclude={"kind", *ChannelBase.model_fields} - {"name"}))
                )
            case AppriseTable():
                channels.append(Services(table.name, table.service))
            case PrefectTable():
                channels.append(PrefectEvent(table.name))
            case LinesTable():
                channels.append(JsonLines(table.name, home / table.path))
    return channels


def policy_of(watch: Watch) -> Policy:
    """What is alerted, in which words, and which channel wants what."""
    return Policy(
        fresh_days=watch.watch.fresh_days,
        first_pass_hours=watch.watch.first_pass_hours,
        wants=tuple(_wants(table) for table in watch.channels),
        wording=watch.wording,
        capitals=load_people().capitals_of(pair_named(watch.watch.pair)),
    )


def paces_of(watch: Watch) -> dict[str, Pace]:
    """How often each channel is told, by its name."""
    return {
        table.name: Pace(
            digest=table.digest,
            digest_at=table.digest_at,
            quiet=hours_of(table.quiet) if table.quiet else None,
            zone=ZoneInfo(table.zone),
            most_per_hour=table.most_per_hour,
        )
        for table in watch.channels
    }


def _wants(table: AnyChannel) -> Wants:
    return Wants(
        channel=table.name,
        reasons=frozenset(table.reasons) if table.reasons is not None else BY_DEFAULT,
        kinds=frozenset(table.kinds),
        statuses=frozenset(table.statuses),
        languages=frozenset(table.languages),
        confidence=table.min_confidence,
        independent=table.min_independent,
    )


def source_rows(watch: Watch) -> tuple[SourceRow, ...]:
    """The sources of a watch as the warehouse records them."""
    return tuple(
        SourceRow(
            slug=table.slug,
            kind=table.kind,
            address=watch.shown[table.slug],
            side=table.side,
            language=table.language,
            name=table.name,
            tier=table.tier,
            country=table.country,
            state_affiliated=table.state_affiliated,
        )
        for table in watch.sources
    )


def http_settings(watch: Watch) -> HttpSettings:
    return HttpSettings(**watch.http.model_dump(exclude={"pass_seconds"}))
