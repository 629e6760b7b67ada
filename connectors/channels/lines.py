"""Alerts as lines of JSON appended to a file, for log shippers and scripts."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from connectors.base import ChannelError
from domain.event_model import Message


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Appends the payload of every alert to a file, one line each, on disk before ``send`` returns.

    A line that a crash cut short is closed by a line feed before the next one is written, so that it spoils no other.
    The same alert may stand there twice: ``alert_id`` tells.
    """

    name: str
    path: Path

    def send(self, message: Message) -> None:
        """Append the alert; raises ChannelError (transient: a full disk may get room) where that fails."""
        line = json.dumps(message.payload, ensure_ascii=False, allow_nan=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                if file.tell() and not self._ends_whole():
                    file.write(b"\n")
                file.write(line.encode("utf-8", "backslashreplace"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            detail = f"cannot append to {self.path}: {error.strerror or error}"
            raise ChannelError(self.name, detail, transient=True) from error

    def _ends_whole(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
