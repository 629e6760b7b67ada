"""The source tables of a watch -> sources that work. A new kind of source is added here, by hand."""

from __future__ import annotations

from connectors.base import Source
from connectors.sources.feed import Feed
from connectors.sources.folder import Folder
from connectors.sources.gdelt import GdeltFiles, GdeltSearch
from connectors.sources.html_list import HtmlList
from connectors.sources.json_lines import RemoteLines
from connectors.sources.mediacloud import MediaCloud
from connectors.sources.query import QueryFeed
from connectors.sources.sitemap import Sitemap
from connectors.sources.telegram import Telegram
from connectors.sources.warc import Warc
from domain.people import names_both, search_words
from flows.pairs import pair_named
from flows.settings import Watch
from flows.source_tables import (
    AnySource,
    FeedTable,
    FolderTable,
    GdeltSearchTable,
    GdeltTable,
    HtmlListTable,
    LinesSourceTable,
    MediaCloudTable,
    QueryTable,
    SitemapTable,
    TelegramTable,
    WarcTable,
)

_FACTS = frozenset({"name", "country", "side", "state_affiliated", "tier", "tags", "note", "kind"})


def source_of(table: AnySource, watch: Watch) -> Source:
    """The source that a table describes; raises ``SourceError`` for one that cannot work."""
    pair = pair_named(watch.watch.pair)
    slug, delay = table.slug, table.delay_seconds
    match table:
        case FeedTable():
            return Feed(slug, table.address, table.language, table.zone, delay)
        case SitemapTable():
            return Sitemap(slug, table.address, table.language, table.zone, table.hours, delay)
        case QueryTable():
            queries = {
                language: _query(table.words, *search_words(pair, language)) for language in table.languages
            }
            return QueryFeed(slug, table.address, queries, table.per_pass, delay)
        case GdeltTable():
            return GdeltFiles(slug, names_both(pair), table.address, table.language, delay)
        case GdeltSearchTable():
            return GdeltSearch(slug, _query(table.words, *search_words(pair, "en")), table.address, delay)
        case TelegramTable():
            return Telegram(slug, table.channel, table.language, table.base, delay)
        case HtmlListTable():
            return HtmlList(**table.model_dump(exclude=set(_FACTS)))
        case LinesSourceTable():
            return RemoteLines(slug, table.address, table.language, delay)
        case WarcTable():
            return Warc(slug, watch.base / table.path, names_both(pair), table.language)
        case MediaCloudTable():
            words = _query(table.words, *search_words(pair, "en"))
            return MediaCloud(
                slug, words, table.key, table.address, table.collections, table.days, delay
            )  # fmt: skip
        case FolderTable():
            return Folder(slug, watch.base / table.path)


def _query(words: str, a: str, b: str) -> str:
    return words.replace("{a}", a).replace("{b}", b)
