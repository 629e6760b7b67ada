"""What listings of any kind name -> items that may be fetched, and failures for those that may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.addresses import AddressRefusedError, check_address, show_address
from connectors.base import SourceError, clean_line
from connectors.dates import is_plausible, read_published
from connectors.proxies import resolve
from domain.identity import hash64
from domain.model import Failure, Item, Outcome, Published

MAX_ENTRIES = 1_000  # of one listing; feeds list tens


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a listing names, as it stands there. ``dates`` are texts, the most telling one first.

    ``revision`` is what else shows that it changed: a time of modification, say.
    """

    address: str
    title: str = ""
    dates: tuple[str, ...] = ()
    revision: str = ""
    name: str = ""  # an id, to name an entry that has no address
    outlet: str | None = None
    language: str | None = None


def make_items(
    slug: str,
    entries: Sequence[Entry],
    listed_at: str,
    now: datetime,
    *,
    zone: str | None = None,
    language: str | None = None,
) -> tuple[tuple[Item, ...], tuple[Failure, ...]]:
    """Items newest first, at most MAX_ENTRIES, and failures for entries that cannot be fetched.

    ``listed_at`` is the address of the listing; dates without an offset are meant in ``zone``, without which only
    their day is believed.
    """
    items: list[Item] = []
    failures: list[Failure] = []
    for position, entry in enumerate(entries, start=1):
        item = _make_item(slug, entry, now, find_zone(slug, zone), language)
        try:
            if not item.address:
                raise AddressRefusedError("an entry without a link")
            check_address(item.address)
            items.append(item)
        except AddressRefusedError as e:
            # A failure needs a name as well; a link that is refused is not repeated as it came.
            name = clean_line(entry.name, 200) or item.title or f"entry {position}"
            shown = show_address(item.address) or f"{listed_at}#{quote(name, safe='')}"
            failures.append(Failure(replace(item, address=shown), Outcome.REFUSED, str(e)))
    # Python's sort keeps the listing's own order among equals; undated entries come after the dated ones.
    items.sort(key=lambda i: i.published.at.timestamp() if i.published else 0.0, reverse=True)
    if len(items) > MAX_ENTRIES:
        detail = f"lists {len(items)} entries; the oldest {len(items) - MAX_ENTRIES} were left out"
        failures.append(Failure(Item(slug, listed_at, ""), Outcome.TOO_LARGE, detail))
    return tuple(items[:MAX_ENTRIES]), tuple(failures)


def find_zone(slug: str, name: str | None) -> ZoneInfo | None:
    """The zone of a name such as Europe/Paris; raises SourceError for one that nobody knows."""
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise SourceError(slug, f"zone {name!r} is unknown, write one like 'Europe/Paris'") from e


def check_source_address(slug: str, address: str) -> None:
    """Refuse the configured address of a source that cannot be fetched; raises SourceError."""
    try:
        check_address(address)
    except AddressRefusedError as e:
        raise SourceError(slug, f"correct the address {show_address(address)!r}: {e}") from e


def _make_item(slug: str, entry: Entry, now: datetime, zone: tzinfo | None, language: str | None) -> Item:
    address, title = resolve(entry.address.strip()), clean_line(entry.title)
    revision = (entry.revision,) if entry.revision else ()
    fingerprint = f"{hash64('feed', address, title, *entry.dates, *revision):016x}"
    dates = (_read_date(text, zone, now) for text in entry.dates)
    when = next((date for date in dates if date is not None), None)
    outlet = clean_line(entry.outlet, 200) if entry.outlet else None
    return Item(slug, address, fingerprint, title or None, when, outlet, entry.language or language)


def _read_date(text: str, zone: tzinfo | None, now: datetime) -> Published | None:
    found = read_published(text, zone)
    return found if found is not None and is_plausible(found, now) else None
