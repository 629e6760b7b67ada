"""Alerts on the terminal, or on any other text stream."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TextIO

from connectors.base import ChannelError, clean_block, clean_line
from domain.event_model import Message

_RULE = "-" * 72


@dataclass(frozen=True, slots=True)
class Stdout:
    """Prints every alert as a block of lines to ``stream`` (None: the standard output of that moment).

    Characters that steer a terminal are dropped, as the words come from strangers' pages; characters that
    the stream cannot encode are shown escaped.
    """

    name: str = "stdout"
    stream: TextIO | None = None

    def send(self, message: Message) -> None:
        """Print the alert; raises ChannelError (not transient) if the stream is closed or broken."""
        stream = self.stream if self.stream is not None else sys.stdout
        encoding = getattr(stream, "encoding", None) or "utf-8"
        block = render_block(message).encode(encoding, "backslashreplace").decode(encoding)
        try:
            stream.write(block)
            stream.flush()
        except (OSError, ValueError) as e:  # ValueError: the stream was closed
            raise ChannelError(
                self.name, f"cannot print alert {message.alert_id}: {e}", transient=False
            ) from e


def render_block(message: Message) -> str:
    """The alert as plain lines between rules."""
    lines = [
        _RULE,
        f"{message.reason.value.upper()}: {clean_line(message.headline)}",
        clean_block(message.body),
        f"Source: {clean_line(message.address, 8192)}" if message.address else "",
        f"Alert {clean_line(message.alert_id)}, event {clean_line(message.event_id)}, "
        f"{message.created_at:%Y-%m-%d %H:%M} {message.created_at:%Z}",
        _RULE,
    ]
    return "\n".join(line for line in lines if line) + "\n"
