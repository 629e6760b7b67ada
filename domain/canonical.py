"""From a sentence to its canonical form: folded tokens in which people are symbols.

``A`` and ``B`` are the two principals, ``PAIR`` both together, ``AO`` and ``BO`` one of them coordinated with others,
``OTHER`` anybody else known, ``SPEAKER`` a spokesperson, ``MA`` and ``MB`` the principals' countries, capitals and
seats used as names, ``DATE`` a date expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.dates import DateExpression
from domain.lexicon import Lexicon
from domain.postpositions import behind_list, join_rows, put_before, with_owners
from domain.spans import UNKNOWN, Span
from domain.tokens import Token

_LATIN = re.compile("[a-zß-ɏ'.,]+")
_ORIGINAL_REACH = 6  # tokens of a name in another script
_GROUP_SYMBOLS = frozenset({"A", "B", "OTHER", "PAIR", "AO", "BO"})


@dataclass(frozen=True, slots=True)
class Canonical:
    """A sentence as the patterns see it: ``line`` is every form followed by one space."""

    tokens: tuple[Token, ...]
    line: str
    starts: tuple[int, ...]  # where each token's form starts in ``line``
    dates: tuple[DateExpression, ...]
    plain: tuple[Token, ...]  # the tokens before people and dates were marked

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The tokens (first, behind the last) that a match in ``line`` covers."""
        return self.index(match.start()), self.index(match.end())

    def index(self, position: int) -> int:
        """The token that starts at a position of ``line`` (behind the last one: their number)."""
        low, high = 0, len(self.starts)
        while low < high:
            middle = (low + high) // 2
            if self.starts[middle] < position:
                low = middle + 1
            else:
                high = middle
        return low


def canonical(
    text: str,
    plain: list[Token],
    lexicon: Lexicon,
    people: Sequence[Span],
    dates: tuple[DateExpression, ...],
    spoken: Sequence[Span] = (),
) -> Canonical:
    """The canonical form of one sentence, tokenized, with the persons that it names (``Cast.find``).

    ``spoken``: words of a quotation in which one of the pair speaks of himself (domain.voices).
    """
    tokens = plain
    taken = {n for span in people for n in range(span.first, span.last)}
    first = [span for span in spoken if span.first not in taken]
    tokens = _replace(tokens, sorted([*people, *first], key=lambda span: span.first))
    if lexicon.cutter is not None:
        tokens = _without_originals(tokens)
    tokens = _delegate(tokens, lexicon)
    tokens = _mark_dates(tokens, dates)
    if lexicon.cases is not None:
        tokens = join_rows(tokens, lexicon, _join)
    tokens = _coordinate(text, tokens, lexicon)
    if lexicon.cases is not None:
        tokens = put_before(with_owners(tokens, lexicon.cases), lexicon)
    starts, length, forms = [], 0, []
    for token in tokens:
        starts.append(length)
        forms.append(token.form)
        length += len(token.form) + 1
    return Canonical(tuple(tokens), "".join(f"{form} " for form in forms), tuple(starts), dates, tuple(plain))


def _replace(tokens: list[Token], spans: list[Span]) -> list[Token]:
    out: list[Token] = []
    at = 0
    for span in spans:
        out.extend(tokens[at : span.first])
        out.append(Token(span.symbol, tokens[span.first].start, tokens[span.last - 1].end, span.people))
        at = span.last
    out.extend(tokens[at:])
    return out


def _without_originals(tokens: list[Token]) -> list[Token]:
    """A name in brackets behind a person, as it is written in another script, becomes part of him."""
    out: list[Token] = []
    n = 0
    while n < len(tokens):
        closing = n + 1
        if out and out[-1].people and tokens[n].form == "(":
            while (
                closing < len(tokens)
                and closing - n <= _ORIGINAL_REACH
                and _is_original(tokens[closing], out[-1])
            ):
                closing += 1
            if closing > n + 1 and closing < len(tokens) and tokens[closing].form == ")":
                out[-1] = out[-1]._replace(end=tokens[closing].end)
                n = closing + 1
                continue
        out.append(tokens[n])
        n += 1
    return out


def _is_original(token: Token, person: Token) -> bool:
    return token.people == person.people or bool(_LATIN.fullmatch(token.form))


