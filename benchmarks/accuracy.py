"""How right detection is: precision, recall and F1 per language, kind and status, over labelled articles.

    python benchmarks/accuracy.py [--write]

Sets: the labelled articles beside this checkout (../shared/gold, left out with a message where they are absent), in the
part that may be worked with and the part that is only measured, and our own under tests/corpus. ``--write`` puts the
tables into docs/accuracy.md. What is counted:

``alert``: per article, whether its news holds a contact that took place. ``full``: per main contact, status, kind and
date all right. ``background``: the same for the other contacts. ``kind``, ``date``: share right among main contacts
whose status was right (``date``: of those that took place).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from benchmarks import resolution
from benchmarks.labelled import GOLD, ROOT, Row, sets
from domain.detect_json import detect_line
from domain.lexicon import available
from domain.people import DEFAULT_PAIR

PAGE = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- figures: made by `make accuracy` -->", "<!-- end of figures -->"

Answer = tuple[Row, list[Row]]  # an article, and the contacts found in it


def answers(rows: Iterable[Row]) -> list[Answer]:
    """What detection finds; the labels, that of the language too, are not handed over."""
    return [
        (row, detect_line({**row, "lang": None, "contacts": None}, DEFAULT_PAIR)["contacts"]) for row in rows
    ]


def is_date_right(labelled: str | None, found: str | None) -> bool:
    """A day must be met exactly, a month or year by anything within it (or the year of it), none by none or a month."""
    if labelled is None:
        return found is None or len(found) < 10
    if found is None:
        return False
    return (
        found == labelled if len(labelled) == 10 else found.startswith(labelled) or labelled.startswith(found)
    )


def pair_up(labelled: Sequence[Row], found: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Labels and answers of one status, one to one, those that agree most first."""

    def agreement(label: Row, answer: Row) -> int:
        date = is_date_right(label["date"], answer["date"])
        return 4 * date + 2 * (label["kind"] == answer["kind"]) + (label["place"] == answer["place"])

    options = sorted(
        (-agreement(label, answer), i, j)
        for i, label in enumerate(labelled)
        for j, answer in enumerate(found)
        if label["status"] == answer["status"]
    )
    pairs: dict[int, int] = {}
    for _, i, j in options:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(labelled[i], found[j]) for i, j in pairs.items()]


def _is_full(label: Row, answer: Row) -> bool:
    return label["kind"] == answer["kind"] and is_date_right(label["date"], answer["date"])


def count(data: Iterable[Answer]) -> Counter[str]:
    """The counts from which all figures of a line are made."""
    out: Counter[str] = Counter()
    for row, found in data:
        out["articles"] += 1
        told, said = _has_news(row["contacts"]), _has_news(found)
        out["alert hit"] += told and said
        out["alert false"] += said and not told
        out["alert missed"] += told and not said
        for name, role in (("full", "main"), ("background", "background")):
            labels = [c for c in row["contacts"] if c["role"] == role]
            got = [c for c in found if c["role"] == role]
            pairs = pair_up(labels, got)
            full = sum(_is_full(*pair) for pair in pairs)
            out[f"{name} hit"] += full
            out[f"{name} false"] += len(got) - full
            out[f"{name} missed"] += len(labels) - full
            if role == "main":
                out["kind of"] += len(pairs)
                out["kind right"] += sum(label["kind"] == answer["kind"] for label, answer in pairs)
                held = [(label, answer) for label, answer in pairs if label["status"] == "occurred"]
                out["date of"] += len(held)
                out["date right"] += sum(is_date_right(a["date"], b["date"]) for a, b in held)
    return out


def _has_news(contacts: Iterable[Row]) -> bool:
    return any(c["role"] == "main" and c["status"] == "occurred" for c in contacts)


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def _f1(counts: Counter[str], name: str) -> str:
    hit, wrong = counts[f"{name} hit"], counts[f"{name} false"] + counts[f"{name} missed"]
    return _ratio(2 * hit, 2 * hit + wrong)


def line(label: str, counts: Counter[str]) -> str:
    """One line of the table per language."""
    hit = counts["alert hit"]
    cells = (
        label,
        str(counts["articles"]),
        _ratio(hit, hit + counts["alert false"]),
        _ratio(hit, hit + counts["alert missed"]),
        _f1(counts, "full"),
        _ratio(counts["kind right"], counts["kind of"]),
        _ratio(counts["date right"], counts["date of"]),
        _f1(counts, "background"),
    )
    return "| " + " | ".join(cells) + " |"


def by_language(data: Sequence[Answer]) -> list[str]:
    """A table with a line for each language; those without a lexicon and with fewer than ten articles together."""
    sizes = Counter(row["lang"] for row, _ in data)

    def group(row: Row) -> str:
        own = row["lang"] in available() or sizes[row["lang"]] >= 10
        return row["lang"] if own else "others"

    names = sorted({group(row) for row, _ in data}, key=lambda name: (name == "others", name))
    head = [
        "| | articles | alert P | alert R | full F1 | kind | date | background F1 |",
        "|---|" + "---|" * 7,
    ]
    lines = [line(name, count(a for a in data if group(a[0]) == name)) for name in names]
    return head + [line("all", count(data))] * (len(names) > 1) + lines


def by_label(data: Sequence[Answer], key: str, role: str) -> list[str]:
    """A table of the contacts of a role per kind or status: found with that label and the right date, of how many."""
    tables: dict[str, Counter[str]] = {}
    for row, found in data:
        labels = [c for c in row["contacts"] if c["role"] == role]
        got = [c for c in found if c["role"] == role]
        right = [pair for pair in pair_up(labels, got) if _is_full(*pair)]
        for name, members in (("labelled", labels), ("found", got), ("right", [a for a, _ in right])):
            for contact in members:
                tables.setdefault(contact[key], Counter())[name] += 1
    head = [f"| {key} | labelled | found | right | P | R |", "|---|---|---|---|---|---|"]
    cells = sorted(tables.items(), key=lambda item: -item[1]["labelled"])
    return head + [
        f"| {name} | {c['labelled']} | {c['found']} | {c['right']} | {_ratio(c['right'], c['found'])} | "
        f"{_ratio(c['right'], c['labelled'])} |"
        for name, c in cells
    ]


def report(measured: Sequence[tuple[str, list[Answer]]]) -> str:
    """All tables as Markdown."""
    out: list[str] = []
    for name, data in measured:
        out += [f"### {name}", "", *by_language(data), ""]
    for title, wanted in _POOLS:
        pool = [a for name, data in measured if wanted(name) for a in data]
        for key in ("kind", "status") if pool else ():
            out += [f"### Main contacts by {key}: {title}", "", *by_label(pool, key, "main"), ""]
    return "\n".join(out)


_POOLS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("shared, open part", lambda name: name.endswith("open part")),
    ("shared, aside", lambda name: name.endswith("aside")),
    ("own, eighth set (nobody read it)", lambda name: name.startswith("own, eighth")),
    ("own, second set, half that nobody read", lambda name: name.endswith("nobody read")),
)


def main() -> None:
    """Measure, print, and with ``--write`` renew the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into docs/accuracy.md")
    options = parser.parse_args()
    if not GOLD.is_dir():
        print("shared labelled articles: left out, they are not beside this checkout")
    text = report([(name, answers(rows)) for name, rows in sets() if rows])
    text += "\n".join(["", "### Event resolution, contacts as labelled", "", *resolution.table(), ""])
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN, 1)
        behind = rest.split(END, 1)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{behind}", encoding="utf-8")
        print(f"written to {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
