"""Tables for people and programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from warehouse.query import Table

SAFE_INTEGER = 2**53  # the largest whole number that every JSON reader keeps exactly


def print_table(table: Table, form: str) -> None:
    """Print a result as ``table``, ``json`` (an array of objects; 64-bit ids as strings) or ``csv``."""
    if form == "json":
        rows = [dict(zip(table.columns, map(as_json, row), strict=True)) for row in table.rows]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows([_as_text(value, "") for value in row] for row in table.rows)
    else:
        _print_rich(table)


def _print_rich(table: Table) -> None:
    console = Console(width=None if sys.stdout.isatty() else 250, highlight=False, soft_wrap=False)
    rich = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        rich.add_column(column, overflow="fold")
    for row in table.rows:
        rich.add_row(*(_escape(_as_text(value, "·")) for value in row))
    console.print(rich)
    console.print(f"{len(table.rows)} rows")


def _escape(text: str) -> str:
    return text.replace("[", r"\[")


def as_json(value: Any) -> Any:
    """A value as JSON: instants and days in ISO 8601, large whole numbers as strings."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return str(value) if abs(value) >= SAFE_INTEGER else value
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return value if isinstance(value, float | str) else str(value)


def _as_text(value: Any, nothing: str) -> str:
    if value is None:
        return nothing
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list | tuple):
        return ", ".join(_as_text(inner, nothing) for inner in value)
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


def tell(text: str) -> None:
    """A line for the person at the terminal: to stderr, so that data on stdout stays clean."""
    print(text, file=sys.stderr, flush=True)
