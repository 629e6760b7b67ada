"""Progress of a pass on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from flows.job import Progress as Report


@contextmanager
def reporter() -> Iterator[Report]:
    """Give a function that shows how far a stage has come."""
    if sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _line


def _line(stage: str, done: int, total: int) -> None:
    if total:
        print(f"{stage}: {done} of {total}", file=sys.stderr, flush=True)


@contextmanager
def _bar() -> Iterator[Report]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report
