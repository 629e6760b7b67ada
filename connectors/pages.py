"""Web pages that are listings, as trees."""

from __future__ import annotations

from lxml import etree
from lxml import html as lxml_html

from connectors.base import SourceError
from connectors.exchange import Response
from domain.decode import NotTextError, decode


def parse_page(slug: str, answer: Response) -> lxml_html.HtmlElement:
    """The tree of a page; raises SourceError for what is no page."""
    try:
        text = decode(answer.body, answer.charset).encode("utf-8", "replace")
        root: lxml_html.HtmlElement = lxml_html.document_fromstring(
            text, parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (NotTextError, etree.ParserError, ValueError) as e:
        raise SourceError(slug, f"no page came back, but something unreadable ({e})") from e
    return root
