from __future__ import annotations

from pathlib import Path

import pytest

from flows.job import Tally
from tests.newsroom import run_newsroom, serve


@pytest.fixture(scope="session")
def passed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tally]:
    """One pass over the newsroom: the home, which tests only read, and what happened."""
    home = tmp_path_factory.mktemp("newsroom")
    with serve() as proxy:
        return home, run_newsroom(home, proxy)


@pytest.fixture
def home(passed: tuple[Path, Tally]) -> Path:
    """The home of that pass."""
    return passed[0]
