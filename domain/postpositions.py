"""Where cases and postpositions tell who does what with whom: they stand behind a person, and are read before him."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from domain.cases import Cases
from domain.lexicon import Lexicon

if TYPE_CHECKING:
    from domain.tokens import Token

_GROUPS = frozenset({"A", "B", "OTHER", "PAIR", "AO", "BO"})
_GOVERNED = _GROUPS | {"PARTNER", "THEY", "ALL", "SPEAKER"}
_APART = "_"  # marks what belongs to a noun right before a person, whom it does not govern
_OWNED_REACH = 3  # tokens from an owner to what he owns ("B legutóbbi beszéde")
_ABBREVIATED = 4  # letters before a dot within a sentence


def behind_list(
    tokens: Sequence[Token], start: int, end: int, commas: Sequence[int], lexicon: Lexicon
) -> int:
    """Where a row of people with commas ends, where cases tell a subject from a row: behind it, or at a comma.

    "A, B ve C'yle görüştü" is what A did with two others, and "A, B ile C'nin" no row of three.
    """
    joining, postpositions = lexicon.words["and"], lexicon.words["postposition"]
    oblique = (frozenset(lexicon.cases.endings.values()) if lexicon.cases else frozenset()) | postpositions
    behind = tokens[end].form if end < len(tokens) else ""
    whole = any(token.form in joining for token in tokens[commas[0] : commas[-1]])  # "A, B ve C, D'yle"
    border = commas[-1] if whole else commas[0]
    if not any(token.form in joining for token in tokens[commas[-1] : end]):
        return border  # commas alone join nobody
    if any(token.form in joining & postpositions for token in tokens[commas[0] : end]):
        return border
    if behind == "'s":
        return border if len(commas) == 1 else end
    led = any(
        token.form in _GROUPS and tokens[n + 1].form not in oblique | {"'s"}
        for n, token in enumerate(tokens[:start])
    )  # the sentence has its subject before
    return border if behind in oblique and not led else end


def join_rows(tokens: Sequence[Token], lexicon: Lexicon, join: Callable[[list[Token]], Token]) -> list[Token]:
    """People in a row each of whom bears the same ending as one token with that ending ("A-val és B-vel")."""
    words = lexicon.words
    endings = frozenset(lexicon.cases.endings.values()) - {"'s"} if lexicon.cases else frozenset()
    out: list[Token] = []
    n = 0
    while n < len(tokens):
        last, behind = n, n + 1  # of the members of a title and a name only the last one bears the ending
        row: list[Token] = []
        form = ""
        while (member := _governed(tokens, last, endings)) is not None and form in ("", tokens[member].form):
            form, behind = tokens[member].form, member + 1
            row += [token for token in tokens[last:member] if token.form in _GROUPS]
            link = tokens[behind].form if behind < len(tokens) else ""
            if link not in words["and"] | {","} or (link in words["and"] and tokens[last - 1].form == link):
                break
            last = behind + 1
            last += link == "," and last < len(tokens) and tokens[last].form in words["and"]
            last += last < len(tokens) and tokens[last].form in words["article"]
        if len(row) > 1 and any(token.form in words["and"] for token in tokens[n:behind]):
            out += [join(row)._replace(end=tokens[behind - 2].end), tokens[behind - 1]]
        else:
            behind = n + 1
            out.append(tokens[n])
        n = behind
    return out


def _governed(tokens: Sequence[Token], at: int, endings: frozenset[str]) -> int | None:
    """The ending of the person at a token, who may be named twice ("A francia elnökkel"); None where there is none."""
    n = at
    while n < len(tokens) and tokens[n].form in _GROUPS and tokens[n].people == tokens[at].people:
        n += 1
    return n if n > at and n < len(tokens) and tokens[n].form in endings else None


def with_owners(tokens: Sequence[Token], cases: Cases) -> list[Token]:
    """The tokens with "'s" behind the owners whom only what they own shows ("B háborúja")."""
    out: list[Token] = []
    for n, token in enumerate(tokens):
        out.append(token)
        behind = "".join(f"{t.form} " for t in tokens[n + 1 : n + 1 + _OWNED_REACH])
        if token.form in _GROUPS | {"THEY"} and behind and cases.owned.match(behind):
            out.append(token._replace(form="'s", start=token.end, people=frozenset()))
    return out


def put_before(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """What governs the person before it, before that person: so all of the grammar is that of prepositions."""
    postpositions = lexicon.words["postposition"]
    endings = frozenset(lexicon.cases.endings.values()) - {"'s"} if lexicon.cases else frozenset()
    apart = endings | (postpositions - lexicon.words["and"])
    out: list[Token] = []
    n = 0
    while n < len(tokens):
        token, end = tokens[n], n + 1
        if token.form == "." and out and end < len(tokens) and _goes_on(out[-1], tokens[end]):
            n = end
            continue
        if token.form in _GOVERNED:
            end += end < len(tokens) and tokens[end].form in endings
            while end < len(tokens) and tokens[end].form in postpositions:
                end += 1
        if end > n + 1:
            form = tokens[end - 1].form
            shared = _sharing(out, lexicon)
            if shared is not None:
                out.insert(shared, _marker(form, out[shared]))
            out.append(_marker(form, token))
            token = token._replace(end=tokens[end - 1].end)
        elif token.form in apart and end < len(tokens) and tokens[end].form in _GOVERNED:
            token = token._replace(form=f"{token.form}{_APART}")
        out.append(token)
        n = end
    return out


def _goes_on(before: Token, behind: Token) -> bool:
    """Whether a dot ends no sentence: behind an abbreviation ("Sn. A") or within a time of day ("15.00")."""
    if before.form.isdecimal() and behind.form.isdecimal():
        return True
    return len(before.form) <= _ABBREVIATED and before.form.isalpha() and not before.people


def _sharing(before: Sequence[Token], lexicon: Lexicon) -> int | None:
    """The person who shares the ending of the next one, though he bears none ("A, B ve ardından C'yle görüştü").

    He stands before a word such as "then", and is not the first whom the sentence names: that one is its subject.
    """
    n = len(before) - 1
    joins = lexicon.words["and"] | lexicon.words["then"] | lexicon.words["daypart"] | {",", "DATE"}
    while n >= 0 and before[n].form in joins:
        n -= 1
    then = any(token.form in lexicon.words["then"] for token in before[n + 1 :])
    if n < 1 or not then or before[n].form not in _GROUPS:
        return None
    governing = lexicon.words["postposition"] | frozenset(
        lexicon.cases.endings.values() if lexicon.cases else ()
    )
    free = any(
        token.form in _GROUPS and (k == 0 or before[k - 1].form not in governing)
        for k, token in enumerate(before[:n])
    )
    return n if free and before[n - 1].form not in governing else None


def _marker(form: str, person: Token) -> Token:
    """What governs a person, as a token without width before him."""
    return person._replace(form=form, end=person.start, people=frozenset(), date=None)
