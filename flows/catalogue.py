"""The sources that come with Parley (``connectors/catalogue.toml``), and what a watch picks of them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import Field

from flows.source_tables import AnySource, CatalogueTable, SourceTable
from flows.table_types import Table


class _File(Table):
    source: tuple[SourceTable, ...] = Field(min_length=1)


@cache
def load_catalogue() -> dict[str, AnySource]:
    """All sources of the catalogue by slug; raises pydantic's ValidationError for an entry that is wrong."""
    text = resources.files("connectors").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return {source.slug: source for source in _File.model_validate(tomllib.loads(text)).source}


def tags_of(source: AnySource) -> frozenset[str]:
    """The words by which a source can be picked: its own tags, side, tier, kind, country, and ``state``."""
    words = {*source.tags, source.side, source.kind, source.tier, (source.country or "").lower()}
    if source.state_affiliated == "yes":
        words.add("state")
    return frozenset(word for word in words if word)


def pick(wanted: CatalogueTable) -> tuple[AnySource, ...]:
    """The sources that are picked, in the order of the catalogue; raises ValueError for words that it does not know."""
    catalogue = load_catalogue()
    unknown = [slug for slug in (*wanted.slugs, *wanted.without) if slug not in catalogue]
    if unknown:
        raise ValueError(
            f"{unknown[0]!r} is no source of the catalogue; parley sources --catalogue lists them"
        )
    tags = {tag for source in catalogue.values() for tag in tags_of(source)}
    strange = [tag for tag in wanted.tags if tag not in tags]
    if strange:
        raise ValueError(f"{strange[0]!r} is no tag of the catalogue; there are: {', '.join(sorted(tags))}")
    by_list = bool(wanted.languages or wanted.tags)
    return tuple(
        source
        for slug, source in catalogue.items()
        if slug not in wanted.without and (slug in wanted.slugs or (by_list and _fits(source, wanted)))
    )


def _fits(source: AnySource, wanted: CatalogueTable) -> bool:
    languages = getattr(source, "languages", None) or (source.language,)
    speaks = not wanted.languages or any(language in wanted.languages for language in languages)
    return speaks and (not wanted.tags or bool(tags_of(source) & set(wanted.tags)))
