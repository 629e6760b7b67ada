"""Reads what a news page says of itself in JSON-LD, the one place where most give the exact time of publication.

Real pages break the format in many ways, so the scan forgives: comment and CDATA wrappers, control characters,
entities escaped twice, trailing commas, several blocks, graphs, arrays. A block that is beyond repair is left out: it
is metadata, and there are other sources for every field.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.model import Published
from domain.publication import read_published

MAX_BLOCK = 1_000_000  # characters; a longer block holds data of an application
_MAX_NODES = 5_000
_WRAPPERS = re.compile(
    r"<!--|-->|(?://|/\*)?\s{0,9}<!\[CDATA\[\s*(?:\*/)?|(?://|/\*)?\s{0,9}\]\]>\s*(?:\*/)?"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_WAYS_DOWN = ("@graph", "mainEntity", "mainEntityOfPage")  # not into lists of other articles
_OTHER_TYPES = frozenset({"BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report"})


@dataclass(frozen=True, slots=True)
class Declared:
    """What the JSON-LD of a page declares of its article; None where it does not."""

    published: Published | None = None
    modified: Published | None = None
    headline: str | None = None
    language: str | None = None  # as written, e.g. "en-GB"
    publisher: str | None = None


def read_jsonld(blocks: Iterable[str]) -> Declared:
    """Reads the contents of a page's ``application/ld+json`` scripts.

    The first article with a date of publication counts; else the first article; else the page's own entry.
    """
    nodes = [node for block in blocks for node in _walk(_load(block))]
    articles = [node for node in nodes if _is_article(node)]
    pages = [node for node in nodes if "WebPage" in _types(node)]
    dated = (node for node in [*articles, *pages] if isinstance(node.get("datePublished"), str))
    node = next(dated, next(iter(articles), None))
    if node is None:
        return Declared()
    return Declared(
        published=_read_date(node.get("datePublished")),
        modified=_read_date(node.get("dateModified")),
        headline=_read_text(node.get("headline")) if _is_article(node) else None,
        language=_read_text(_name(node.get("inLanguage"))),
        publisher=_read_text(_name(node.get("publisher"))),
    )


def _load(block: str) -> object:
    """The JSON of a block, None if it cannot be read."""
    if len(block) > MAX_BLOCK:
        return None
    text = _WRAPPERS.sub("", block).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        try:
            loaded: object = json.loads(attempt, strict=False)
        except RecursionError:  # nested beyond reason: an attack or an accident
            return None
        except ValueError:
            continue
        return loaded
    return None


def _walk(loaded: object) -> Iterator[dict[str, object]]:
    """The nodes that speak of the page itself, in their order."""
    waiting = [loaded]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting = [*value[:_MAX_NODES], *waiting]
        elif isinstance(value, dict):
            yield value
            waiting = [*(value[key] for key in _WAYS_DOWN if key in value), *waiting]


def _types(node: dict[str, object]) -> list[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1].removeprefix("schema:") for kind in kinds if isinstance(kind, str)]


def _is_article(node: dict[str, object]) -> bool:
    return any(kind.endswith("Article") or kind in _OTHER_TYPES for kind in _types(node))


def _name(value: object) -> object:
    """The name of a thing that is given as an object, a list of objects or a plain string."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        return value.get("name") or value.get("alternateName")
    return value


def _read_date(value: object) -> Published | None:
    return read_published(value, "json-ld") if isinstance(value, str) else None


def _read_text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(html.unescape(value)).split()) or None
