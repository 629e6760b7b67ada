from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows import engine


def test_a_server_is_found_in_the_environment_and_in_the_active_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert engine.configured_server() is None
    (tmp_path / "profiles.toml").write_text(
        'active = "desk"\n[profiles.desk]\nPREFECT_API_URL = "http://desk/api"\n[profiles.lab]\n',
        encoding="utf-8",
    )
    assert engine.configured_server() == "http://desk/api"
    monkeypatch.setenv("PREFECT_PROFILE", "lab")
    assert engine.configured_server() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://env/api")
    assert engine.configured_server() == "http://env/api"


def test_a_broken_profile_is_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (tmp_path / "profiles.toml").write_text("active = [", encoding="utf-8")
    assert engine.configured_server() is None


def test_a_server_that_does_not_start_is_named_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.sys, "executable", "/bin/false")
    before = dict(os.environ)
    try:
        with pytest.raises(engine.EngineError, match="did not start"), engine.own_server(tmp_path):
            pass
    finally:
        os.environ.clear()
        os.environ.update(before)
