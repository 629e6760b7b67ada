"""Which engine a pass runs on: none, a configured Prefect server, or a temporary one of its own.

Nothing here imports Prefect before it is needed: the import alone costs seconds.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
EMBEDDED = {
    # The default of 20 seconds is too short for a machine that is busy or does this for the first time.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}


def configured_server() -> str | None:
    """The address of the Prefect server that the environment or the active profile names, if any."""
    if address := os.environ.get("PREFECT_API_URL"):
        return address
    path = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect")) / "profiles.toml"
    try:
        profiles = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None  # no profile that Prefect itself could use either
    active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    profile = profiles.get("profiles", {}).get(active, {})
    address = profile.get("PREFECT_API_URL") if isinstance(profile, dict) else None
    return str(address) if address else None


def embed(home: Path) -> None:
    """Prepare the environment for a temporary server under ``home``: never the user's own server or profile."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    folder = home.resolve() / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(QUIET | EMBEDDED | {"PREFECT_HOME": str(folder)})


def be_quiet() -> None:
    """No telemetry on behalf of our users, unless they have asked for it themselves."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
