"""What a watch file may hold: one frozen model per table. docs/watch.md describes them for users."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.channels.mail import check_mail_address
from connectors.channels.services import check_service
from connectors.channels.webhook import check_secret
from domain.model import Kind, Reason, Status
from flows.pairs import pair_named

SLUG = r"^[a-z0-9][a-z0-9_-]*$"


def _checked(check: Callable[[str], object]) -> AfterValidator:
    """A value that is kept as it is written, once ``check`` raises no ValueError for it."""

    def validate(written: str) -> str:
        check(written)
        return written

    return AfterValidator(validate)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("must be a time zone such as Europe/Paris") from error


def hours_of(written: str) -> tuple[time, time]:
    """The begin and the end of hours such as ``22:00-07:00``; raises ValueError for anything else."""
    begin, _, end = written.partition("-")
    try:
        hours = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError as error:
        raise ValueError("must be hours such as 22:00-07:00") from error
    if hours[0] == hours[1]:
        raise ValueError("must end at another time than it begins: it would never be quiet, or always")
    return hours


PairSlug = Annotated[str, _checked(pair_named)]
Zone = Annotated[str, _checked(_check_zone)]
Slug = Annotated[str, Field(pattern=SLUG)]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
QuietHours = Annotated[str, _checked(hours_of)]
MailAddress = Annotated[str, _checked(check_mail_address)]
ServiceAddress = Annotated[str, _checked(check_service)]
SigningSecret = Annotated[str, _checked(check_secret)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WatchTable(Table):
    """``[watch]``: the pair, and what counts as news."""

    pair: PairSlug = "macron-putin"
    fresh_days: int = Field(default=7, ge=0, le=3650)
    first_pass_hours: int = Field(default=48, ge=0)  # 0: no limit


class AlertsTable(Table):
    """``[alerts]``: the words of alerts: a language that Parley has words in, or a file of one's own."""

    language: Language = "en"
    wording: str | None = Field(default=None, min_length=1)  # a file; relative to the watch file


class HttpTable(Table):
    """``[http]``: how Parley asks for pages."""

    user_agent: str = Field(default="parley/0.1 (news monitor)", min_length=3)
    proxy: WebAddress | None = None
    timeout_seconds: float = Field(default=20, gt=0, le=600)
    deadline_seconds: float = Field(default=60, gt=0, le=3600)
    max_bytes: int = Field(default=5_000_000, ge=1_000)
    requests_per_second: float = Field(default=1, ge=0)  # per host; 0: no limit
    concurrency_per_host: int = Field(default=2, ge=1, le=64)
    max_redirects: int = Field(default=5, ge=0, le=20)
    allow_private: bool = False


class SourceBase(Table):
    slug: Slug
    name: str | None = None
    language: Language | None = None
    side: Literal["paris", "moscow", "third"] = "third"


class FeedTable(SourceBase):
    """``[[source]]`` with ``kind = "feed"``: an RSS or Atom feed."""

    kind: Literal["feed"]
    address: WebAddress
    zone: Zone | None = None


class FolderTable(SourceBase):
    """``[[source]]`` with ``kind = "folder"``: .html, .txt and .jsonl files; relative to the watch file."""

    kind: Literal["folder"]
    path: str = Field(min_length=1)


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
    most_per_hour: int | None = Field(default=None, ge=1)


class StdoutTable(ChannelBase):
    """``[[channel]]`` with ``kind = "stdout"``: alerts on the terminal."""

    kind: Literal["stdout"]
    name: Slug = "stdout"


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


SourceTable = Annotated[FeedTable | FolderTable, Field(discriminator="kind")]
AnyChannel = StdoutTable | WebhookTable | AtomTable | MailTable | LinesTable | AppriseTable | PrefectTable
ChannelTable = Annotated[AnyChannel, Field(discriminator="kind")]


class WatchFile(Table):
    watch: WatchTable = WatchTable()
    http: HttpTable = HttpTable()
    alerts: AlertsTable = AlertsTable()
    source: tuple[SourceTable, ...] = ()
    channel: tuple[ChannelTable, ...] = ()


SECRETS = frozenset({"secret", "password", "service"})  # keys whose values no message shows
MODELS: dict[str, dict[str, type[Table]]] = {
    "source": {"feed": FeedTable, "folder": FolderTable},
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
}
