"""One pass over ``seeds/`` for the tests: the newsroom of seeds/newsroom.py, a home, and the truth table."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from flows.job import Steps, Tally, run_pass
from flows.settings import load_watch
from warehouse.query import query

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"


def _newsroom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("newsroom", SEEDS / "newsroom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["newsroom"] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def serve() -> Iterator[str]:
    """Serve the newsroom; gives the address of its proxy."""
    with _newsroom().serve() as proxy:
        yield proxy


def run_newsroom(home: Path, proxy: str, watch: Path = SEEDS / "watch.toml") -> Tally:
    """One plain pass over the newsroom into ``home``."""
    chosen = load_watch(watch, {"PARLEY_SEEDS_PROXY": proxy})
    return run_pass(chosen, home, plan=Steps(), engine="plain", command="test")


def truth() -> dict[str, Any]:
    """The truth table of the newsroom."""
    return tomllib.loads((SEEDS / "truth.toml").read_text(encoding="utf-8"))


def rows(home: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of a query against the published snapshot."""
    return query(home, sql, values).rows


def label(first: date | None, last: date | None, precision: str) -> str | None:
    """The date label of truth.toml for an interval as SQL gives it."""
    if first is None or last is None:
        return None
    return {"day": first.isoformat(), "month": first.isoformat()[:7], "year": str(first.year)}.get(
        precision, first.isoformat()[:7] if first.month == last.month else None
    )
