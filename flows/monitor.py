"""The Prefect flow: the same pass as without Prefect, its steps wrapped in tasks.

    prefect deploy --all                           # registers the deployment of prefect.yaml
    prefect deployment run monitor/monitor         # one run by hand; the schedule does it every 15 minutes

A task is a name, a retry policy and one call. Requests are retried by the one HTTP client, deliveries by the ledger;
a task repeats only what can be repeated without harm.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.utilities.annotations import quote

from flows import steps
from flows.job import BlindError, Steps, Tally, run_pass
from flows.settings import DEFAULT_WATCH, choose_watch
from flows.summary import summary_lines


def _as_task(name: str, call: Callable[..., Any], *, retries: int = 0) -> Callable[..., Any]:
    """A task whose arguments Prefect hands through as they are, without looking into thousands of articles."""
    wrapped = task(
        name=name, retries=retries, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False
    )(call)
    return lambda *arguments: wrapped(*(quote(argument) for argument in arguments))


TASKS = Steps(
    gather=_as_task("gather", steps.gather),
    extract=_as_task("extract", steps.extract),
    load=_as_task("load", steps.load),
    publish=_as_task("publish", steps.publish, retries=1),
    deliver=_as_task("deliver", steps.deliver),
)


@flow(name="monitor", persist_result=False)
def monitor(watch: str = DEFAULT_WATCH, home: str = "data", folders: list[str] | None = None) -> Tally:
    """One pass over the sources of a watch file (or over folders), into the warehouse under ``home``.

    Fails with ``BlindError`` when no source could be listed, with ``WarehouseError`` when the warehouse is not
    usable, with ``WatchError`` for a wrong watch file.
    """
    logger = get_run_logger()
    chosen = choose_watch(Path(watch), [Path(folder) for folder in folders or ()])
    tally = run_pass(
        chosen,
        Path(home),
        plan=TASKS,
        engine="prefect",
        command="monitor",
        progress=lambda stage, done, total: logger.debug("%s %d of %d", stage, done, total),
    )
    for line in summary_lines(tally):
        logger.info(line)
    if tally.blind:
        raise BlindError(tally)
    return tally
