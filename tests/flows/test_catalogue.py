"""The sources that come with Parley: every entry can work, and a watch picks from them by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.catalogue import load_catalogue, pick, tags_of
from flows.cli import main
from flows.settings import WatchError, load_watch
from flows.source_kinds import source_of
from flows.source_tables import SOURCE_MODELS, CatalogueTable

ROOT = Path(__file__).resolve().parents[2]


def slugs(**wanted: tuple[str, ...]) -> list[str]:
    return [source.slug for source in pick(CatalogueTable(**wanted))]


def test_every_entry_makes_a_source_that_can_work(tmp_path: Path) -> None:
    path = tmp_path / "watch.toml"
    path.write_text('[catalogue]\ntags = ["paris", "moscow", "third"]\n[[channel]]\nkind = "stdout"\n')
    watch = load_watch(path)
    assert {source.slug for source in watch.sources} == set(load_catalogue())
    for table in watch.sources:
        assert source_of(table, watch).slug == table.slug
        assert table.name
        assert table.tier
        assert table.state_affiliated


def test_the_catalogue_covers_both_sides_many_languages_and_most_kinds() -> None:
    sources = load_catalogue().values()
    assert {source.side for source in sources} == {"paris", "moscow", "third"}
    assert {"en", "fr", "ru", "uk", "de", "ar", "pl", "es", "it", "tr"} <= {
        source.language for source in sources
    }
    local = {"folder", "warc", "json_lines", "mediacloud"}
    assert {source.kind for source in sources} == set(SOURCE_MODELS) - local


def test_picking_by_slug_language_and_tag() -> None:
    assert slugs(slugs=("tass-en",)) == ["tass-en"]
    french = slugs(languages=("fr",), tags=("official",))
    assert "elysee-feed" in french
    assert all("official" in tags_of(load_catalogue()[slug]) for slug in french)
    assert "kremlin-news-ru" not in french
    assert "google-news" in slugs(languages=("tr",))  # asked in Turkish, among others
    without = slugs(languages=("fr",), tags=("official",), without=("elysee-feed",))
    assert without == [slug for slug in french if slug != "elysee-feed"]
    assert slugs(slugs=("tass-en",), languages=("fr",), tags=("official",))[-1] == "tass-en"
    assert slugs() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[catalogue]\nslugs = ["nobody"]\n', "line 1: 'nobody' is no source of the catalogue"),
        (
            '[catalogue]\ntags = ["weather"]\n',
            "line 1: 'weather' is no tag of the catalogue; there are: agency",
        ),
        ('[catalogue]\nwords = ["x"]\n', "line 2: 'words' is no key of [catalogue]; allowed: slugs"),
        ("[catalogue]\n", "nothing would be watched"),
        (
            '[[source]]\nslug = "x"\nkind = "html_list"\naddress = "https://x.example/"\nentry = "li["\n',
            "line 5: entry = 'li[': is no CSS selector",
        ),
    ],
)
def test_a_pick_that_cannot_be_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "watch.toml"
    path.write_text(text)
    with pytest.raises(WatchError) as caught:
        load_watch(path)
    assert said in str(caught.value)


def test_a_source_of_ones_own_takes_the_place_of_one_of_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "watch.toml"
    own = '[[source]]\nslug = "tass-en"\nkind = "feed"\naddress = "https://mirror.example/tass.xml"\n'
    path.write_text(f'[catalogue]\nslugs = ["tass-en", "meduza-ru"]\n{own}')
    watch = load_watch(path)
    assert [(source.slug, watch.shown[source.slug]) for source in watch.sources] == [
        ("tass-en", "https://mirror.example/tass.xml"),
        ("meduza-ru", "https://meduza.io/rss/all"),
    ]


def test_the_watch_file_that_comes_with_parley_picks_what_it_says() -> None:
    watch = load_watch(ROOT / "watch.toml")
    assert len(watch.sources) >= 40
    assert {source.side for source in watch.sources} == {"paris", "moscow", "third"}


def test_the_catalogue_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "--catalogue", "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == len(load_catalogue()) + 1
    assert "kremlin-news-ru" in out
