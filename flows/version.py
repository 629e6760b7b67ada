"""The versions that are written beside everything they produced."""

from __future__ import annotations

from importlib import metadata

# Of detection and resolution together: raised whenever the same text may give other contacts.
RULES_VERSION = "10"


def parley_version() -> str:
    """The version of the installed distribution."""
    return metadata.version("parley")
