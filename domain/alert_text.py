"""An alert in words: its one line and its body, from the wording of a language or of the user's own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.event_model import Event, Report, Told
from domain.model import Basis, DateSpan, Kind, Precision, Published, Reason, Status
from domain.people import Capital

_SECTIONS: dict[str, tuple[str, ...]] = {
    "when": ("day", "first", "month", "year", "span", "unknown"),
    "where": ("place", "names"),
    "who": ("company", "names"),
    "noun": tuple(Kind),
    "verb": tuple(Kind),
    "status": tuple(Status),
    "basis": tuple(Basis),
    "template": ("headline", "body"),
}
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


class WordingError(ValueError):
    """A file of wording that cannot be used; says what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words and templates of alerts in one language; ``words`` holds the sections of its file."""

    words: Mapping[str, Mapping[str, Any]]
    months: tuple[str, ...]
    headline: Template
    body: Template

    def when(self, span: DateSpan) -> str:
        """``on 1 July 2025``, ``in July 2025``, ``in 2025``, ``between ...``; empty where nothing is known."""
        words = self.words["when"]
        if span.first is None or span.last is None:
            return ""
        day, month, year = span.first.day, self.months[span.first.month - 1], span.first.year
        if span.precision is Precision.DAY:
            name = "first" if day == 1 else "day"
        elif span.label is not None and len(span.label) == 7:
            name = "month"
        else:
            name = "year" if span.precision is Precision.YEAR else "span"
        between = {"from": span.first.isoformat(), "to": span.last.isoformat()}
        return str(words[name]).format(day=day, month=month, year=year, **between)

    def where(self, place: str | None) -> str:
        """``in Moscow``; empty without a place."""
        return str(self.words["where"]["place"]).format(place=self.place(place)) if place else ""

    def place(self, place: str | None) -> str:
        """What a place is called in this language; empty without a place."""
        return str(self.words["where"]["names"].get(place, place)) if place else ""

    def names(self, people: Sequence[str]) -> list[str]:
        """What people are called in this language."""
        return [str(self.words["who"]["names"].get(name, name)) for name in people]


@cache
def packaged_wording(language: str) -> Wording:
    """The wording of this language that comes with Parley; raises WordingError for a language without one."""
    known = sorted(f.name.removesuffix(".toml") for f in files("domain").joinpath("wording").iterdir())
    if language not in known:
        raise WordingError(f"there is no wording in {language!r}; there is one in: {', '.join(known)}")
    text = files("domain").joinpath("wording", f"{language}.toml").read_text(encoding="utf-8")
    return read_wording(text)


def read_wording(text: str) -> Wording:
    """The wording of a TOML text such as wording/en.toml; raises WordingError that says what is wrong."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordingError(f"not TOML: {error}") from error
    months = tables.get("months")
    if not (isinstance(months, list) and len(months) == 12 and all(isinstance(m, str) for m in months)):
        raise WordingError("months must be a list of twelve names")
    for section, keys in _SECTIONS.items():
        held = tables.get(section)
        missing = [key for key in keys if not isinstance(held, dict) or key not in held]
        if missing:
            raise WordingError(f"[{section}] needs {', '.join(missing)}")
    try:
        headline, body = (_ENVIRONMENT.from_string(tables["template"][name]) for name in ("headline", "body"))
    except TemplateError as error:
        raise WordingError(f"[template]: {error}") from error
    wording = Wording({name: tables[name] for name in _SECTIONS}, tuple(months), headline, body)
    _try_out(wording)
    return wording


def _try_out(wording: Wording) -> None:
    """Fill the templates for every reason and status, so that a mistake is known before the first alert."""
    day = date(2000, 1, 1)
    span = DateSpan(day, day, Precision.DAY, Basis.EXPLICIT)
    told = Told(Status.PLANNED, Kind.MEETING, span, "Paris", False, 1, 0.5)
    facts = {
        **_facts(told, wording),
        **dict.fromkeys(("a", "b", "basis", "outlet", "published", "address", "quote", "rule", "why"), "x"),
        "confidence": "0.50",
        "clocks": "18:55 Paris, 19:55 Moscow",
        "hour": "18:55 Paris, 19:55 Moscow",
        "independent": 1,
        "event_id": 1,
    }
    for reason in Reason:
        for status in Status:
            for before in (None, {**_facts(told, wording), "independent": 1}):
                one = facts | {"reason": reason.value, "status": status.value, "before": before}
                one["previous"] = None if before else {**_facts(told, wording), "days": 3}
                _render(wording.headline, one)
                _render(wording.body, one)


