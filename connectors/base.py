"""What every connector promises: the two protocols, what a listing is, and the errors they raise.

    ConnectorError
    ├── SourceError    a source as a whole gave nothing that can be used (slug, detail)
    ├── FetchError     one address gave nothing that can be used (address, outcome, detail, status)
    └── ChannelError   a message was not taken by its channel (name, detail, transient)

The errors survive pickling, because a flow may run its steps in other processes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from domain.event_model import Message
from domain.model import Capture, Failure, FetchState, Item, Outcome

if TYPE_CHECKING:
    from connectors.http import Http

# Characters that steer a terminal, a log or the direction of writing, and halves of surrogate pairs,
# which no database takes. Zero-width joiners (also "Cf") stay: some scripts need them.
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


class ConnectorError(Exception):
    """Something of the outside world did not work; the message says what and what to do."""


class SourceError(ConnectorError):
    """A source as a whole gave nothing that can be used.

    ``status`` is the HTTP status that was answered, None where it was none or is not the reason.
    """

    def __init__(self, slug: str, detail: str, status: int | None = None) -> None:
        super().__init__(slug, detail, status)
        self.slug = slug
        self.detail = detail
        self.status = status

    def __str__(self) -> str:
        return f"source {self.slug}: {self.detail}"


class FetchError(ConnectorError):
    """One address gave nothing that can be used; ``outcome`` is how its item ends.

    ``status`` is the HTTP status that was answered last, None where there was no answer.
    """

    def __init__(self, address: str, outcome: Outcome, detail: str, status: int | None = None) -> None:
        super().__init__(address, outcome, detail, status)
        self.address = address
        self.outcome = outcome
        self.detail = detail
        self.status = status

    def __str__(self) -> str:
        return f"{self.address}: {self.detail}"


class ChannelError(ConnectorError):
    """A message was not taken by its channel; ``transient`` says whether to try again later."""

    def __init__(self, name: str, detail: str, transient: bool) -> None:
        super().__init__(name, detail, transient)
        self.name = name
        self.detail = detail
        self.transient = transient

    def __str__(self) -> str:
        return f"channel {self.name}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists in one pass.

    ``failures`` are items that ended already here. ``state`` is to be handed in again next time (None:
    nothing to remember). With ``not_modified`` the source says that nothing changed: items and failures are
    empty.
    """

    items: tuple[Item, ...]
    failures: tuple[Failure, ...]
    state: FetchState | None
    not_modified: bool = False


class Source(Protocol):
    """Where articles come from."""

    @property
    def slug(self) -> str:
        """The short name under which the source is configured and counted."""
        ...

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """Say what the source offers now; raises SourceError where it offers nothing that can be used."""
        ...

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Get the bytes of one listed item; raises FetchError with the outcome of the item."""
        ...


class Channel(Protocol):
    """Where alerts go. A message may come more than once: ``alert_id`` is its idempotency key."""

    @property
    def name(self) -> str:
        """The name under which the channel is configured and its deliveries are recorded."""
        ...

    def send(self, message: Message) -> str | None:
        """Hand a message over; returns when the channel has it, raises ChannelError where it has not.

        A text that comes back is a remark for the operator: the message got through in part only, and is not to be
        sent again, as those who have it would get it twice.
        """
        ...


def clean_line(text: str, limit: int = 500) -> str:
    """Text of strangers as one harmless line: white space folded, control and steering characters dropped.

    Longer text is cut at ``limit`` characters.
    """
    return " ".join(_drop_steering(" ".join(text[: 4 * limit].split())).split())[:limit].strip()


def clean_block(text: str) -> str:
    """Text of strangers as lines that a terminal may show: control and steering characters dropped."""
    return "\n".join(_drop_steering(line).rstrip() for line in text.splitlines())


def _drop_steering(text: str) -> str:
    return "".join(c for c in text if c not in _STEERING and unicodedata.category(c) not in ("Cc", "Cs"))
