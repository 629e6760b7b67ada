"""Listings and fetches at once: nobody waits for a slow host, every item ends, and order is no chance."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from domain.model import Capture, Failure, Item, Outcome
from flows.intake import Intake

Listing = tuple[str, tuple[Item, ...]]


def item(host: str, n: int) -> Item:
    return Item("s", f"http://{host}.example/{n}", f"{host}{n}")


async def fetched(one: Item) -> Capture:
    return Capture(one, one.address, "", b"", "", None, None)  # type: ignore[arg-type]


def collect(intake: Intake[Listing], most: int = 10) -> list[Capture | Failure]:
    async def run() -> list[Capture | Failure]:
        found: list[Capture | Failure] = []
        while not intake.done:
            found.extend(await intake.take(most))
        return found

    return asyncio.run(run())


def listing(name: str, items: Sequence[Item], after: float = 0.0):
    async def run() -> Listing:
        await asyncio.sleep(after)
        return name, tuple(items)

    return run


def flat(listed: Sequence[Listing]) -> list[Item]:
    return [one for _, items in listed for one in items]


def test_a_host_that_hangs_holds_up_nobody_else() -> None:
    async def fetch(one: Item) -> Capture:
        await asyncio.sleep(30 if "slow" in one.address else 0.001)
        return await fetched(one)

    items = [item("slow", n) for n in range(5)] + [item(f"h{n}", m) for n in range(10) for m in range(5)]
    intake = Intake([listing("a", items)], flat, fetch, per_host=2, seconds=2)
    started = time.monotonic()

    async def run() -> tuple[float, list[Capture | Failure]]:
        first = await intake.take(50)
        at = time.monotonic() - started
        rest = []
        while not intake.done:
            rest.extend(await intake.take(50))
        return at, first + rest

    at, found = asyncio.run(run())
    assert at < 1
    assert len(found) == 55
    late = [one for one in found if isinstance(one, Failure)]
    assert {one.outcome for one in late} == {Outcome.DEFERRED}
    assert len(late) == 5
    assert time.monotonic() - started < 5


def test_a_listing_that_is_late_does_not_keep_the_others_waiting() -> None:
    order: list[str] = []

    def choose(listed: Sequence[Listing]) -> list[Item]:
        order.extend(name for name, _ in listed)
        return flat(listed)

    listings = [
        listing("late", [item("l", 1)], after=1.5),
        listing("second", [item("s", 1)], after=0.05),
        listing("first", [item("f", 1)]),
    ]
    found = collect(Intake(listings, choose, fetched, per_host=2, seconds=10), most=1)
    assert order == ["second", "first", "late"]  # in the order of the watch file, but for the late one
    assert [one.item.address[7] for one in found] in (["s", "f", "l"], ["f", "s", "l"])


def test_listings_that_trickle_in_are_not_waited_for_for_ever() -> None:
    async def run() -> float:
        listings = [listing(str(n), [item("h", n)], after=0.3 * n) for n in range(14)]
        intake = Intake(listings, flat, fetched, per_host=2, seconds=20)
        started = time.monotonic()
        await intake.take(1)
        at = time.monotonic() - started
        while not intake.done:
            await intake.take(5)
        return at

    assert asyncio.run(run()) < 3


def test_every_item_comes_out_exactly_once_whatever_is_asked_for_at_a_time() -> None:
    items = [item(f"h{n % 7}", n) for n in range(100)]
    for most in (1, 7, 1000):
        found = collect(Intake([listing("a", items)], flat, fetched, per_host=3, seconds=10), most)
        assert sorted(one.item.fingerprint for one in found) == sorted(one.fingerprint for one in items)


def test_no_host_is_asked_more_often_at_once_than_allowed() -> None:
    running: dict[str, int] = {}
    most: dict[str, int] = {}

    async def fetch(one: Item) -> Capture:
        host = one.address[7]
        running[host] = running.get(host, 0) + 1
        most[host] = max(most.get(host, 0), running[host])
        await asyncio.sleep(0.002)
        running[host] -= 1
        return await fetched(one)

    items = [item(host, n) for host in "abc" for n in range(10)]
    collect(Intake([listing("x", items)], flat, fetch, per_host=2, seconds=10))
    assert most == {"a": 2, "b": 2, "c": 2}


def test_an_error_that_is_no_failure_of_an_item_ends_the_pass() -> None:
    async def fetch(one: Item) -> Capture:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        collect(Intake([listing("a", [item("h", 1)])], flat, fetch, per_host=1, seconds=10))


def test_nothing_to_list_is_an_end() -> None:
    assert collect(Intake([], flat, fetched, per_host=1, seconds=1)) == []
    assert collect(Intake([listing("a", [])], flat, fetched, per_host=1, seconds=1)) == []
