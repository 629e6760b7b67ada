"""The snapshot: whole, read-only, replaced in one step, at any moment."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.warehouse_builders import (
    NOW,
    PAIR,
    call_batch,
    hours,
    load_article,
    make_article,
    make_batch,
)
from warehouse.errors import WarehouseError
from warehouse.migrate import packaged_views
from warehouse.paths import live_file, published_file
from warehouse.query import open_published, query
from warehouse.store import Warehouse

PROMISED = [script.name.removeprefix("main.") for script in packaged_views() if "main." in script.name]


def test_it_is_one_read_only_file(home: Path, warehouse: Warehouse) -> None:
    warehouse.load(call_batch())
    path = warehouse.publish()
    assert path == published_file(home)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_it_opens_under_any_catalog_name_while_the_writer_works(home: Path, warehouse: Warehouse) -> None:
    warehouse.load(call_batch())
    path = warehouse.publish()
    script = textwrap.dedent("""
        import duckdb, sys
        con = duckdb.connect()
        con.execute(f"ATTACH '{sys.argv[1]}' AS somewhere_else (READ_ONLY)")
        for view in sys.argv[2:]:
            con.execute(f"SELECT * FROM somewhere_else.{view}").fetchall()
        print(con.execute("SELECT count(*) FROM somewhere_else.events").fetchall())
    """)
    reader = subprocess.run(
        [sys.executable, "-c", script, str(path), *PROMISED], capture_output=True, text=True, check=False
    )
    assert (reader.stdout, reader.returncode) == ("[(1,)]\n", 0), reader.stderr
    warehouse.load(make_batch(load_article(make_article("more"))))
    renamed = home / "copy with spaces.duckdb"
    renamed.write_bytes(path.read_bytes())
    con = duckdb.connect(str(renamed), read_only=True)
    for view in PROMISED:
        con.execute(f"SELECT * FROM {view}").fetchall()
    con.close()


def test_readers_keep_the_old_snapshot_and_new_ones_see_the_new(home: Path, warehouse: Warehouse) -> None:
    warehouse.load(make_batch(load_article(make_article("one"))))
    warehouse.publish()
    reading = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True);"
            "sys.stdin.readline(); print(con.execute('SELECT count(*) FROM articles').fetchone()[0])",
            str(published_file(home)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reading.stdin is not None and reading.stdout is not None
    assert reading.stdout.readline() == "open\n"
    warehouse.load(make_batch(load_article(make_article("two"))))
    warehouse.publish()
    assert query(home, "SELECT count(*) FROM articles").rows == [(2,)]
    answer, _ = reading.communicate("\n", timeout=30)
    assert answer == "1\n"


def test_a_log_left_beside_the_snapshot_is_removed(home: Path, warehouse: Warehouse) -> None:
    warehouse.load(make_batch(load_article(make_article("one"))))
    path = warehouse.publish()
    # Somebody opens the snapshot for writing and is killed: the log of that stays behind.
    path.chmod(0o644)
    script = "import duckdb, os, sys; con = duckdb.connect(sys.argv[1]); "
    script += "con.execute(\"SET wal_autocheckpoint = '1GB'\"); con.execute('CREATE TABLE mine (a INT)'); os._exit(9)"
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    log = path.with_name(path.name + ".wal")
    assert log.exists()
    warehouse.load(make_batch(load_article(make_article("two"))))
    warehouse.publish()
    assert not log.exists()
    assert query(home, "SELECT count(*) FROM articles").rows == [(2,)]
    assert query(home, "SELECT table_name FROM duckdb_tables() WHERE table_name = 'mine'").rows == []


def test_leftovers_of_an_interrupted_copy_are_removed(home: Path, warehouse: Warehouse) -> None:
    stale = published_file(home).with_name(".parley.duckdb.4711.tmp")
    stale.write_bytes(b"half a copy")
    warehouse.publish()
    assert not stale.exists()


def test_the_writers_lock_on_the_live_file_survives_publishing(home: Path, warehouse: Warehouse) -> None:
    warehouse.publish()
    script = "import duckdb, sys; duckdb.connect(sys.argv[1])"
    other = subprocess.run(
        [sys.executable, "-c", script, str(live_file(home))], capture_output=True, text=True, check=False
    )
    assert other.returncode != 0
    assert f"PID {os.getpid()}" in other.stderr


def test_where_the_copy_cannot_be_written_the_old_snapshot_stays_and_work_goes_on(
    home: Path, warehouse: Warehouse
) -> None:
    warehouse.load(make_batch(load_article(make_article("one"))))
    path = warehouse.publish()
    path.rename(home / "aside")
    path.mkdir()
    (path / "in the way").touch()
    with pytest.raises(
        WarehouseError, match=r"could not copy .*warehouse\.duckdb to .*check free space"
    ) as caught:
        warehouse.publish()
    assert isinstance(caught.value.__cause__, OSError)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    warehouse.load(make_batch(load_article(make_article("two"))))
    assert len(warehouse.known_items(["wire"]).get("wire", {})) == 2


def test_the_snapshot_has_the_storage_format_of_todays_tools(warehouse: Warehouse) -> None:
    warehouse.load(call_batch())
    header = warehouse.publish().read_bytes()[:20]
    assert 64 <= int.from_bytes(header[12:20], "little") <= 68


CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from domain.event_model import Change
from tests.warehouse.warehouse_builders import *
from warehouse.store import Warehouse

home, start = Path(sys.argv[1]), int(sys.argv[2])
with Warehouse.open(home, now=NOW) as warehouse:
    for number in range(start, start + 10_000):
        name = f"n{number}"
        loaded = load_article(make_article(name, text="word " * 400), make_contact(), keys=tuple(range(40)))
        event = make_event("one", clusters=tuple(range(number % 50)), place=name)
        known = warehouse.events(PAIR)
        change = Change(make_report(loaded), known[0] if known else None, event, 80, "joined")
        alert, message = make_alert(change, alert_id=number, channels=("desk", "feed"))
        warehouse.load(make_batch(loaded, changes=(change,), alerts=(alert,), payloads=(message,), run_id=number))
        print(number, flush=True)
        if number % 3 == 0:
            warehouse.publish()
"""


