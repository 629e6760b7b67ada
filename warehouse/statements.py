"""Run a statement and read its answer to the end.

DuckDB 2 streams: while an answer is unread, the connection refuses other work, such as registering a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C be Ctrl-C: DuckDB turns one that strikes during a statement into ``RuntimeError``."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


def run(
    con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object] | Mapping[str, object] = ()
) -> list[tuple[Any, ...]]:
    """All rows of the answer; ``params`` are bound to ``?`` (a sequence) or ``$name`` (a mapping)."""
    bound = dict(params) if isinstance(params, Mapping) else list(params)
    with interruptible():
        return con.execute(sql, bound).fetchall() if bound else con.execute(sql).fetchall()


def count_changed(
    con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object] | Mapping[str, object] = ()
) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    answer = run(con, sql, params)
    return int(answer[0][0]) if answer else 0
