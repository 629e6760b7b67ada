"""Alerts as events on a Prefect server, for its Automations. Lives in flows/, as only they know Prefect."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from connectors.base import ChannelError
from domain.event_model import Message
from flows.engine import configured_server

NAMESPACE = uuid.UUID("5d7f2d2e-6a2b-5f0c-9a41-2f0a6c1f9a57")  # of the ids of events, made of those of alerts


@dataclass(frozen=True, slots=True)
class PrefectEvent:
    """Emits ``parley.alert.<reason>`` on the resource ``parley.event.<event_id>`` with the alert's payload.

    Posted to the server at once and not through Prefect's background worker, which cannot say whether an event has
    arrived. The event's id is made of the alert's: one that comes twice is one to the server.
    """

    name: str = "prefect"

    def send(self, message: Message) -> None:
        """Hand the alert to the configured server; raises ChannelError, transient where another try may help."""
        if configured_server() is None:
            detail = "no Prefect server is configured (PREFECT_API_URL): no event can be emitted"
            raise ChannelError(self.name, detail, transient=False)
        import httpx  # Prefect's own client raises its errors
        from prefect.client.orchestration import get_client  # importing Prefect costs seconds: only here

        event = {
            "id": str(uuid.uuid5(NAMESPACE, message.alert_id)),
            "occurred": message.created_at.isoformat(),
            "event": f"parley.alert.{message.reason.value}",
            "resource": {
                "prefect.resource.id": f"parley.event.{message.event_id}",
                "prefect.resource.name": message.headline,
            },
            "payload": message.payload,
        }
        try:
            with get_client(sync_client=True) as client:
                client.request("POST", "/events", json=[event])
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            detail = f"the Prefect server answered {status}"
            raise ChannelError(self.name, detail, transient=status >= 500) from error
        except httpx.HTTPError as error:
            detail = f"the Prefect server cannot be reached: {str(error) or type(error).__name__}"
            raise ChannelError(self.name, detail, transient=True) from error
