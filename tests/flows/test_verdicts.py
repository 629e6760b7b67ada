"""An analyst's word on the command line: it outlives every run, and who was told is told again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.test_delivery import BEGIN, receiver, run
from tests.newsroom import rows


def say(folder: Path, *words: str) -> int:
    """A command with the home and the watch file of ``folder``."""
    return main([*words, "--home", str(folder / "home"), "--watch", str(folder / "watch.toml")])


def the_event(folder: Path) -> str:
    ((event_id,),) = rows(folder / "home", "select event_id from events where status = 'occurred'")
    return str(event_id)


def test_a_rejected_event_is_taken_back_where_it_was_told_and_stays_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with receiver(204) as (hook, keys):
        run(tmp_path, hook)
        assert say(tmp_path, "reject", the_event(tmp_path), "--note", "a parody") == 0
        assert len(set(keys)) == 2
        run(tmp_path, hook, BEGIN + timedelta(hours=1))
        assert len(set(keys)) == 2
    assert rows(home, "select count(*) from events where status = 'occurred'") == [(0,)]
    assert rows(home, "select standing, alerted_status from former_events") == [("rejected", None)]
    assert rows(home, "select reason, body like '%a parody%' from alerts order by sequence") == [
        ("new", False),
        ("retracted", True),
    ]
    assert rows(home, "select action, note from verdicts") == [("reject", "a parody")]
    assert rows(home, "select days_since from gap_clock where kind = 'any'") == [(None,)]


def test_a_channel_that_was_never_told_is_not_told_that_it_is_taken_back(tmp_path: Path) -> None:
    with receiver(204) as (hook, _):
        run(tmp_path, hook)
        watch = tmp_path / "watch.toml"
        watch.write_text(watch.read_text("utf-8") + '[[channel]]\nkind = "lines"\n', "utf-8")
        assert say(tmp_path, "reject", the_event(tmp_path)) == 0
    assert rows(tmp_path / "home", "select channel, count(*) from deliveries group by 1 order by 1") == [
        ("atom", 2),
        ("webhook", 2),
    ]


def test_a_contact_is_rejected_by_the_address_of_its_article(tmp_path: Path) -> None:
    with receiver(204) as (hook, _):
        run(tmp_path, hook)
        ((address,),) = rows(tmp_path / "home", "select distinct address from contacts")
        assert say(tmp_path, "reject", the_event(tmp_path), "--contact", address) == 0
    assert rows(tmp_path / "home", "select standing from former_events") == [("retracted",)]
    assert rows(tmp_path / "home", "select count(*) from contacts where status = 'occurred'") == [(0,)]


def test_words_that_cannot_be_followed_say_why_and_change_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with receiver(204) as (hook, _):
        run(tmp_path, hook)
        event = the_event(tmp_path)
        for words, expected in [
            (("reject", "17"), "no event 17"),
            (("reject", "ten"), "no event ten"),
            (("merge", event, event), "into itself"),
            (("split", event, "5"), f"event {event} has no contact 5"),
            (("reject", event, "--undo"), "is not rejected"),
        ]:
            assert say(tmp_path, *words) == 1
            assert expected in capsys.readouterr().err
        assert say(tmp_path, "reject", event) == 0
        assert say(tmp_path, "mute", event) == 0
        assert say(tmp_path, "merge", event, event) == 1
    assert rows(tmp_path / "home", "select action from verdicts order by decided_at") == [
        ("reject",),
        ("mute",),
    ]


def test_mute_and_unmute_are_recorded(tmp_path: Path) -> None:
    with receiver(204) as (hook, _):
        run(tmp_path, hook)
        event = the_event(tmp_path)
        assert say(tmp_path, "mute", event, "--days", "3") == 0
        assert rows(
            tmp_path / "home", "select muted_until > now() from events where status = 'occurred'"
        ) == [(True,)]
        assert say(tmp_path, "unmute", event) == 0
        assert rows(tmp_path / "home", "select muted_until from events where status = 'occurred'") == [
            (None,)
        ]
