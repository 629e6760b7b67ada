"""Tables and explanations for people and programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
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
    if isinstance(value, datetime | date):
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


def print_explanation(told: Mapping[str, Any]) -> None:
    """Print the nested facts of ``parley explain`` as indented lines."""
    for line in _lines(told, 0):
        print(line)


def _lines(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            lines += _entry(str(key), inner, depth)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for n, inner in enumerate(value, 1):
            if isinstance(inner, Mapping):
                lines.append(f"{pad}{n}.")
                lines += _lines(inner, depth + 1)
            else:
                lines.append(f"{pad}- {_as_text(inner, '·')}")
    else:
        lines.append(f"{pad}{_as_text(value, '·')}")
    return lines


def _entry(key: str, value: Any, depth: int) -> list[str]:
    pad, name = "  " * depth, key.replace("_", " ")
    nested = isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and any(isinstance(inner, Mapping) for inner in value)
    )
    if nested:
        return [f"{pad}{name}:", *_lines(value, depth + 1)] if value else []
    if value is None or value == [] or value == "":
        return []
    return [f"{pad}{name}: {_as_text(value, '·')}"]
