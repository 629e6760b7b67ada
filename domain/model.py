"""The nouns of Parley: one frozen type per stage, no behaviour beyond what follows from their own fields.

    Item -> Capture -> Article -> Contact -> Event -> Alert

Instants are aware ``datetime`` values in UTC unless a docstring says otherwise; days are calendar ``date`` values
in the place of the contact (Paris unless known otherwise). 64-bit ids are unsigned integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from domain.terms import Action as Action
from domain.terms import Basis as Basis
from domain.terms import Hold as Hold
from domain.terms import Kind as Kind
from domain.terms import Outcome as Outcome
from domain.terms import Precision as Precision
from domain.terms import Reason as Reason
from domain.terms import Role as Role
from domain.terms import Standing as Standing
from domain.terms import Status as Status


@dataclass(frozen=True, slots=True)
class Published:
    """When an article says it was published.

    ``at`` keeps the offset that was given, so ``day`` is the day in the outlet's zone. ``precision`` is ``day`` when
    only a day was given: ``at`` is then noon of that day and must not be read as an instant.
    """

    at: datetime
    precision: str  # "day" or "instant"
    basis: str  # "listing", "json-ld", "meta", "page" or "input"

    @property
    def day(self) -> date:
        """The calendar day of publication in the offset that was given."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Item:
    """What a source lists: an address with what the listing says of it.

    ``fingerprint`` is a hash of the listing (or of a file's bytes): an item listed again with the same fingerprint
    is known and is not fetched again.
    """

    source: str
    address: str
    fingerprint: str
    title: str | None = None
    published: Published | None = None
    outlet: str | None = None  # a folder's manifest may name the outlet the file came from
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """The raw bytes of one fetch, addressed by the SHA-256 of the bytes (hex)."""

    item: Item
    final_address: str
    sha256: str
    body: bytes
    media_type: str  # lower case, without parameters; "" where nobody said
    charset: str | None  # as declared by the transport
    fetched_at: datetime
    status: int | None = None  # of HTTP; None for files


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that ended before it became an article: the outcome and, in a sentence, why."""

    item: Item
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class Article:
    """Main text and metadata taken from a capture; paragraphs of ``text`` are separated by a blank line."""

    article_id: int  # hash of the canonical address (domain.identity.article_id)
    address: str  # the canonical address
    source: str  # the slug of the source that listed it
    outlet: str  # the host, or what the manifest says
    title: str
    text: str
    language: str | None  # declared or detected, ISO 639-1
    published: Published | None
    seen_at: datetime
    capture_sha256: str
    text_sha256: str  # of the normalised text
    extractor: str  # name and version, e.g. "trafilatura-2.3.1" or "dump-1"
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class CopyLink:
    """Two articles of which one is (mostly) the other's text, with the scores that say so.

    ``article_id`` came later, ``origin_id`` was there before. Scores are in [0, 1].
    """

    article_id: int
    origin_id: int
    cluster_id: int
    relation: str  # "same_text" or "near_copy"
    containment5: float  # word-5-shingles of the shorter text found in the longer
    jaccard3: float  # of word-3-shingles
    shared_keys: int


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A calendar interval, both ends included, with what it rests on; both ends None when nothing is known."""

    first: date | None
    last: date | None
    precision: Precision
    basis: Basis
    words: str = ""  # the words it was read from

    @property
    def label(self) -> str | None:
        """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY`` by precision; None where not even the year is known."""
        if self.first is None or self.last is None:
            return None
        if self.precision is Precision.DAY:
            return self.first.isoformat()
        if self.precision in (Precision.MONTH, Precision.WEEK):
            same_month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
            return self.first.isoformat()[:7] if same_month else None
        return f"{self.first.year:04d}" if self.precision is Precision.YEAR else None


NO_DATE = DateSpan(None, None, Precision.UNKNOWN, Basis.NONE)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A clock time that a text gives: the minute of the day (0 to 1439), and the zone it names (IANA; None: none)."""

    minute: int
    zone: str | None

    @property
    def label(self) -> str:
        """``HH:MM``."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"

    def instant(self, span: DateSpan) -> datetime | None:
        """The moment in UTC; None unless the day and the zone are known."""
        if self.zone is None or span.precision is not Precision.DAY or span.first is None:
            return None
        hour = time(self.minute // 60, self.minute % 60)
        return datetime.combine(span.first, hour, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that show a contact: ``getattr(article, field)[start:end] == quote`` always (characters)."""

    field: str  # "title" or "text"
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Contact:
    """What one article claims of one contact between the two leaders of a pair."""

    kind: Kind
    status: Status
    role: Role
    date: DateSpan
    place: str | None  # a name in English; calls have none
    with_others: tuple[str, ...]
    initiator: str | None  # the person's slug
    duration_minutes: int | None
    topics: tuple[str, ...]
    evidence: Evidence
    rule: str
    cues: tuple[str, ...]  # what set the status, the role and the date
    confidence: float  # in [0, 1]
    again: bool = False  # the words call it the second of its kind on that day
    time: TimeOfDay | None = None  # when it took place or is to, as the words say


@dataclass(frozen=True, slots=True)
class Rejected:
    """A passage that looked like a contact and was not taken, with the reason."""

    evidence: Evidence
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Detection:
    """All that detection says of one article."""

    language: str
    lexicon: str  # the language whose lexicon was used, or "none"
    contacts: tuple[Contact, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of its last answer at one address, to ask "only if changed" next time."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class FetchState:
    """What a source remembers between passes.

    ``validators`` are kept by a hash of the address (domain.identity.hash64, hex), as addresses may hold keys.
    ``cursor`` says how far a source has been read, in its own terms.
    """

    validators: Mapping[str, Validators] = field(default_factory=dict)
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request as it was made, for the view ``fetches``. ``status`` is the HTTP status, None where none came."""

    source: str
    address: str
    at: datetime
    status: int | None
    sha256: str | None
    size: int | None  # bytes, decoded
    error: str | None


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The robots.txt of one origin (``scheme://host[:port]``) as it was answered.

    ``text`` is None where it could not be had for a reason that may pass (no connection, a server error); ``detail``
    says which. A site without one has the text "".
    """

    origin: str
    text: str | None
    detail: str
    asked_at: datetime
