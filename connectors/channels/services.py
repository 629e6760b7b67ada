"""Alerts to chat, mail and push services by Apprise addresses, some hundred kinds."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from connectors.base import ChannelError, clean_block, clean_line
from domain.event_model import Message


@dataclass(frozen=True, slots=True)
class Services:
    """Hands every alert to one service, written as an Apprise address (``slack://...``, ``tgram://...``).

    One channel is one address, so that a service that fails is tried again without telling the others twice. The
    address holds secrets: no error shows more than its scheme. Raises ChannelError for an address that Apprise
    does not know.
    """

    name: str
    address: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that cannot work."""
        try:
            check_service(self.address)
        except ValueError as error:
            raise ChannelError(self.name, str(error), transient=False) from None

    def send(self, message: Message) -> None:
        """Hand the alert over; raises ChannelError (transient: Apprise does not say why a service refused)."""
        from apprise import (  # its import costs a third of a second: only where it is used
            Apprise,
            NotifyFormat,
        )

        service = Apprise()
        service.add(self.address)
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its log lines may show parts of addresses
        body = clean_block(f"{message.body}\n{message.address}")
        if not service.notify(
            title=clean_line(message.headline, 200), body=body, body_format=NotifyFormat.TEXT
        ):
            scheme = self.address.partition("://")[0]
            raise ChannelError(self.name, f"the service {scheme}:// did not take the alert", transient=True)


def check_service(address: str) -> None:
    """Raises ValueError for what Apprise cannot send to."""
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    if "\n" in address or "," in address or not Apprise().add(address):
        raise ValueError("must be one address that Apprise knows, such as slack://... or mailtos://...")