def kill_while_loading(home: Path, start: int, after: float) -> list[int]:
    """Load from ``start`` on in another process, kill it after so many seconds; the batches it acknowledged."""
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home), str(start)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read()
    child.wait()
    child.stdout.close()
    return [int(line) for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]


def check_whole(home: Path, acknowledged: set[int]) -> set[int]:
    """Every batch is there wholly or not at all; returns those that are."""
    with Warehouse.open(home, now=NOW, wait_seconds=5) as warehouse:
        warehouse.publish()
        (event,) = warehouse.events(PAIR)
    stored = {row[0] for row in query(home, "SELECT alert_id FROM alerts").rows}
    assert acknowledged <= stored
    count = len(stored)
    for sql, expected in {
        "SELECT count(*), count(DISTINCT article_id) FROM core.article": (count, count),
        "SELECT count(*), count(DISTINCT contact_id) FROM core.contact": (count, count),
        "SELECT count(*), count(DISTINCT contact_id) FROM core.event_contact": (count, count),
        "SELECT count(*), count(DISTINCT (alert_id, channel)) FROM ops.delivery": (2 * count, 2 * count),
        "SELECT count(*), count(DISTINCT article_id) FROM core.sketch": (40 * count, count),
        "SELECT count(*), count(DISTINCT run_id) FROM ops.item_end": (count, count),
    }.items():
        assert query(home, sql).rows == [expected], sql
    assert event.place == f"n{max(stored)}"
    return stored


@pytest.mark.slow
def test_killed_while_loading_and_publishing_nothing_is_lost_or_torn(home: Path) -> None:
    moments = random.Random(7)
    acknowledged: set[int] = set()
    start = 1
    for _ in range(4):
        acknowledged.update(kill_while_loading(home, start, moments.uniform(0.05, 1.0)))
        if published_file(home).exists():
            con = open_published(home)
            assert con.execute("SELECT count(*) > 0 FROM alerts").fetchone() == (True,)
            con.close()
        stored = check_whole(home, acknowledged)
        start = max(stored) + 1
    assert len(acknowledged) >= 4


@pytest.mark.drill
def test_a_hundred_kills_lose_nothing(home: Path) -> None:
    moments = random.Random(8)
    acknowledged: set[int] = set()
    start = 1
    for _ in range(100):
        acknowledged.update(kill_while_loading(home, start, moments.uniform(0.0, 1.5)))
        start = max(check_whole(home, acknowledged)) + 1


def test_a_batch_committed_but_never_acknowledged_can_be_loaded_again(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.load(call_batch())
    with Warehouse.open(home, now=hours(1)) as warehouse:
        warehouse.load(call_batch(loaded_at=hours(1)))
        assert len(warehouse.pending("desk", hours(2))) == 1
