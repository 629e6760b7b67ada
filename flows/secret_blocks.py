"""Secrets that lie on the Prefect server as Secret blocks."""

from __future__ import annotations

from flows.engine import configured_server


class SecretError(Exception):
    """A secret that cannot be had; the text names the block and what to do, never the value."""


def prefect_secret(name: str) -> str:
    """The value of a Secret block of the configured server; raises SecretError where there is none."""
    if configured_server() is None:
        raise SecretError(
            f"the Secret block {name!r} is on a Prefect server, and none is configured: set PREFECT_API_URL, or use "
            "an environment variable"
        )
    import httpx  # Prefect's client raises its errors, too
    from prefect.blocks.system import Secret  # importing Prefect costs seconds: only here
    from prefect.exceptions import PrefectException

    try:
        block = Secret.load(name)
    except ValueError as error:  # what Prefect raises for a block that is not there
        raise SecretError(
            f"the Prefect server has no Secret block {name!r}: make it there, or use an environment variable"
        ) from error
    except (PrefectException, httpx.HTTPError) as error:
        raise SecretError(
            f"the Secret block {name!r} cannot be read: {error or type(error).__name__}"
        ) from error
    assert isinstance(block, Secret), "without an event loop Prefect answers at once"
    return str(block.get())
