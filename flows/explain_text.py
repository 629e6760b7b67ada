"""The facts of ``parley explain`` as text for people; ``--format json`` gives all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]


def event_lines(told: Record) -> list[str]:
    """An event: what it is, every contact behind it with its words, its history, its alerts and silences."""
    event = told["event"]
    lines = [
        f"Event {event['event_id']} ({event['pair']})",
        f"  {event['kind']}, {event['status']}, {_when(event)}{_where(event)}{_company(event)}",
        f"  told by {event['article_count']} articles, {event['independent_count']} of them independent; "
        f"reported as {event['reported_as']}; confidence {event['confidence']:.2f}",
        *_standing_lines(event),
        "",
        "Contacts behind it:",
    ]
    for contact in told["contacts"]:
        lines += _contact_lines(contact)
    lines += ["", "History:"]
    lines += [f"  {h['changed_at']}  {h['what']}: {h['status_after']}  ({h['why']})" for h in told["history"]]
    lines += _alert_lines(told["alerts"])
    lines += _silence_lines(told["suppressed"])
    if told["confirmations"]:
        lines += ["", "First said by:"]
        lines += [f"  {c['side']}: {c['said_at']}  {c['address']}" for c in told["confirmations"]]
    return lines


def address_lines(told: Record) -> list[str]:
    """An address: how it ended, what its article says, what was not taken from it, and why it raised no alert."""
    lines = [told["address"], f"  {told['verdict']}", "", "Taken up:"]
    lines += [
        f"  {item['ended_at']}  {item['outcome']}{_more(item['detail'])} (source {item['source']})"
        for item in told["items"]
    ]
    for version in told["versions"]:
        lines += [
            "",
            f"Version {version['version']}: “{version['title']}”",
            f"  published {version['published_at'] or 'nobody says when'} (by {version['published_basis'] or '-'}), "
            f"{version['characters']} characters by {version['extractor']}, language {version['detected_language']}",
        ]
    for copy in told["copies"]:
        lines.append(
            f"  {copy['relation']}: {copy['address']} of {copy['origin_address']} "
            f"(containment {copy['containment5']:.2f}, Jaccard {copy['jaccard3']:.2f})"
        )
    if told["contacts"]:
        lines += ["", "Contacts it tells:"]
        for contact in told["contacts"]:
            lines += _contact_lines(contact)
            if contact["event_id"] is not None:
                lines.append(f"     event {contact['event_id']}")
    if told["rejected"]:
        lines += ["", "Looked like a contact and was not taken:"]
        lines += [f"  “{r['words']['quote']}”\n     {r['rule']}: {r['reason']}" for r in told["rejected"]]
    lines += _alert_lines(told["alerts"])
    lines += _silence_lines(told["suppressed"])
    return lines


def _standing_lines(event: Record) -> list[str]:
    lines = []
    if event["standing"] == "merged":
        lines.append(f"  an analyst has merged it into event {event['merged_into']}")
    elif event["standing"] != "stands":
        lines.append(f"  it does not count any more: {event['standing']}")
    if event["contradicted"]:
        lines.append("  contradicted: somebody says that it was not, or is not to be")
    if event["muted_until"]:
        lines.append(f"  no alerts until {event['muted_until']}")
    return lines


def _contact_lines(contact: Record) -> list[str]:
    date, words = contact["date"], contact["words"]
    published = contact["published_at"] or "no date"
    lines = [
        f"  {contact['outlet']} ({published}) {contact['address']}",
        f"     “{words['quote']}”",
        f"     {contact['role']} {contact['kind']}, {contact['status']}, {_date(date)}{_where(contact)}"
        f"{_company(contact)}",
        f"     rule {contact['rule']} of lexicon {contact['lexicon']}, confidence {contact['confidence']:.2f}, "
        f"{words['field']} characters {words['start']} to {words['end']}",
    ]
    if contact["cues"]:
        lines.append(f"     cues: {', '.join(contact['cues'])}")
    if contact["join_why"]:
        lines.append(f"     joined: {contact['join_why']}")
    return lines


def _alert_lines(alerts: Sequence[Record]) -> list[str]:
    lines = ["", "Alerts:"] if alerts else ["", "Alerts: none"]
    for alert in alerts:
        lines.append(f"  {alert['created_at']}  [{alert['reason']}] {alert['headline']}")
        for delivery in alert["deliveries"]:
            said = _more(delivery["detail"])
            lines.append(
                f"     {delivery['channel']}: {delivery['state']} after {delivery['attempts']} attempts{said}"
            )
    return lines


def _silence_lines(suppressed: Sequence[Record]) -> list[str]:
    if not suppressed:
        return []
    held = [f"  {s['hold']}: {s['detail']}  ({s['address']})" for s in suppressed]
    return ["", "Raised no alert:", *held]


def _when(event: Record) -> str:
    first, last = event["date_from"], event["date_to"]
    if first is None:
        return "no date known"
    span = str(first) if first == last else f"{first} to {last}"
    return f"{span} ({event['date_basis']})"


def _date(date: Record) -> str:
    if date["from"] is None:
        return "no date" + (f" (“{date['words']}”)" if date["words"] else "")
    span = date["from"] if date["from"] == date["to"] else f"{date['from']} to {date['to']}"
    words = f", “{date['words']}”" if date["words"] else ""
    return f"{span} (precision {date['precision']}, basis {date['basis']}{words})"


def _where(record: Record) -> str:
    return f", in {record['place']}" if record["place"] else ""


def _company(record: Record) -> str:
    return f", with {', '.join(record['with_others'])}" if record["with_others"] else ""


def _more(detail: str | None) -> str:
    return f": {detail}" if detail else ""
