"""When a channel is told what it is owed: at once, in digests, not at night, and not too often. Decides only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.event_model import Message
from domain.identity import hash64
from domain.model import Reason
from warehouse.batch import PendingDelivery

Rhythm = Literal["hourly", "daily"]
HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a channel is told. Times of day are those of ``zone``; ``quiet`` may reach over midnight."""

    digest: Rhythm | None = None
    digest_at: time = time(8)  # of the daily digest
    quiet: tuple[time, time] | None = None
    zone: ZoneInfo = PARIS
    most_per_hour: int | None = None


AT_ONCE = Pace()


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes out now: each of ``again`` as it was, each of ``single`` by itself, ``digest`` as one message."""

    single: tuple[PendingDelivery, ...] = ()
    digest: tuple[PendingDelivery, ...] = ()
    again: tuple[tuple[PendingDelivery, ...], ...] = ()  # digests that were sent before, and not taken
    held: tuple[PendingDelivery, ...] = ()


def plan(pace: Pace, owed: Sequence[PendingDelivery], now: datetime, sent_in_last_hour: int) -> Plan:
    """What to do with what a channel is owed at ``now``, oldest alert first.

    What was held over quiet hours comes as one digest. Of more than ``most_per_hour`` the surplus is folded into the
    last message that the hour has room for; without room it is held. Nothing is ever dropped. A digest that was not
    taken goes out again as it was, so that its receiver knows it by its id.
    """
    if _is_quiet(pace, now):
        return Plan(held=tuple(owed))
    tried = dict.fromkeys(one.digest_id for one in owed if one.digest_id is not None)
    digests = [tuple(one for one in owed if one.digest_id == number) for number in tried]
    room = len(digests) if pace.most_per_hour is None else max(pace.most_per_hour - sent_in_last_hour, 0)
    again, late = tuple(digests[:room]), digests[room:]
    fresh = tuple(one for one in owed if one.digest_id is None)
    made = _fresh(pace, fresh, now, sent_in_last_hour + len(again))
    return replace(made, again=again, held=(*made.held, *(one for digest in late for one in digest)))


def _fresh(pace: Pace, due: tuple[PendingDelivery, ...], now: datetime, sent_in_last_hour: int) -> Plan:
    """What to do with what was never part of a digest."""
    if not due:
        return Plan()
    if pace.digest is not None:
        if now < _digest_time(pace, min(one.message.created_at for one in due)):
            return Plan(held=due)
        return _fold(due, 0)
    rested = [one for one in due if _is_quiet(pace, one.message.created_at)]
    if len(rested) > 1:
        return Plan(single=tuple(one for one in due if one not in rested), digest=tuple(rested))
    if pace.most_per_hour is None:
        return Plan(single=due)
    room = pace.most_per_hour - sent_in_last_hour
    if room <= 0:
        return Plan(held=due)
    return Plan(single=due) if len(due) <= room else _fold(due, room - 1)


def _fold(due: tuple[PendingDelivery, ...], singles: int) -> Plan:
    rest = due[singles:]
    return Plan(single=due) if len(rest) == 1 else Plan(single=due[:singles], digest=rest)


def _is_quiet(pace: Pace, now: datetime) -> bool:
    if pace.quiet is None:
        return False
    begin, end = pace.quiet
    at = now.astimezone(pace.zone).time()
    return begin <= at < end if begin <= end else at >= begin or at < end


def _digest_time(pace: Pace, since: datetime) -> datetime:
    """When the digest goes out that holds an alert of ``since``: on the next full hour, or at its time of day."""
    local = since.astimezone(pace.zone)
    if pace.digest == "hourly":
        return since.replace(minute=0, second=0, microsecond=0) + HOUR
    day = local.date() if local.time() < pace.digest_at else local.date() + timedelta(days=1)
    return datetime.combine(day, pace.digest_at, pace.zone)


def digest_message(messages: Sequence[Message]) -> Message:
    """Several alerts as one message; its id is that of exactly these alerts."""
    ids = [message.alert_id for message in messages]
    headline = f"{len(messages)} alerts: {messages[0].headline}, ..."
    parts = (f"{message.headline}\n{message.body}" for message in messages)
    return Message(
        alert_id=str(hash64("digest", *ids)),
        event_id=messages[0].event_id,
        reason=Reason.DIGEST,
        created_at=max(message.created_at for message in messages),
        headline=headline,
        body="\n\n".join(parts),
        address=messages[0].address,
        payload={
            "alert_id": str(hash64("digest", *ids)),
            "reason": Reason.DIGEST.value,
            "headline": headline,
            "alerts": [message.payload for message in messages],
        },
    )
