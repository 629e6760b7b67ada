"""What operators are told of sources: once that one cannot be seen any more, and once that it can again."""

from __future__ import annotations

from domain.event_model import Message
from domain.health import Health, HealthChange
from domain.identity import hash64
from domain.terms import Reason

_WORDS = {
    Health.OK: "is seen again",
    Health.QUIET: "has gone quiet",
    Health.DEGRADED: "is seen badly",
    Health.BLOCKED: "blocks us",
    Health.FAILING: "fails",
}


def notice(change: HealthChange) -> Message:
    """The message about a source whose state changed; its id is the same however often it is written."""
    finding = change.finding
    alert_id = str(hash64("notice", finding.slug, finding.state.value, change.at.isoformat()))
    headline = f"Source {finding.slug} {_WORDS[finding.state]}"
    what = finding.detail or f"It was {change.before.value} before."
    body = f"{headline}\n{what}\nSee: parley sources"
    payload: dict[str, object] = {
        "alert_id": alert_id,
        "reason": Reason.SOURCE.value,
        "created_at": change.at.isoformat(),
        "source": finding.slug,
        "state": finding.state.value,
        "before": change.before.value,
        "detail": finding.detail,
        "headline": headline,
        "body": body,
    }
    return Message(alert_id, "0", Reason.SOURCE, change.at, headline, body, "", payload)
