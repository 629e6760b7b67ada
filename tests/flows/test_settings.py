from __future__ import annotations

from pathlib import Path

import pytest

from flows.connect import channels_of
from flows.settings import WatchError, choose_watch, load_watch
from flows.source_tables import FeedTable, FolderTable

GOOD = """\
[watch]
pair = "macron-putin"

[[source]]
slug = "gazette"
kind = "feed"
address = "https://gazette.example/feed.xml"

[[source]]
slug = "dumps"
kind = "folder"
path = "dumps"

[[channel]]
kind = "stdout"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "watch.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read_wholly(tmp_path: Path) -> None:
    watch = load_watch(write(tmp_path, GOOD))
    assert [type(source) for source in watch.sources] == [FeedTable, FolderTable]
    assert watch.base == tmp_path.resolve()
    assert watch.watch.fresh_days == 7


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'slug = "gazette"',
            'slag = "gazette"',
            "line 5: 'slag' is no key of [[source]]; allowed: slug, name",
        ),
        ('kind = "folder"', 'kind = "rss"', "line 11: kind = 'rss' is not known; allowed: feed, sitemap"),
        ('kind = "folder"\n', "", "line 9: [[source]] needs the key 'kind'; allowed: feed, sitemap"),
        ('path = "dumps"\n', "", "line 9: [[source]] needs the key 'path'"),
        ("https://gazette", "gopher://gazette", "line 7: address = 'gopher://gazette.example/feed.xml'"),
        ("macron-putin", "macron-nobody", "line 2: pair = 'macron-nobody': must be two of these people"),
        ("[watch]\n", "[watch]\nfresh_days = -1\n", "line 2: fresh_days = -1: input should be greater"),
        (
            "[watch]\n",
            "[wotch]\n",
            "line 1: 'wotch' is no key of the file; allowed: watch, http, captures, catalogue, alerts, source, channel",
        ),
        (
            "[watch]\n",
            "[http]\nretries = 3\n[watch]\n",
            "line 2: 'retries' is no key of [http]; allowed: user_agent",
        ),
        ('slug = "dumps"', 'slug = "gazette"', "line 10: the source 'gazette' stands twice"),
        ("[watch]", "[watch", "not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    with pytest.raises(WatchError) as caught:
        load_watch(write(tmp_path, GOOD.replace(old, new, 1)))
    assert expected in str(caught.value)
    assert "watch.toml" in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('slug = "gazette"', 'slag = "gazette"').replace('kind = "stdout"', 'kind = "pigeon"')
    with pytest.raises(WatchError) as caught:
        load_watch(write(tmp_path, text))
    assert "slag" in str(caught.value)
    assert "pigeon" in str(caught.value)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (
            'kind = "mail"\nhost = "h"\nto = ["desk"]\nsender = "a@b.c"',
            "line 19: to = 'desk': must be a mail",
        ),
        ('kind = "mail"\nhost = "h"\nto = ["d@e.f"]\nsender = "@b.c"', "line 20: sender = '@b.c': must be a"),
        (
            'kind = "webhook"\naddress = "https://h/"\nsecret = "whsec_!!"',
            "line 19: secret = ...: behind whsec_",
        ),
    ],
)
def test_a_channel_that_cannot_work_is_named_before_anything_is_done(
    tmp_path: Path, channel: str, expected: str
) -> None:
    with pytest.raises(WatchError) as caught:
        load_watch(write(tmp_path, f"{GOOD}[[channel]]\n{channel}\n"))
    assert expected in str(caught.value)


def test_values_from_the_environment(tmp_path: Path) -> None:
    text = GOOD.replace("https://gazette.example/feed.xml", "https://${HOST}/feed.xml")
    watch = load_watch(write(tmp_path, text), {"HOST": "other.example"})
    assert isinstance(watch.sources[0], FeedTable)
    assert watch.sources[0].address == "https://other.example/feed.xml"
    with pytest.raises(WatchError, match="line 7: the environment variable HOST is not set"):
        load_watch(write(tmp_path, text), {})


def test_a_value_from_the_environment_is_never_printed(tmp_path: Path) -> None:
    text = GOOD + '\n[[channel]]\nkind = "webhook"\naddress = "${HOOK}"\n'
    with pytest.raises(WatchError) as caught:
        load_watch(write(tmp_path, text), {"HOOK": "no-address-but-a-secret"})
    assert "secret" not in str(caught.value)
    assert "${HOOK}" in str(caught.value)
    assert caught.value.__cause__ is None, "pydantic's own error would print it in a traceback"


def test_a_missing_file_and_a_file_without_sources(tmp_path: Path) -> None:
    with pytest.raises(WatchError, match="cannot be read"):
        load_watch(tmp_path / "none.toml")
    with pytest.raises(WatchError, match="nothing would be watched"):
        load_watch(write(tmp_path, "[watch]\n"))


def test_folders_replace_the_sources_and_keep_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a" / "Dumps").mkdir(parents=True)
    (tmp_path / "b" / "Dumps").mkdir(parents=True)
    folders = [tmp_path / "a" / "Dumps", tmp_path / "b" / "Dumps"]
    watch = choose_watch(write(tmp_path, GOOD.replace("[watch]", "[watch]\nfresh_days = 3")), folders)
    assert [source.slug for source in watch.sources] == ["dumps", "dumps-2"]
    assert watch.watch.fresh_days == 3
    assert [channel.kind for channel in watch.channels] == ["stdout"]


def test_folders_need_no_watch_file(tmp_path: Path) -> None:
    watch = choose_watch(tmp_path / "none.toml", [tmp_path])
    assert [channel.kind for channel in watch.channels] == ["stdout", "atom"]


def test_the_shipped_watch_file_is_good() -> None:
    watch = load_watch(Path(__file__).resolve().parents[2] / "watch.toml")
    assert len(watch.sources) >= 20


def test_every_kind_of_channel_can_be_configured(tmp_path: Path) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(
        '[[source]]\nkind = "folder"\nslug = "a"\npath = "."\n'
        '[[channel]]\nkind = "stdout"\n[[channel]]\nkind = "atom"\n[[channel]]\nkind = "lines"\n'
        '[[channel]]\nkind = "webhook"\naddress = "https://desk.example/"\nsecret = "${KEY}"\n'
        '[[channel]]\nkind = "mail"\nhost = "localhost"\nsender = "a@b.c"\nto = ["d@e.f"]\npassword = "${KEY}"\n',
        encoding="utf-8",
    )
    channels = channels_of(load_watch(file, {"KEY": "s3cret"}), tmp_path)
    assert [channel.name for channel in channels] == ["stdout", "atom", "lines", "webhook", "mail"]
    assert "s3cret" not in repr(channels)


def test_a_secret_block_without_a_server_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    text = GOOD.replace("https://gazette.example/feed.xml", "https://${prefect:desk}/feed.xml")
    with pytest.raises(
        WatchError, match="line 7: the Secret block 'desk' is on a Prefect server, and none is"
    ):
        load_watch(write(tmp_path, text), {})
