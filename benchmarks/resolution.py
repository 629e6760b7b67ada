"""How right event resolution is by itself: labelled contacts in, events out, compared with the events of the labels.

    python -m benchmarks.resolution

Labelled contacts (kind, status, date, place, others as a reader gave them) go in by publication, as if detection made
no mistake. Of all pairs of contacts of one set: precision is the share of joined pairs that are one event by the
labels, recall the share of such pairs that were joined. Sets are taken one by one, as each has event keys of its own;
contacts without a key, articles without a day of publication and copies are left out.
"""

from __future__ import annotations

import calendar
import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from benchmarks.labelled import Row, sets
from domain.detect_json import read_published
from domain.event_model import Report
from domain.events import in_order, resolve
from domain.identity import hash64
from domain.model import NO_DATE, Basis, Contact, DateSpan, Evidence, Kind, Precision, Role, Status

PAIR = "macron-putin"


def _span(label: str | None) -> DateSpan:
    """The calendar interval of a label: a day, a month or a year."""
    if label is None:
        return NO_DATE
    year, month, day = (int(part) for part in (*label.split("-"), "0", "0")[:3])
    if day:
        return DateSpan(date(year, month, day), date(year, month, day), Precision.DAY, Basis.EXPLICIT, label)
    if month:
        last = calendar.monthrange(year, month)[1]
        return DateSpan(date(year, month, 1), date(year, month, last), Precision.MONTH, Basis.EXPLICIT, label)
    return DateSpan(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, Basis.EXPLICIT, label)


def _contact(label: dict[str, Any]) -> Contact:
    return Contact(
        kind=Kind(label["kind"]),
        status=Status(label["status"]),
        role=Role(label["role"]),
        date=_span(label.get("date")),
        place=label.get("place"),
        with_others=tuple(sorted(name.split()[-1] for name in label.get("with_others") or ())),
        initiator=None,
        duration_minutes=None,
        topics=(),
        evidence=Evidence("text", 0, 0, ""),
        rule="label",
        cues=(),
        confidence=0.9,
    )


def _reports(rows: list[Row]) -> Iterator[tuple[Report, str]]:
    """A report for each labelled contact, with the key of its event."""
    for row in rows:
        published = read_published(row.get("published"))
        for number, label in enumerate(row["contacts"]):
            if published is None or not label.get("event"):
                continue
            article = hash64(row["id"])
            report = Report(
                contact_id=hash64("contact", row["id"], number),
                article_id=article,
                version=1,
                cluster_id=article,
                outlet=row["source"],
                address=row["url"],
                published=published,
                seen_at=published.at,
                contact=_contact(label),
            )
            yield report, label["event"]


def pairs(rows: list[Row]) -> Counter[tuple[bool, bool]]:
    """Pairs of contacts by whether they are one event by the labels, and by resolution."""
    labelled = sorted(_reports(rows), key=lambda one: in_order(one[0]))
    changes = resolve([report for report, _ in labelled], (), PAIR)
    joined = {change.report.contact_id: change.after.event_id for change in changes}
    keyed = [(key, joined[report.contact_id]) for report, key in labelled]
    return Counter((a[0] == b[0], a[1] == b[1]) for a, b in itertools.combinations(keyed, 2))


def table() -> list[str]:
    """A table with a line for each set: pairwise precision and recall."""
    lines = ["| set | pairs of one event | precision | recall |", "|---|---|---|---|"]
    for name, rows in sets():
        found = pairs(rows)
        right, wrong, missed = found[True, True], found[False, True], found[True, False]
        if right + missed:
            precision = right / (right + wrong) if right + wrong else 1.0
            lines.append(f"| {name} | {right + missed} | {precision:.3f} | {right / (right + missed):.3f} |")
    return lines


if __name__ == "__main__":
    print("\n".join(table()))
