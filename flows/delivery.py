"""What the ledger owes, sent through the channels: at least once, with pauses that grow, until it is given up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.base import Channel, ChannelError
from domain.event_model import Message
from flows.pacing import AT_ONCE, HOUR, Pace, digest_message, plan
from warehouse.batch import DeliveryAttempt, PendingDelivery
from warehouse.store import Warehouse

TRIES_PER_PASS = 3
LAST_ATTEMPT = 60  # at three tries a pass and the waits below: a little over four days
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Deliveries of a pass: sent, to be tried again, given up, held; with what each channel in trouble said last."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    errors: tuple[tuple[str, str], ...] = ()
    held: int = 0  # for a digest, the end of the quiet hours or the next hour


def deliver_owed(
    warehouse: Warehouse,
    channels: Sequence[Channel],
    clock: Clock,
    paces: Mapping[str, Pace] | None = None,
) -> Delivered:
    """Send what the ledger still owes to each channel; every attempt is recorded as soon as it is made."""
    done: list[DeliveryAttempt] = []
    held = 0
    for channel in channels:
        now = clock()
        pace = (paces or {}).get(channel.name, AT_ONCE)
        due = plan(
            pace, warehouse.pending(channel.name, now), now, warehouse.sent_since(channel.name, now - HOUR)
        )
        held += len(due.held)
        for digest in due.again:
            done += _attempt(
                warehouse, channel, digest_message([one.message for one in digest]), digest, clock
            )
        for owed in due.single:
            done += _attempt(warehouse, channel, owed.message, [owed], clock)
        if due.digest:
            message = digest_message([owed.message for owed in due.digest])
            warehouse.fold(
                channel.name, [int(one.message.alert_id) for one in due.digest], int(message.alert_id)
            )
            done += _attempt(warehouse, channel, message, due.digest, clock)
    errors = {attempt.channel: attempt.detail for attempt in done if attempt.detail}
    return Delivered(
        sent=sum(attempt.ok for attempt in done),
        waiting=sum(not attempt.ok and not attempt.dead for attempt in done),
        dead=sum(attempt.dead for attempt in done),
        errors=tuple(errors.items()),
        held=held,
    )


def _attempt(
    warehouse: Warehouse,
    channel: Channel,
    message: Message,
    owed: Sequence[PendingDelivery],
    clock: Clock,
) -> list[DeliveryAttempt]:
    """Try to send a message that settles these deliveries; the last attempt for each of them."""
    before = max(one.attempts for one in owed)
    for attempts in range(before + 1, before + TRIES_PER_PASS + 1):
        made, again = _try(channel, message, owed, attempts, clock)
        for attempt in made:
            warehouse.record_delivery(attempt)
        if not again:
            break
        time.sleep(0.2 * 2 ** (attempts - before))
    return made


def _try(
    channel: Channel, message: Message, owed: Sequence[PendingDelivery], attempts: int, clock: Clock
) -> tuple[list[DeliveryAttempt], bool]:
    """One attempt for each delivery that the message settles, and whether to try again at once."""
    ids = [int(one.message.alert_id) for one in owed]
    try:
        remark = channel.send(message) or ""
    except ChannelError as error:
        now = clock()
        later = now + min(FIRST_WAIT * 2 ** min(attempts, 12), LONGEST_WAIT)
        gave_up = attempts >= LAST_ATTEMPT
        made = [DeliveryAttempt(one, channel.name, now, False, str(error), later, gave_up) for one in ids]
        return made, error.transient and not gave_up
    now = clock()
    return [DeliveryAttempt(one, channel.name, now, True, remark) for one in ids], False
