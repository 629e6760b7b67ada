"""The tables of a watch file -> sources, channels and settings that work. A new kind is added here, by hand."""

from __future__ import annotations

from pathlib import Path

from connectors.base import Channel, Source
from connectors.channels.atom import AtomFile
from connectors.channels.lines import JsonLines
from connectors.channels.mail import Mail
from connectors.channels.stdout import Stdout
from connectors.channels.webhook import Webhook
from connectors.http import HttpSettings
from connectors.sources.feed import Feed
from connectors.sources.folder import Folder
from flows.settings import Watch
from flows.tables import (
    AtomTable,
    FeedTable,
    FolderTable,
    LinesTable,
    MailTable,
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
                channels.append(Mail(**table.model_dump(exclude={"kind"})))
            case LinesTable():
                channels.append(JsonLines(table.name, home / table.path))
    return channels


def source_of(table: FeedTable | FolderTable, base: Path) -> Source:
    """The source that a table describes; raises ``SourceError`` for one that cannot work."""
    match table:
        case FeedTable():
            return Feed(table.slug, table.address, table.language, table.zone)
        case FolderTable():
            return Folder(table.slug, base / table.path)


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
        )
        for table in watch.sources
    )


def http_settings(watch: Watch) -> HttpSettings:
    return HttpSettings(**watch.http.model_dump())
