"""The connectors by the names that configuration files use. A new one is added here, by hand, in one line.

The types make the checker compare every connector with its protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from connectors.base import Channel, Source
from connectors.channels.atom import AtomFile
from connectors.channels.stdout import Stdout
from connectors.channels.webhook import Webhook
from connectors.sources.feed import Feed
from connectors.sources.folder import Folder

SOURCES: Final[dict[str, Callable[..., Source]]] = {"feed": Feed, "folder": Folder}
CHANNELS: Final[dict[str, Callable[..., Channel]]] = {"stdout": Stdout, "webhook": Webhook, "atom": AtomFile}
