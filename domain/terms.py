"""The closed lists of words that every part of Parley uses alike: in code, in SQL and in the documents."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The channel of a contact; ``UNSPECIFIED`` where the words leave it open."""

    PHONE_CALL = "phone_call"
    VIDEO_CALL = "video_call"
    MEETING = "meeting"
    MESSAGE = "message"
    UNSPECIFIED = "unspecified"


class Status(StrEnum):
    """How far a contact has come: wanted, announced, held (or being held), called off, refused."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    OCCURRED = "occurred"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class Role(StrEnum):
    """Whether a contact is the news of its article or only mentioned in it."""

    MAIN = "main"
    BACKGROUND = "background"


class Precision(StrEnum):
    """How fine a date is known; the interval of the date spans exactly this unit."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What a date rests on."""

    EXPLICIT = "explicit"
    WEEKDAY = "weekday"
    RELATIVE = "relative"
    DATELINE = "dateline"
    PUBLICATION = "publication"
    INFERRED = "inferred"
    NONE = "none"


class Outcome(StrEnum):
    """How an item ended in a run: every item ends in exactly one of these, stored and counted."""

    STORED = "stored"  # a new article
    STORED_UNDATED = "stored_undated"  # a new article of which nobody says when it was published
    COPY = "copy"  # a new article whose text is (mostly) another's; stored and linked
    NEW_VERSION = "new_version"  # a known address with a new text
    UNCHANGED = "unchanged"  # fetched again, same text
    KNOWN = "known"  # listed again as it was; not fetched
    REPEATED = "repeated"  # listed twice in one pass
    EMPTY = "empty"  # no bytes
    NOT_TEXT = "not_text"  # bytes that are neither a page nor text
    NO_TEXT = "no_text"  # a page in which no main text was found
    TOO_LARGE = "too_large"  # more bytes than the limit
    REFUSED = "refused"  # an address that must not be fetched
    FETCH_FAILED = "fetch_failed"  # no answer, or an error as the answer
    DEFERRED = "deferred"  # not reached in this pass; the next one goes on with it
    EXTRACT_FAILED = "extract_failed"  # the extractor broke on it


class Standing(StrEnum):
    """Whether an event is counted: it is, or nobody tells it any more, or an analyst rejected or merged it."""

    STANDS = "stands"
    RETRACTED = "retracted"
    REJECTED = "rejected"
    MERGED = "merged"


class Action(StrEnum):
    """What an analyst may say of events."""

    MERGE = "merge"
    SPLIT = "split"
    REJECT = "reject"
    RESTORE = "restore"
    MUTE = "mute"
    UNMUTE = "unmute"


class Reason(StrEnum):
    """Why an alert was raised."""

    NEW = "new"  # an event that no alert has told
    STATUS = "status"  # what was told as planned (or called off) was held, or is planned again
    CANCELLED = "cancelled"  # what was told as planned was called off
    DATE = "date"  # a plan got another day, or a day that was told for sure was another
    KIND = "kind"  # the channel has become known, or was another
    PLACE = "place"  # likewise the place
    CONTRADICTED = "contradicted"  # somebody says that it was not, or is not to be
    RETRACTED = "retracted"  # it is withdrawn: by the article that told it, or by an analyst
    CORROBORATED = "corroborated"  # enough others have told it now
    DIGEST = "digest"  # of a message only: several alerts at once
    SOURCE = "source"  # of a message to operators only: a source cannot be seen any more, or can again


class Hold(StrEnum):
    """Why a contact raised no alert; shown in the view ``suppressed``."""

    RECAP = "recap"  # a background contact
    STALE = "stale"  # its day lies too long before the article that tells it
    FIRST_PASS = "first_pass"  # published before the source was first watched
    ALREADY_TOLD = "already_told"  # the event was alerted, this adds nothing to alert about
    STATUS_OFF = "status_off"  # a status nobody asked alerts for (proposed, declined)
    COPY = "copy"  # the article is a copy; its origin has told it
    MUTED = "muted"  # an analyst asked for silence about the event
    REJECTED = "rejected"  # an analyst rejected the event or the contact
    UNDATED = "undated"  # neither the article nor its words say when: nobody can tell whether it is news
