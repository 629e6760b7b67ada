from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.warehouse_builders import NOW
from warehouse.store import Warehouse


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def warehouse(home: Path) -> Iterator[Warehouse]:
    with Warehouse.open(home, now=NOW) as opened:
        yield opened
