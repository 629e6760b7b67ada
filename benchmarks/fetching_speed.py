"""How fast a pass lists and fetches, against a bare loop of httpx with the same requests (ratios, five paired runs)."""

from __future__ import annotations

import asyncio
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx

from benchmarks.loopback import serve
from domain.model import Capture, Failure, Item
from flows import steps
from flows.connect import channels_of
from flows.context import Context
from flows.intake import Intake
from flows.job import Steps, run_pass
from flows.recording import record
from flows.settings import load_watch
from flows.source_kinds import source_of
from warehouse.store import Warehouse

PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages" / "aeb" / "html"
RUNS = 5
FEEDS, ARTICLES, HOSTS = 300, 2_000, 50


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare(addresses: Sequence[str], headers: dict[str, str]) -> float:
    """Seconds of the plainest loop: one client, a hundred workers (all at once would be slower), bodies read."""

    async def run() -> None:
        left = list(reversed(addresses))
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:

            async def work() -> None:
                while left:
                    await client.get(left.pop(), headers=headers)

            await asyncio.gather(*(work() for _ in range(100)))

    started = time.perf_counter()
    asyncio.run(run())
    return time.perf_counter() - started


def watch_file(folder: Path, addresses: Sequence[str]) -> Path:
    """A watch over these feeds, without limits that are there for politeness only."""
    path = folder / "watch.toml"
    tables = "".join(
        f'[[source]]\nslug = "s{n}"\nkind = "feed"\naddress = "{address}"\n'
        for n, address in enumerate(addresses)
    )
    http = "[http]\nallow_private = true\nrequests_per_second = 0\nconcurrency_per_host = 2\ntimeout_seconds = 10\n"
    path.write_text(f"{http}{tables}")
    return path


def unchanged_feeds(port: int) -> float:
    """A whole pass over feeds that answer 304, to the bare loop."""
    addresses = [f"http://127.0.{n // 200 + 1}.{n % 90 + 1}:{port}/feed/{n}" for n in range(FEEDS)]
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        watch = load_watch(watch_file(folder, addresses))

        def one() -> float:
            started = time.perf_counter()
            tally = run_pass(watch, folder / "home", plan=Steps(), engine="plain", command="benchmark")
            assert len(tally.listings) == FEEDS
            assert not tally.failed_sources
            return time.perf_counter() - started

        one()  # so that etags and robots.txt are known
        for _ in range(RUNS):
            plain = bare(addresses, {"if-none-match": '"1"'})
            ratios.append(one() / plain)
            print(f"  304: bare {plain:.2f} s, ratio {ratios[-1]:.2f}", file=sys.stderr)
    return statistics.median(ratios)


def fetch_all(folder: Path, items: Sequence[Item]) -> list[Capture | Failure]:
    """Fetch and capture items as a pass does it."""
    watch = load_watch(watch_file(folder, ["http://127.0.0.1/feed/0"]))
    clock = partial(datetime.now, UTC)
    found: list[Capture | Failure] = []
    with (
        Warehouse.open(folder / "home", now=clock()) as warehouse,
        steps.open_http(watch, clock, {}) as (http, runner),
    ):
        ctx = Context(watch, folder / "home", warehouse, 1, clock, http, runner, channels_of(watch, folder))
        http.recorder = partial(record, ctx)
        ctx.sources["s0"] = source_of(watch.sources[0], watch)

        async def listing() -> Sequence[Item]:
            return items

        ctx.intake = Intake(
            [listing],  # type: ignore[list-item]
            lambda listed: listed[0],  # type: ignore[arg-type,return-value]
            partial(steps._fetch_one, ctx),
            per_host=2,
            seconds=600,
        )
        while not ctx.intake.done:
            fetched = steps.gather(ctx, 50)
            found.extend(_without_body(capture) for capture in fetched.captures)
            found.extend(fetched.failures)
    return found


def _without_body(capture: Capture) -> Capture:
    return Capture(capture.item, capture.final_address, capture.sha256, b"", "", None, capture.fetched_at)