def headline(event: Event, names: tuple[str, str], reason: Reason, wording: Wording) -> str:
    """One line that says who, what, when and where; raises WordingError where the template breaks."""
    a, b = wording.names(names)
    facts = _facts(event, wording) | {"a": a, "b": b, "reason": reason.value}
    return " ".join(_render(wording.headline, facts).split())


@dataclass(frozen=True, slots=True)
class Telling:
    """What an alert tells: the event, the report that has it, what was told before and what went before."""

    event: Event
    report: Report
    names: tuple[str, str]
    reason: Reason
    before: Told | None  # what users were told last
    previous: Event | None  # the contact before this one
    why: str
    capitals: tuple[Capital, ...] = ()


def body(telling: Telling, wording: Wording) -> str:
    """The alert for people: what, when, where, who says so, in which words, and why it is new."""
    event, report, before = telling.event, telling.report, telling.before
    contact = report.contact
    a, b = wording.names(telling.names)
    facts = _facts(event, wording) | {
        "a": a,
        "b": b,
        "reason": telling.reason.value,
        "basis": _basis(event.date, wording),
        "outlet": report.outlet,
        "published": report.published.at.isoformat() if report.published else None,
        "clocks": _clocks(_moment(report.published), telling.capitals, wording),
        "hour": _hour(event, telling.capitals, wording),
        "address": report.address,
        "quote": contact.evidence.quote,
        "rule": contact.rule,
        "confidence": f"{event.confidence:.2f}",
        "independent": event.independent,
        "event_id": event.event_id,
        "why": telling.why,
        "before": _facts(before, wording) | {"independent": before.independent} if before else None,
        "previous": _previous(event, telling.previous, wording),
    }
    lines = (line.rstrip() for line in _render(wording.body, facts).splitlines())
    return "\n".join(line for line in lines if line)


def _moment(published: Published | None) -> datetime | None:
    """When an article came out; None where only its day is known."""
    return published.at if published is not None and published.precision == "instant" else None


def _hour(event: Event, capitals: Sequence[Capital], wording: Wording) -> str:
    """The clock time of a contact in both capitals, or as it was told where no zone was; empty where none was."""
    if event.time is None:
        return ""
    return _clocks(event.time.instant(event.date), capitals, wording) or event.time.label


def _clocks(moment: datetime | None, capitals: Sequence[Capital], wording: Wording) -> str:
    """``18:55 Paris, 19:55 Moscow``; empty without a moment."""
    if moment is None:
        return ""
    times = (
        f"{moment.astimezone(ZoneInfo(capital.zone)):%H:%M} {wording.place(capital.city)}"
        for capital in capitals
    )
    return ", ".join(times)


def _previous(event: Event, previous: Event | None, wording: Wording) -> dict[str, Any] | None:
    """The contact before, with the days that lie between."""
    if previous is None or previous.date.first is None or event.date.first is None:
        return None
    return _facts(previous, wording) | {"days": (event.date.first - previous.date.first).days}


def _facts(state: Event | Told, wording: Wording) -> dict[str, Any]:
    others = wording.names(state.with_others) if isinstance(state, Event) else []
    words = wording.words
    when = wording.when(state.date)
    return {
        "kind": state.kind.value,
        "status": state.status.value,
        "noun": words["noun"][state.kind],
        "verb": words["verb"][state.kind],
        "state": words["status"][state.status],
        "when": when,
        "day": when or words["when"]["unknown"],
        "where": wording.where(state.place),
        "place": wording.place(state.place),
        "company": str(words["who"]["company"]).format(others=", ".join(others)) if others else "",
    }


def _basis(span: DateSpan, wording: Wording) -> str:
    words = f", “{span.words}”" if span.words and span.basis is not Basis.PUBLICATION else ""
    return f"{wording.words['basis'][span.basis]}{words}"


def _render(template: Template, facts: Mapping[str, Any]) -> str:
    try:
        return template.render(facts)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise WordingError(f"a template of the wording cannot be filled: {error}") from error
