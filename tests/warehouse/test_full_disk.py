"""A disk that fills up: a clear error, nothing lost, and work goes on once there is room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.warehouse_builders import NOW
from warehouse.store import Warehouse

# A limit on the size of files stands in for a full disk: writing beyond it fails just the same.
CHILD = """
import random, resource, signal, sys
from pathlib import Path
from tests.warehouse.warehouse_builders import *
from warehouse.errors import WarehouseError
from warehouse.store import Warehouse

home = Path(sys.argv[1])
noise = random.Random(1)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Warehouse.open(home, now=NOW) as warehouse:
    warehouse.load(make_batch(load_article(make_article("before"))))
    warehouse.publish()
    limit = (home / "warehouse.duckdb").stat().st_size + 2_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        for number in range(1000):
            text = "".join(noise.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(100_000))
            warehouse.load(make_batch(load_article(make_article(f"n{number}", text=text)), run_id=number))
            print(number, flush=True)
            if sys.argv[2] == "publish":
                warehouse.publish()
    except WarehouseError as error:
        print(type(error).__name__, "|", error, "|", repr(error.__cause__))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "kind"), [("load", "WarehouseError"), ("publish", "WarehouseBroken")])
def test_what_was_acknowledged_is_there_and_the_error_says_what_to_do(
    home: Path, mode: str, kind: str
) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), mode],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == 0, child.stderr
    *acknowledged, last = child.stdout.splitlines()
    assert last.startswith(f"{kind} |"), child.stdout
    assert "free" in last.lower() and "space" in last.lower()
    assert acknowledged, last
    with Warehouse.open(home, now=NOW) as warehouse:
        known = warehouse.known_items(["wire"]).get("wire", {})
        assert {f"http://wire.example/n{number}" for number in acknowledged} <= set(known)
        warehouse.publish()