def article_items(port: int, hosts: Sequence[str]) -> list[Item]:
    """The items of the benchmark, spread over hosts."""
    return [Item("s0", f"http://{hosts[n % len(hosts)]}:{port}/page/{n}", str(n)) for n in range(ARTICLES)]


def captured_articles(port: int) -> float:
    """Articles fetched and captured, to the bare loop."""
    items = article_items(port, [f"127.0.3.{n + 1}" for n in range(HOSTS)])
    ratios = []
    for _ in range(RUNS):
        plain = bare([item.address for item in items], {})
        with tempfile.TemporaryDirectory() as name:
            started = time.perf_counter()
            found = fetch_all(Path(name), items)
            assert sum(isinstance(one, Capture) for one in found) == ARTICLES
            ratios.append((time.perf_counter() - started) / plain)
        print(f"  articles: bare {plain:.2f} s, ratio {ratios[-1]:.2f}", file=sys.stderr)
    return statistics.median(ratios)


def disturbed(port: int) -> float:
    """The time until all articles of 44 good hosts are there while one hangs and five fail, to undisturbed."""
    good = [f"127.0.4.{n + 1}" for n in range(44)]
    items = article_items(port, good)
    bad = [Item("s0", f"http://127.0.5.99:{port}/page/{n}", f"hang{n}") for n in range(4)]
    bad += [Item("s0", f"http://127.0.{n + 6}.98:{port}/page/0", f"fail{n}") for n in range(5)]
    ratios = []
    for _ in range(RUNS):
        seconds = []
        for some in (items, bad + items):
            with tempfile.TemporaryDirectory() as name:
                started = time.perf_counter()
                arrived = [0.0]
                _fetch_timed(Path(name), some, arrived, started)
                seconds.append(arrived[0])
        ratios.append(seconds[1] / seconds[0])
        print(f"  disturbed: {seconds[0]:.2f} s, ratio {ratios[-1]:.2f}", file=sys.stderr)
    return statistics.median(ratios)


def _fetch_timed(folder: Path, items: Sequence[Item], arrived: list[float], started: float) -> None:
    good = 0
    original = steps._fetch_one

    async def timed(ctx: Context, item: Item) -> Capture | Failure:
        nonlocal good
        result = await original(ctx, item)
        if isinstance(result, Capture):
            good += 1
            arrived[0] = time.perf_counter() - started
        return result

    steps._fetch_one = timed
    try:
        fetch_all(folder, items)
    finally:
        steps._fetch_one = original
    assert good == ARTICLES


def memory() -> float:
    """The most memory (MB) of a process that fetches and captures all articles once."""
    code = (
        "import resource, sys, tempfile; from pathlib import Path; from benchmarks import fetching_speed as f\n"
        "port = f.free_port()\n"
        "with f.serve(port, f.PAGES), tempfile.TemporaryDirectory() as name:\n"
        "    f.fetch_all(Path(name), f.article_items(port, [f'127.0.3.{n + 1}' for n in range(f.HOSTS)]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    """Print every figure with its goal."""
    if not PAGES.is_dir():
        print(f"fetching speed: left out, {PAGES} is not there")
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    port = free_port()
    print(
        f"fetching speed, medians of {RUNS} paired runs, ratio to a bare loop of httpx with the same requests"
    )
    with serve(port, PAGES):
        print(f"  a pass over {FEEDS} feeds that answer 304: {unchanged_feeds(port):.2f} (goal: at most 3)")
        figure = captured_articles(port)
        print(f"  {ARTICLES} articles of {HOSTS} hosts, fetched and captured: {figure:.2f} (goal: at most 2)")
        print(
            f"  one host hanging, five failing: the rest takes {disturbed(port):.2f} times as long (goal: 1.25)"
        )
    print(f"  memory while fetching: {memory():.0f} MB (goal: below 300)")


if __name__ == "__main__":
    main()