def _delegate(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "A's adviser" is somebody else: such phrases become ``OTHER``, and ``SPEAKER`` where he only tells of it."""
    if not any(t.form in ("A", "B") for t in tokens):
        return tokens
    line, starts = "", {}
    for n, token in enumerate(tokens):
        starts[len(line)] = n
        line += token.form + " "
    starts[len(line)] = len(tokens)
    spans = []
    for match in lexicon.phrases["delegate"].finditer(line):
        first, last = starts[match.start()], starts[match.end()]
        beside = {t.form for t in (*tokens[max(0, first - 1) : first], *tokens[last : last + 1])}
        says = beside & (lexicon.words["reporting"] - lexicon.words["telling"])
        spans.append(Span(first, last, "SPEAKER" if says else "OTHER", frozenset({UNKNOWN})))
    return _replace(tokens, spans)


def _mark_dates(tokens: list[Token], dates: tuple[DateExpression, ...]) -> list[Token]:
    if not dates:
        return tokens
    out: list[Token] = []
    n = 0
    for token in tokens:
        while n < len(dates) and dates[n].end <= token.start:
            n += 1
        inside = n < len(dates) and dates[n].start <= token.start and token.end <= dates[n].end
        if not inside or token.people:
            out.append(token)
        elif out and out[-1].date == n:
            out[-1] = out[-1]._replace(end=token.end)
        else:
            out.append(Token("DATE", token.start, token.end, date=n))
    return out


def _coordinate(text: str, tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Join people who stand side by side ("A, B and C") into one token."""
    quiet = lexicon.words["speaking_for"]
    his = lexicon.words["his"] | (lexicon.words["article"] if lexicon.cases else frozenset())
    out: list[Token] = []
    n, rest = 0, -1
    while n < len(tokens):
        token = tokens[n]
        if token.form not in _GROUP_SYMBOLS:
            out.append(token)
            n += 1
            continue
        joining = lexicon.words["and"]
        if out and out[-1].form in lexicon.words["among"]:
            joining = joining | lexicon.words["between_and"]
        group, end, closed = [token], n + 1, True
        commas: list[int] = []
        joined = (
            1,
            n + 1,
        )  # how many an "and" joins, and where they end: a name behind a comma may stand apart
        while True:
            step = _link(text, tokens, end, joining, his, first=len(group) == 1)
            if step is None:
                break
            at, by_comma = step
            closed = not by_comma
            commas += [end] if by_comma else []
            group.append(tokens[at])
            end = at + 1
            joined = (len(group), end) if closed else joined
        if not (closed or _same(group) or (_opens(out) and _heads(tokens, end, lexicon))):
            group, end = group[: joined[0]], joined[1]
        commas = [at for at in commas if at < end]
        if commas and lexicon.cases is not None and not _same(group) and n != rest:
            end = behind_list(tokens, n, end, commas, lexicon)
            group = [token for token in group if token.start < tokens[end - 1].end]
            rest = end + 1  # what a comma parts from its subject is one row
        governed = bool(out) and out[-1].form in quiet
        if len(group) > 1 and not (governed and not _same(group)):
            out.append(_join(group))
            n = end
        else:
            out.append(token)
            n += 1
    return out


def _opens(before: list[Token]) -> bool:
    """Whether what comes next opens a headline or a part of it."""
    return not before or before[-1].form == ":"


def _heads(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether people joined by commas alone are the subject of a headline ("A, B discuss") and no aside begins."""
    near = [t.form for t in tokens[at : at + 4]]
    if not near or near[0] in lexicon.words["reporting"] | lexicon.words["boundary"]:
        return False
    return "," not in near and near[0] not in (":", "(", "—", "'s")


def _link(
    text: str, tokens: list[Token], at: int, joining: frozenset[str], his: frozenset[str], *, first: bool
) -> tuple[int, bool] | None:
    """The next member of a coordination behind token ``at - 1``: its index, and whether only a comma joins it.

    ``first``: so far there is one member, whom ", and" does not join ("congratulated C, and A did so, too").
    """
    if at >= len(tokens):
        return None
    if tokens[at].form in _GROUP_SYMBOLS:
        between = text[tokens[at - 1].end : tokens[at].start]
        same = tokens[at].people == tokens[at - 1].people
        joined = between.strip() in ("-", "‑", "–", "—", "/") and len(between) <= 3
        return (at, False) if joined or (same and not between.strip()) else None
    n, comma = at, False
    if tokens[n].form == ",":
        n, comma = n + 1, True
    joined = n < len(tokens) and tokens[n].form in joining
    if joined and comma and first:
        return None
    if joined:
        n += 1
        n += n < len(tokens) and tokens[n].form in his
    elif n < len(tokens) and tokens[n].form == "—" and not comma:
        n, joined = n + 1, len(text[tokens[at].start - 1 : tokens[at].end + 1].strip()) <= 1
        if text[tokens[at].start - 1].isspace():
            return None
    if not (comma or joined) or n >= len(tokens) or tokens[n].form not in _GROUP_SYMBOLS:
        return None
    return n, not joined


def _same(group: list[Token]) -> bool:
    return all(token.people == group[0].people for token in group)


def _join(group: list[Token]) -> Token:
    people = frozenset().union(*(token.people for token in group))
    forms = {token.form for token in group}
    a, b = bool(forms & {"A", "AO", "PAIR"}), bool(forms & {"B", "BO", "PAIR"})
    more = bool(forms & {"OTHER", "AO", "BO"})
    symbol = (
        "PAIR" if a and b else ("AO" if more else "A") if a else ("BO" if more else "B") if b else "OTHER"
    )
    return Token(symbol, group[0].start, group[-1].end, people)
