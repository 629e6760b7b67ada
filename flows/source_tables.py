"""The ``[[source]]`` tables of a watch file and of the catalogue, and how a watch picks from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.sources import gdelt, mediacloud
from flows.table_types import Language, Selector, Slug, Table, WebAddress, Zone


class SourceBase(Table):
    """What every source may say of itself. ``tags`` are one's own words to pick it by."""

    slug: Slug
    name: str | None = None
    language: Language | None = None
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    side: Literal["paris", "moscow", "third"] = "third"
    state_affiliated: Literal["yes", "partly", "no"] | None = None
    tier: Literal["official", "agency", "national", "other"] | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None  # what an operator should know before relying on it
    delay_seconds: float = Field(default=0, ge=0, le=600)  # between two requests for its listing


class FeedTable(SourceBase):
    """``kind = "feed"``: an RSS, Atom or JSON feed."""

    kind: Literal["feed"]
    address: WebAddress
    zone: Zone | None = None


class SitemapTable(SourceBase):
    """``kind = "sitemap"``: a news sitemap, a sitemap or an index of sitemaps."""

    kind: Literal["sitemap"]
    address: WebAddress
    zone: Zone | None = None
    hours: float = Field(default=72, gt=0)


class QueryTable(SourceBase):
    """``kind = "query"``: a feed address with ``{query}``, asked in each of ``languages`` for the pair's names."""

    kind: Literal["query"]
    address: WebAddress
    languages: tuple[Language, ...] = Field(min_length=1)
    words: str = "{a} {b}"  # the names of the pair stand for {a} and {b}
    per_pass: int = Field(default=0, ge=0)  # languages asked in one pass, in turn; 0: all


class GdeltTable(SourceBase):
    """``kind = "gdelt"``: GDELT's files of every quarter of an hour."""

    kind: Literal["gdelt"]
    address: WebAddress = gdelt.LAST_UPDATE
    delay_seconds: float = Field(default=1, ge=0, le=600)


class GdeltSearchTable(SourceBase):
    """``kind = "gdelt_doc"``: GDELT's search."""

    kind: Literal["gdelt_doc"]
    address: WebAddress = gdelt.SEARCH
    words: str = "{a} {b}"
    delay_seconds: float = Field(default=gdelt.SEARCH_DELAY, ge=0, le=600)


class TelegramTable(SourceBase):
    """``kind = "telegram"``: the preview of a public channel."""

    kind: Literal["telegram"]
    channel: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{3,31}$")
    base: WebAddress = "https://t.me"
    delay_seconds: float = Field(default=2, ge=0, le=600)


class HtmlListTable(SourceBase):
    """``kind = "html_list"``: a page that lists articles; what to take is said by CSS selectors."""

    kind: Literal["html_list"]
    address: WebAddress
    entry: Selector
    link: Selector = "a[href]"
    title: Selector | None = None
    date: Selector | None = None
    zone: Zone | None = None


class LinesSourceTable(SourceBase):
    """``kind = "json_lines"``: JSON lines behind an address."""

    kind: Literal["json_lines"]
    address: WebAddress


class WarcTable(SourceBase):
    """``kind = "warc"``: WARC files on disk; relative to the watch file."""

    kind: Literal["warc"]
    path: str = Field(min_length=1)


class MediaCloudTable(SourceBase):
    """``kind = "mediacloud"``: Media Cloud's search, with a key of one's own."""

    kind: Literal["mediacloud"]
    key: str = Field(min_length=1)
    address: WebAddress = mediacloud.SEARCH
    words: str = "{a} AND {b}"
    collections: tuple[int, ...] = ()
    days: int = Field(default=2, ge=1, le=30)
    delay_seconds: float = Field(default=5, ge=0, le=600)


class FolderTable(SourceBase):
    """``kind = "folder"``: .html, .txt and .jsonl files; relative to the watch file."""

    kind: Literal["folder"]
    path: str = Field(min_length=1)


AnySource = (
    FeedTable
    | SitemapTable
    | QueryTable
    | GdeltTable
    | GdeltSearchTable
    | TelegramTable
    | HtmlListTable
    | LinesSourceTable
    | WarcTable
    | MediaCloudTable
    | FolderTable
)
SourceTable = Annotated[AnySource, Field(discriminator="kind")]

SOURCE_MODELS: dict[str, type[Table]] = {
    "feed": FeedTable,
    "sitemap": SitemapTable,
    "query": QueryTable,
    "gdelt": GdeltTable,
    "gdelt_doc": GdeltSearchTable,
    "telegram": TelegramTable,
    "html_list": HtmlListTable,
    "json_lines": LinesSourceTable,
    "warc": WarcTable,
    "mediacloud": MediaCloudTable,
    "folder": FolderTable,
}


class CatalogueTable(Table):
    """``[catalogue]``: what a watch picks from the sources that come with Parley.

    Picked are those named in ``slugs``, and those that have one of ``languages`` and one of ``tags``; a list that is
    left out stands for any. ``without`` names what is not picked all the same.
    """

    slugs: tuple[Slug, ...] = ()
    languages: tuple[Language, ...] = ()
    tags: tuple[str, ...] = ()
    without: tuple[Slug, ...] = ()
