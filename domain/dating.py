"""Which date of a sentence belongs to the contact it tells of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import takewhile

from domain.canonical import Canonical
from domain.dates import DateExpression, resolve
from domain.fold import fold
from domain.lexicon import Lexicon
from domain.model import NO_DATE, Basis, DateSpan, Precision

_BOUNDARY_COST = 7
_COMMA_COST = 2
_REPORTING_COST = 14
_REACH = 30
_OWNED_REACH = 4  # tokens from "Saturday's" to the noun whose day it is
_ADVERBIAL = 4  # a date that close to the beginning of its clause says when the sentence takes place
_FRAME_COST = 8  # of a date that opens the sentence, however far off the trigger stands
_AIMS = ("for ", "für ", "pour ", "на ", "para ", "per ")
_RANGE = 25  # days: a shorter period is from the old day to the new one
_STATEMENT = 3  # days back to a statement from which "the day before" is counted
_ASIDE = 3  # tokens from a verb of saying to a day that is set off by commas
_DATELINE = 3  # tokens from the beginning within which a date is that of a dateline
_TAIL = 5  # tokens from a date to the end of the phrase it stands in


def date_of(
    line: Canonical,
    at: tuple[int, int],
    lexicon: Lexicon,
    anchor: date | None,
    *,
    future: bool,
    since: bool = False,
    off: bool = False,
    said: date | None = None,
    end: int | None = None,
) -> DateSpan:
    """The date of the contact whose trigger spans the tokens ``at``; NO_DATE where the sentence gives none.

    The nearest date counts, where clause borders lie between as if it stood farther off, and more so where it is the
    day on which somebody said something. With ``since`` "not since 2022" gives 2022, otherwise
    such dates are passed over. Of what is ``off``, "planned for Friday" is the Friday to come, and any other day
    the nearest one: the call that was to be held tomorrow is called off today. ``said`` is the day of the statement
    that the sentence before speaks of: "the previous evening" may be that before it. Dates from the token ``end`` on
    are those of what was said.
    """
    behind = NO_DATE  # of a plan: a day that has passed counts only where none is still to come
    for n, expression in _candidates(line, at, lexicon, future=future, since=since, off=off):
        if end is not None and n >= end:
            continue
        ahead = future or (off and _is_aimed(line, n, expression))
        context = _context(line, expression, said or anchor)
        span = resolve(expression, anchor, future=ahead, after=context)
        if off and not ahead and anchor is not None:
            coming = resolve(expression, anchor, future=True, after=context)
            span = min(span, coming, key=lambda one: abs((one.first or date.max) - anchor))
        if future and anchor is not None and span.last is not None and _has_passed(span, n, anchor):
            behind = behind if behind.first is not None else span
            continue
        if span.first is not None:  # "four days earlier, on Thursday": the next one may say more
            return span
        if expression.same_year:  # "on 19 August of that year": of which, the sentence does not say
            return replace(NO_DATE, words=expression.words)
    return behind


def _candidates(
    line: Canonical, at: tuple[int, int], lexicon: Lexicon, *, future: bool, since: bool, off: bool
) -> list[tuple[int, DateExpression]]:
    """The dates that may be those of a trigger, the likeliest first, each with its token."""
    found: list[tuple[int, int, DateExpression]] = []
    for n in range(max(0, at[0] - _REACH), min(len(line.tokens), at[1] + _REACH)):
        number = line.tokens[n].date
        if number is None:
            continue
        expression = line.dates[number]
        if (expression.since and not since) or expression.until or _is_embedded(line, n, at[0], lexicon):
            continue
        behind = line.tokens[n + 1].form if n + 1 < len(line.tokens) else ""
        if behind in lexicon.words["counted"] and _is_counted(expression, lexicon):
            continue  # "four days after the inauguration": from which it is counted, only the text may say
        cost = _cost(line, n, at, lexicon) + (expression.basis is Basis.WEEKDAY)
        if behind == "'s" and not n < at[0] <= n + _OWNED_REACH:
            cost += _REPORTING_COST  # "praised Saturday's exchange": the day of something else
        if off and n > at[0] and _is_aimed(line, n, expression):
            cost = min(cost, 0)  # "planned for Friday, it will not go ahead, aides said on Thursday"
        if not future and cost < _REPORTING_COST and _is_day_of_saying(line, n, at[0], lexicon):
            cost += _REPORTING_COST
        if (
            not (future or off or since)
            and expression.basis is Basis.WEEKDAY
            and _is_aimed(line, n, expression)
        ):
            continue  # "proposed a truce for Friday" in a call that took place
        told = cost >= _REPORTING_COST and _is_reported(line, n, lexicon)
        if off and told:
            continue  # nor the day on which it was called off
        if future and (
            told or (not _is_aimed(line, n, expression) and _is_day_of_saying(line, n, at[0], lexicon))
        ):
            continue  # the day on which a plan was told is not its day
        if cost < _REACH:
            found.append((cost, n, expression))
    return [(n, expression) for _, n, expression in sorted(found, key=lambda f: f[:2])]


def said_before(line: Canonical | None, lexicon: Lexicon, anchor: date | None) -> date | None:
    """The day of a statement of the last days that a sentence speaks of ("... said on Wednesday")."""
    day = told_on(line, lexicon, anchor) if line is not None and anchor is not None else None
    return day if day is not None and anchor is not None and 0 < (anchor - day).days <= _STATEMENT else None


def _has_passed(span: DateSpan, n: int, anchor: date) -> bool:
    """Whether a day lies before that of publication, or is this one as a dateline has it ("MOSCOW, 10 March -")."""
    dateline = n <= _DATELINE and span.basis is Basis.EXPLICIT and span.last == anchor
    return span.last is not None and (span.last < anchor or dateline)


def moved_to(line: Canonical, lexicon: Lexicon, anchor: date | None) -> DateSpan:
    """The last day to come that a sentence names: that to which a plan is moved ("put off from Monday to Friday")."""
    if anchor is None:
        return NO_DATE
    told = {token.date for n, token in enumerate(line.tokens) if _is_reported(line, n, lexicon)}
    named = (expression for number, expression in enumerate(line.dates) if number not in told)
    spans = (resolve(expression, anchor, future=True) for expression in named)
    ahead = [span for span in spans if span.last is not None and span.last > anchor]
    if not ahead or ahead[-1].last is None:
        return NO_DATE
    last = ahead[-1]
    ranged = (
        last.precision is not Precision.DAY
        and last.last
        and (last.last - (last.first or last.last)).days < _RANGE
    )
    return replace(last, first=last.last, precision=Precision.DAY) if ranged else last


def _is_counted(expression: DateExpression, lexicon: Lexicon) -> bool:
    """Whether a date is so and so many days from another ("in four days", "four days")."""
    words = fold(expression.words).split()
    counts = any(word.isdigit() or word in lexicon.numbers for word in words)
    return expression.basis is Basis.RELATIVE and counts


def _is_aimed(line: Canonical, n: int, expression: DateExpression) -> bool:
    """Whether a date is that for which something is planned ("announced a call for Thursday")."""
    before = f"{line.tokens[n - 1].form} " if n else ""
    return expression.words.lower().startswith(_AIMS) or before in _AIMS


def _is_embedded(line: Canonical, n: int, trigger: int, lexicon: Lexicon) -> bool:
    """Whether a date ends a phrase before the main clause ("hours after the talks on Monday, A called B")."""
    forms = [t.form for t in line.tokens[:trigger]]
    if "," not in forms[n + 1 :]:
        return False
    comma = forms.index(",", n + 1)
    if forms[comma + 1 : comma + 2] and forms[comma + 1] in lexicon.words["when"]:
        return False  # "on Monday, when A rang B"
    opening = max((k for k, form in enumerate(forms[:n]) if not form[0].isalnum()), default=-1)
    subject = any(t.people for t in line.tokens[comma:trigger])
    return subject and comma - n <= _TAIL and n - opening > _ADVERBIAL


def _context(line: Canonical, expression: DateExpression, anchor: date | None) -> date | None:
    """The day that "the next day" is counted from: that of the date before it in the sentence.

    Where there is none, "a day earlier" is counted from the day on which it is told: that of a date behind it, else
    that of publication.
    """
    if not (expression.context or expression.same_year):
        return None
    for earlier in reversed(line.dates):
        if earlier.end <= expression.start:
            between = (t.form for t in line.tokens if earlier.end <= t.start < expression.start)
            marks = {":"} if expression.same_year else {":", ";"}
            return None if marks & set(between) else resolve(earlier, anchor).first
    if expression.same_year or not (expression.offset and expression.offset < 0):
        return None
    behind = next(
        (d for d in line.dates if d.start >= expression.end and not (d.context or d.since or d.until)), None
    )
    day = resolve(behind, anchor) if behind is not None else None
    return day.first if day is not None and day.precision is Precision.DAY else anchor


def _cost(line: Canonical, n: int, at: tuple[int, int], lexicon: Lexicon) -> int:
    first, last = at
    low, high = (n + 1, first) if n < first else (last, n)
    if first <= n < last:
        return 0
    cost = max(0, high - low)
    if n < first and _frames(line, n):
        return min(cost, _FRAME_COST)
    boundary = lexicon.words["boundary"] | lexicon.words["then"]
    # Where all that goes with a verb stands before it, a day behind a comma is that of the next one.
    trailing = "partner first" in lexicon.words["grammar"]
    for token in line.tokens[low:high]:
        if token.form in boundary or token.form in (";", ":", ".", "(", ")"):
            cost += _BOUNDARY_COST
        elif token.form == "," or (token.form == "—" and "dashed source" in lexicon.words["grammar"]):
            cost += _BOUNDARY_COST if first < n and trailing else _COMMA_COST
    if n and cost > 2 and n < first and line.tokens[n - 1].form in lexicon.words["between"]:
        cost += _REPORTING_COST  # "the accord of November 9": the date of something else
    if cost > 3 and _is_reported(line, n, lexicon):
        cost += _REPORTING_COST
    if n > last and _is_genitive(line, n, lexicon):
        cost += _REPORTING_COST  # "a call about the election of August 9"
    return cost


def _frames(line: Canonical, n: int) -> bool:
    """Whether a date opens the sentence and is set off: it is that of its main clause ("In May, when ..., A met B")."""
    behind = line.tokens[n + 1].form if n + 1 < len(line.tokens) else ""
    return n <= 1 and behind == "," and not any(t.people for t in line.tokens[:n])


def _is_genitive(line: Canonical, n: int, lexicon: Lexicon) -> bool:
    """Whether a date opens with "of", so that it is that of the noun before it."""
    number = line.tokens[n].date
    # Not folded: French "dès" is no "des".
    opening = line.dates[number].words.lower().split()[:1] if number is not None else []
    return bool(opening) and opening[0] in lexicon.words["between"]


def _is_reported(line: Canonical, n: int, lexicon: Lexicon) -> bool:
    """Whether a date stands beside a verb of saying, with no comma between ("is due on Thursday, said C")."""
    before, behind = reversed(line.tokens[max(0, n - 3) : n]), line.tokens[n + 1 : n + 4]
    for side in (before, behind):
        near = takewhile(lambda token: token.form != ",", side)
        if any(token.form in lexicon.words["reporting"] for token in near):
            return True
    return False


def _is_day_of_saying(line: Canonical, n: int, trigger: int, lexicon: Lexicon) -> bool:
    """Whether a date is that of the verb of saying right before it ("said on Friday the call had been useful")."""
    behind = line.tokens[n + 1].form if n + 1 < len(line.tokens) else ""
    if (
        behind == "," and n > 1 and line.tokens[n - 1].form == ","
    ):  # "said he was ready, on Thursday, to talk"
        said = (token.form for token in line.tokens[max(0, n - 1 - _ASIDE) : n - 1])
        return n < trigger and any(form in lexicon.words["reporting"] for form in said)
    return 0 < n < trigger and behind != "'s" and line.tokens[n - 1].form in lexicon.words["reporting"]


def told_on(line: Canonical, lexicon: Lexicon, anchor: date | None) -> date | None:
    """The day on which somebody says what the sentence tells ("... , the presidency said on Monday"), if it says so."""
    for n, token in enumerate(line.tokens):
        if token.date is not None and _is_reported(line, n, lexicon):
            span = resolve(line.dates[token.date], anchor)
            if span.first is not None and span.first == span.last:
                return span.first
    return None


def since_of(line: Canonical, anchor: date | None) -> DateSpan:
    """The date behind "the first since": that of the contact before; NO_DATE where there is none."""
    for expression in line.dates:
        if expression.since:
            return resolve(expression, anchor)
    return NO_DATE
