"""docs/sql.md says what is there: every view, every column with its type, and examples that run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.warehouse_builders import NOW, call_batch, make_run
from warehouse.batch import ListingEnd, RunFinish
from warehouse.query import query
from warehouse.store import Warehouse

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
SHORT_TYPES = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}


def documented() -> dict[str, list[tuple[str, str, str]]]:
    """View -> (column, type, null) in the order of the page."""
    views = {}
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        name = section.split("\n", 1)[0]
        table = re.search(r"\| column \| type \| null \| meaning \|\n\|[-|]+\|\n((?:\|.*\n)+)", section)
        if table:
            views[name] = [
                (cells[0], cells[1], cells[2])
                for cells in (
                    [cell.strip() for cell in line.strip("|\n").split("|")] for line in table[1].splitlines()
                )
            ]
    return views


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("docs")
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.begin_run(make_run())
        warehouse.load(call_batch())
        warehouse.finish_run(RunFinish(1, NOW, "done", listings=(ListingEnd("wire", NOW, error="down"),)))
        warehouse.publish()
    yield home


def test_every_view_and_column_is_documented_with_its_type_and_order(shelf: Path) -> None:
    there: dict[str, list[tuple[str, str]]] = {}
    for view, column, kind in query(
        shelf,
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index",
    ).rows:
        there.setdefault(view, []).append((column, SHORT_TYPES.get(kind, kind)))
    assert {view: [row[:2] for row in rows] for view, rows in documented().items()} == there


def test_columns_said_to_be_never_null_are_not(shelf: Path) -> None:
    for view, columns in documented().items():
        never = [column for column, _, null in columns if null == "never"]
        assert never, view
        counts = ", ".join(f'count("{column}")' for column in never)
        counted = query(shelf, f"SELECT {counts}, count(*) FROM {view}").rows[0]
        assert {c: n for c, n in zip(never, counted, strict=False) if n != counted[-1]} == {}, view


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("sql", EXAMPLES)
def test_examples_run(shelf: Path, sql: str) -> None:
    assert query(shelf, sql.strip()).columns
