"""What the ledger owes, sent through the channels: at least once, with pauses that grow, until it is given up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.base import Channel, ChannelError
from warehouse.batch import DeliveryAttempt, PendingDelivery
from warehouse.store import Warehouse

TRIES_PER_PASS = 3
LAST_ATTEMPT = 60  # at three tries a pass and the waits below: a little over four days
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Deliveries of a pass: sent, to be tried again, given up; with what each channel in trouble said last."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    errors: tuple[tuple[str, str], ...] = ()


def deliver_owed(
    warehouse: Warehouse, channels: Sequence[Channel], clock: Callable[[], datetime]
) -> Delivered:
    """Send what the ledger still owes to each channel; every attempt is recorded as soon as it is made."""
    sent = waiting = dead = 0
    errors = []
    for channel in channels:
        for owed in warehouse.pending(channel.name, clock()):
            attempt = _attempt(warehouse, channel, owed, clock)
            sent += attempt.ok
            dead += attempt.dead
            waiting += not attempt.ok and not attempt.dead
            if attempt.detail:
                errors.append((channel.name, attempt.detail))
    return Delivered(sent, waiting, dead, tuple(dict(errors).items()))


def _attempt(
    warehouse: Warehouse, channel: Channel, owed: PendingDelivery, clock: Callable[[], datetime]
) -> DeliveryAttempt:
    alert_id = int(owed.message.alert_id)
    detail = ""
    for attempts in range(owed.attempts + 1, owed.attempts + TRIES_PER_PASS + 1):
        try:
            remark = channel.send(owed.message)
        except ChannelError as error:
            detail = str(error)
            wait = min(FIRST_WAIT * 2 ** min(attempts, 12), LONGEST_WAIT)
            gave_up = attempts >= LAST_ATTEMPT
            now = clock()
            attempt = DeliveryAttempt(alert_id, channel.name, now, False, detail, now + wait, gave_up)
            warehouse.record_delivery(attempt)
            if gave_up or not error.transient:
                break
            time.sleep(0.2 * 2 ** (attempts - owed.attempts))
        else:
            attempt = DeliveryAttempt(alert_id, channel.name, clock(), True, remark or "")
            warehouse.record_delivery(attempt)
            break
    return attempt
