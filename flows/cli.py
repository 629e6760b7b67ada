"""The command ``parley``. Data goes to stdout, progress and complaints to stderr.

Exit status: 0 done, 1 the job could not be done, 2 wrong usage or configuration, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from connectors.base import ChannelError
from domain.lexicon import LexiconError
from domain.verdicts import VerdictError
from flows import commands, verdicts
from flows.engine import EngineError
from flows.settings import DEFAULT_WATCH, WatchError
from flows.version import parley_version
from warehouse.errors import WarehouseError

Command = Callable[[argparse.Namespace], int]
Adder = Callable[[str, Command, str], argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except (WatchError, ChannelError) as error:
        print(error, file=sys.stderr)
        return 2
    except (WarehouseError, LexiconError, EngineError, VerdictError) as error:
        print(f"parley {options.name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # A second Ctrl-C must not tear the temporary Prefect server's shutdown apart: it takes seconds at the most.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print(
            "Interrupted. Everything loaded so far is whole; the next run goes on from there.",
            file=sys.stderr,
        )
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley", description="Tells you when two leaders are in contact.")
    parser.add_argument("--version", action="version", version=f"parley {parley_version()}")
    commands_of = parser.add_subparsers(dest="name", metavar="COMMAND", required=True)

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands_of.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        home = os.environ.get("PARLEY_HOME", "data")
        sub.add_argument(
            "--home", type=Path, default=Path(home), help="where the data lies (PARLEY_HOME, ./data)"
        )
        return sub

    _add_watching(add)
    _add_reading(add)
    _add_asking(add)
    _add_saying(add)
    return parser


def _add_watching(add: Adder) -> None:
    """The commands that work on the sources of a watch file."""
    run = add("run", commands.run, "one pass over the sources; needs no server")
    _add_watch(run)
    run.add_argument(
        "--folder",
        type=Path,
        action="append",
        default=[],
        help="watch this folder instead of the file's sources",
    )
    run.add_argument(
        "--embedded", action="store_true", help="run as a Prefect flow on a temporary server under the home"
    )
    doctor = add("doctor", commands.doctor, "check configuration, home, disk and locks; say what to do")
    _add_watch(doctor)


def _add_reading(add: Adder) -> None:
    """The commands that read articles from a stream."""
    detect = add("detect", commands.detect, "contacts in articles: JSON lines in, JSON lines out")
    replay = add(
        "replay", commands.replay, "the alerts that an archive would have raised: JSON lines in and out"
    )
    for reader in (detect, replay):
        reader.add_argument(
            "file", nargs="?", default="-", help="JSON lines of articles; - or nothing: stdin"
        )
        reader.add_argument("--pair", default="macron-putin", help="the two leaders (macron-putin)")
    detect.add_argument(
        "--trace", action="store_true", help="also the cues of each contact, and what was rejected and why"
    )
    replay.add_argument("--until", metavar="WHEN", help="only what was published up to this day or instant")
    replay.add_argument(
        "--diff",
        type=Path,
        metavar="FILE",
        help="only how the alerts differ from those in FILE, which replay printed with other rules",
    )
    replay.add_argument("--fresh-days", type=int, default=7, help="as in the watch file (7)")


def _add_asking(add: Adder) -> None:
    """The commands that ask the database."""
    sql = add("sql", commands.sql, "a read-only query against the published snapshot")
    sql.add_argument("query", help="SQL; the views are described in docs/sql.md")
    _add_format(sql, csv=True)

    for name, text in commands.LISTS.items():
        listing = add(name, commands.alerts if name == "alerts" else commands.show_list, text)
        most = 1000 if name == "sources" else 50
        listing.add_argument("--limit", type=_positive, default=most, help=f"how many at the most ({most})")
        for option, column in commands.FILTERS.get(name, {}).items():
            listing.add_argument(f"--{option}", help=f"only those with this {column}")
        _add_format(listing, csv=True)
        if name == "sources":
            listing.add_argument(
                "--catalogue", action="store_true", help="those that come with Parley, to pick from"
            )
        if name == "alerts":
            listing.add_argument(
                "--retry", action="store_true", help="first send again what channels did not take"
            )
            _add_watch(listing)

    explain = add("explain", commands.explain, "what stands behind an event, or what became of an address")
    explain.add_argument("subject", metavar="EVENT_ID or ADDRESS")
    _add_format(explain)


def _add_saying(add: Adder) -> None:
    """The commands by which an analyst has the last word."""
    merge = add("merge", verdicts.merge, "two events are one: the first becomes part of the second")
    merge.add_argument("event", metavar="EVENT_ID")
    merge.add_argument("into", metavar="INTO_EVENT_ID")
    split = add("split", verdicts.split, "some contacts of an event are an event of their own")
    split.add_argument("event", metavar="EVENT_ID")
    split.add_argument("contacts", metavar="CONTACT_ID or ADDRESS", nargs="+")
    reject = add("reject", verdicts.reject, "an event, or some contacts of it, never were")
    reject.add_argument("event", metavar="EVENT_ID")
    reject.add_argument(
        "--contact", metavar="CONTACT_ID or ADDRESS", action="append", default=[], help="only this contact"
    )
    reject.add_argument("--undo", action="store_true", help="let a rejected event count again")
    mute = add("mute", verdicts.mute, "no alerts about an event")
    mute.add_argument("event", metavar="EVENT_ID")
    mute.add_argument("--days", type=_positive, help="for so many days (left out: for good)")
    unmute = add("unmute", verdicts.unmute, "alerts about an event again")
    unmute.add_argument("event", metavar="EVENT_ID")
    for saying in (merge, split, reject, mute, unmute):
        saying.add_argument("--note", default="", help="why, for the history and for those who were told")
        _add_watch(saying)


def _add_watch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", type=Path, default=Path(DEFAULT_WATCH), help="the watch file (watch.toml)")


def _add_format(parser: argparse.ArgumentParser, *, csv: bool = False) -> None:
    choices = ["table", "json", "csv"] if csv else ["text", "json"]
    parser.add_argument("--format", choices=choices, default=choices[0], help="how to print it")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
