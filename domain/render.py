"""Writes the visible text of a page as a text dump, without building a tree: for pages on which nothing else works."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

MAX_DEPTH = 2_000  # elements; real pages nest under 100, and every unmatched end tag searches the whole stack

_INVISIBLE = frozenset(
    ("script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "title")
)
_FURNITURE = frozenset(("nav", "footer", "aside", "form", "button", "dialog"))
_LISTS = frozenset(("ul", "ol"))
_CLOSE = frozenset(("li", "br", "tr", "td", "th", "dd", "dt"))  # end a line, but no paragraph
_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
        ),
        *("i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub"),
        *("sup", "time", "tt", "u", "var", "wbr", "img"),
    )
)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


class TooDeepError(ValueError):
    """The page nests deeper than any real page does."""


def render_dump(markup: str, main_only: bool = True) -> str:
    """The visible text of a page: a line per block, blank lines between paragraphs, bullets and indents for lists.

    Takes time and memory in proportion to the page, whatever it contains. ``main_only`` leaves out what is marked as
    navigation, footer, form or aside. Raises TooDeepError.
    """
    renderer = _Renderer(_INVISIBLE | _FURNITURE if main_only else _INVISIBLE)
    parser = etree.HTMLParser(target=renderer, huge_tree=True, encoding="utf-8")
    parser.feed(b"<html>" + markup.encode("utf-8", "replace"))
    rendered = parser.close()
    assert isinstance(rendered, str)
    return rendered


class _Renderer:
    """Collects lines from the parser's events; the method names are those that lxml calls."""

    def __init__(self, hidden_names: frozenset[str]) -> None:
        self.hidden_names = hidden_names
        self.lines: list[str] = []
        self.line: list[str] = []
        self.bullet = ""
        self.depth = self.hidden = self.list_depth = 0

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:
        """An element begins."""
        name = _as_text(tag)
        self._break(name)
        if name not in _VOID:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise TooDeepError(f"elements nest more than {MAX_DEPTH} deep")
        self.hidden += name in self.hidden_names
        self.list_depth += name in _LISTS
        if name == "li":
            self.bullet = "• "

    def end(self, tag: str | bytes) -> None:
        """An element ends."""
        name = _as_text(tag)
        self._break(name)
        if name not in _VOID:
            self.depth -= 1
        self.hidden -= name in self.hidden_names
        self.list_depth -= name in _LISTS

    def data(self, data: str | bytes) -> None:
        """Text between two tags."""
        if not self.hidden:
            self.line.append(_as_text(data))

    def comment(self, text: str | bytes) -> None:
        """A comment: nothing to see."""

    def close(self) -> str:
        """The end of the page."""
        self._end_line()
        return "\n".join(self.lines).strip("\n")

    def _break(self, name: str) -> None:
        if name in _INLINE or name in _INVISIBLE:
            return
        self._end_line()
        if name not in _CLOSE and not self.list_depth and self.lines and self.lines[-1]:
            self.lines.append("")

    def _end_line(self) -> None:
        words = " ".join("".join(self.line).split())
        self.line.clear()
        if words:
            self.lines.append("  " * min(self.list_depth, 20) + self.bullet + words)
            self.bullet = ""


def _as_text(value: str | bytes) -> str:
    """The parser gives text; its interface allows bytes."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
