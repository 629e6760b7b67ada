"""What a watch file may hold: one frozen model per table. docs/watch.md describes them for users."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from domain.model import Kind, Reason, Status
from flows.source_tables import SOURCE_MODELS, CatalogueTable, SourceTable
from flows.table_types import (
    Language,
    MailAddress,
    Network,
    PairSlug,
    QuietHours,
    ServiceAddress,
    SigningSecret,
    Slug,
    Table,
    WebAddress,
    Zone,
)


class WatchTable(Table):
    """``[watch]``: the pair, and what counts as news."""

    pair: PairSlug = "macron-putin"
    fresh_days: int = Field(default=7, ge=0, le=3650)
    first_pass_hours: int = Field(default=48, ge=0)  # 0: no limit


class AlertsTable(Table):
    """``[alerts]``: the words of alerts: a language that Parley has words in, or a file of one's own."""

    language: Language = "en"
    wording: str | None = Field(default=None, min_length=1)  # a file; relative to the watch file


class CapturesTable(Table):
    """``[captures]``: how long the bytes of fetches are kept; 0: for ever, without a limit."""

    keep_days: int = Field(default=0, ge=0)
    keep_gigabytes: float = Field(default=0, ge=0)


class HttpTable(Table):
    """``[http]``: how Parley asks for pages."""

    user_agent: str = Field(default="Mozilla/5.0 (compatible; parley/0.1; news monitor)", min_length=3)
    proxy: WebAddress | None = None
    timeout_seconds: float = Field(default=20, gt=0, le=600)
    deadline_seconds: float = Field(default=60, gt=0, le=3600)
    max_bytes: int = Field(default=5_000_000, ge=1_000)
    requests_per_second: float = Field(default=1, ge=0)  # per host; 0: no limit
    concurrency_per_host: int = Field(default=2, ge=1, le=64)
    max_redirects: int = Field(default=5, ge=0, le=20)
    allow_private: bool = False
    private_networks: tuple[Network, ...] = ()  # of which addresses may be fetched all the same
    obey_robots: bool = True
    robots_exempt: tuple[str, ...] = ()  # hosts of one's own, whose robots.txt is not asked for
    ca_file: str | None = None  # certificates that are trusted besides the public ones
    pass_seconds: float = Field(default=600, gt=0, le=86_400)  # for listing and fetching in one pass


class ChannelBase(Table):
    """What every ``[[channel]]`` may say: which alerts it wants. Left out means all (of reasons: the default ones)."""

    name: Slug
    reasons: list[Reason] | None = Field(default=None, min_length=1)
    kinds: list[Kind] = Field(default_factory=list)
    statuses: list[Status] = Field(default_factory=list)
    languages: list[Language] = Field(default_factory=list)
    min_confidence: float = Field(default=0.0, ge=0, le=1)
    min_independent: int = Field(default=1, ge=1, le=1000)
    digest: Literal["hourly", "daily"] | None = None
    digest_at: time = time(8)
    quiet: QuietHours | None = None
    zone: Zone = "Europe/Paris"
    notices: bool = False  # of sources that cannot be seen any more, for operators
    most_per_hour: int | None = Field(default=None, ge=1)


class StdoutTable(ChannelBase):
    """``[[channel]]`` with ``kind = "stdout"``: alerts on the terminal."""

    kind: Literal["stdout"]
    name: Slug = "stdout"
    notices: bool = True


class WebhookTable(ChannelBase):
    """``[[channel]]`` with ``kind = "webhook"``: alerts as JSON by POST."""

    kind: Literal["webhook"]
    address: WebAddress
    name: Slug = "webhook"
    timeout_seconds: float = Field(default=10, gt=0, le=120)
    headers: dict[str, str] = Field(default_factory=dict)
    secret: SigningSecret | None = None


class MailTable(ChannelBase):
    """``[[channel]]`` with ``kind = "mail"``: alerts by SMTP."""

    kind: Literal["mail"]
    host: str = Field(min_length=1)
    sender: MailAddress
    to: list[MailAddress] = Field(min_length=1)
    security: Literal["tls", "starttls", "none"] = "starttls"
    port: int | None = Field(default=None, ge=1, le=65535)
    username: str | None = None
    password: str = ""
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    name: Slug = "mail"


class LinesTable(ChannelBase):
    """``[[channel]]`` with ``kind = "lines"``: alerts as JSON lines in a file."""

    kind: Literal["lines"]
    name: Slug = "lines"
    path: str = "alerts.jsonl"  # relative to the home directory


class AtomTable(ChannelBase):
    """``[[channel]]`` with ``kind = "atom"``: a feed file that any feed reader can subscribe to."""

    kind: Literal["atom"]
    name: Slug = "atom"
    path: str = "alerts.atom"  # relative to the home directory
    title: str = "Parley alerts"


class AppriseTable(ChannelBase):
    """``[[channel]]`` with ``kind = "apprise"``: a chat, mail or push service by its Apprise address."""

    kind: Literal["apprise"]
    name: Slug = "apprise"
    service: ServiceAddress


class PrefectTable(ChannelBase):
    """``[[channel]]`` with ``kind = "prefect"``: events on the configured Prefect server, for its Automations."""

    kind: Literal["prefect"]
    name: Slug = "prefect"


AnyChannel = StdoutTable | WebhookTable | AtomTable | MailTable | LinesTable | AppriseTable | PrefectTable
ChannelTable = Annotated[AnyChannel, Field(discriminator="kind")]


class WatchFile(Table):
    watch: WatchTable = WatchTable()
    http: HttpTable = HttpTable()
    captures: CapturesTable = CapturesTable()
    catalogue: CatalogueTable | None = None
    alerts: AlertsTable = AlertsTable()
    source: tuple[SourceTable, ...] = ()
    channel: tuple[ChannelTable, ...] = ()


SECRETS = frozenset({"secret", "password", "service", "key"})  # keys whose values no message shows
MODELS: dict[str, dict[str, type[Table]]] = {
    "source": SOURCE_MODELS,
    "channel": {
        "stdout": StdoutTable,
        "webhook": WebhookTable,
        "atom": AtomTable,
        "mail": MailTable,
        "lines": LinesTable,
        "apprise": AppriseTable,
        "prefect": PrefectTable,
    },
    "watch": {"": WatchTable},
    "http": {"": HttpTable},
    "alerts": {"": AlertsTable},
    "captures": {"": CapturesTable},
    "catalogue": {"": CatalogueTable},
}
