"""How far a contact has come, read from the cues around its trigger.

Cues are patterns of the lexicon over the sentence in which the trigger is the symbol ``T``; so a cue counts only
where it governs the trigger, not anywhere in the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.canonical import Canonical
from domain.content import is_occasion, phrase_end, predicate_end
from domain.lexicon import Lexicon, Trigger
from domain.model import Status

# What is refused, offered or called off behind "during the call with B", or "rang B and", is something else.
_OF_CONTENT = ("unexcluded", "declined", "cancelled", "proposed")
_SETTLING = 2  # tokens behind a trigger that may settle its status ("after the talks")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of a mention, the words that set it, and whether it speaks of an earlier contact."""

    status: Status
    cue: str
    background: str
    void: str  # a reason why it tells of no contact at all ("if he were to call")
    negated: bool  # it is said not to have taken place (in which case only "not since 2022" tells of one)
    first: bool  # it is called the first since something, so that there was one before
    ongoing: bool = False  # it goes on as this is written
    moved: bool = False  # a plan that got another day; called off where none is named
    earlier: bool = (
        False  # it is the one before what is told ("the first since", "none since"), so never the news
    )


def judge(
    line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon, end: int | None = None
) -> Verdict:
    """The status of a trigger that spans the tokens ``first`` to ``last`` of a sentence.

    What stands from the token ``end`` on is what was said, and says nothing of the contact itself.
    """
    behind = len(line.tokens) if _is_settled(line, last, lexicon) else last
    scope = with_trigger(line, first, behind, end)
    found = {name: regex.search(scope) for name, regex in lexicon.cues.items()}
    if behind == last:
        found |= _own_cues(line, first, last, trigger, lexicon, end)
    status, cue = _status(found, trigger)
    if '"' in scope and status is Status.OCCURRED and cue is None:
        scope = scope.replace('" ', "")  # 'voiced "readiness" to talk' says the same without the marks
        found = {name: regex.search(scope) for name, regex in lexicon.cues.items()}
        status, cue = _status(found, trigger)
    background = lexicon.background.search(scope)
    own = "".join(f"{t.form} " for t in line.tokens[first:last])
    future = lexicon.phrases["future"].search(own)
    denial = found["negated"] or lexicon.phrases["negative"].search(own)
    conditional = lexicon.phrases["conditional"].search(own)
    if status is Status.OCCURRED and conditional:
        status, cue = Status.PROPOSED, conditional
    elif status is Status.OCCURRED and future:
        # "will not call him" is a refusal, "did not call him" no contact at all
        status, cue = (Status.DECLINED, denial) if denial else (Status.PLANNED, future)
    if background is None and lexicon.phrases["plural"].search(own):
        background = lexicon.phrases["owned"].search(scope)
    void = found["void"]
    return Verdict(
        status,
        cue.group().strip() if cue else "",
        background.group().strip() if background else "",
        void.group().strip() if void else "",
        status is Status.OCCURRED and denial is not None,
        found["first"] is not None,
        ongoing=found["ongoing"] is not None,
        moved=status is Status.PLANNED and found["moved"] is not None and cue is found["moved"],
    )


def _own_cues(
    line: Canonical, first: int, last: int, trigger: Trigger, lexicon: Lexicon, end: int | None
) -> dict[str, re.Match[str] | None]:
    """Of the cues that may belong to something else behind a trigger, those that are its own."""
    if trigger.shape != "noun":
        until = predicate_end(line, last, lexicon)
        own = with_trigger(line, first, last, until if end is None else min(until, end))
        found = {name: lexicon.cues[name].search(own) for name in _OF_CONTENT}
        by_phone = line.tokens[first].form in lexicon.words["within"]
        if by_phone:
            found |= {name: None for name in ("declined", "proposed") if _demands(found[name], lexicon)}
        return found
    if is_occasion(line, first, lexicon):
        return _on_occasion(with_trigger(line, first, last, phrase_end(line, last)), lexicon)
    return {}


def _on_occasion(own: str, lexicon: Lexicon) -> dict[str, re.Match[str] | None]:
    """The cues of a trigger that is the occasion of something else: what was asked or refused in it is not the talk.

    ``own``: the sentence up to the end of the phrase of the trigger. A wish with a verb of its own ("hopes to raise it
    in a call with B") makes the occasion one that is wished, too.
    """
    words = lexicon.words
    out: dict[str, re.Match[str] | None] = {}
    for name in _OF_CONTENT:
        match = lexicon.cues[name].search(own)
        said = match.group().split() if match is not None else []
        wish = name == "proposed" and lexicon.phrases["infinitive"].search(f"{' '.join(said[1:])} ")
        if words["demanding"].intersection(said[:2]) and not (wish or words["engaged"].intersection(said)):
            match = None
        elif wish and match is not None and "," not in said:
            out["occurred"] = None
        out[name] = match
    return out


def _demands(match: re.Match[str] | None, lexicon: Lexicon) -> bool:
    """Whether a cue is only what was asked or refused by the means that the trigger names ("asked him by phone")."""
    said = match.group().split() if match is not None else []
    return said[-1:] == ["T"] and bool(lexicon.words["demanding"].intersection(said[:2]))


def _is_settled(line: Canonical, last: int, lexicon: Lexicon) -> bool:
    """Whether what stands behind a trigger only tells what came of it ("B'yle görüşmesinde ateşkes istedi")."""
    near = "".join(f"{t.form} " for t in line.tokens[last - 1 : last + _SETTLING])
    return lexicon.phrases["settled"].match(near) is not None


def with_trigger(line: Canonical, first: int, last: int, end: int | None = None) -> str:
    """The canonical line up to ``end`` with ``T`` for the trigger (people inside it are visible on neither side)."""
    forms = [t.form for t in line.tokens[:end]]
    return "".join(f"{f} " for f in [*forms[:first], "T", *forms[last:]])


def _status(found: dict[str, re.Match[str] | None], trigger: Trigger) -> tuple[Status, re.Match[str] | None]:
    if found["unexcluded"]:
        return Status.PROPOSED, found["unexcluded"]
    if found["moved"] and trigger.status is None:
        return Status.PLANNED, found["moved"]
    for name in ("declined", "cancelled"):
        if found[name]:
            return Status(name), found[name]
    if trigger.status is Status.PROPOSED and found["accepted"]:
        return Status.PLANNED, found["accepted"]
    if trigger.status is not None:
        return trigger.status, None
    if found["done"]:
        return Status.OCCURRED, found["done"]
    occurred, proposed, planned = found["occurred"], found["proposed"], found["planned"]
    pending = proposed or planned
    if pending is None:
        return Status.OCCURRED, occurred
    if occurred is not None and len(occurred.group()) < min(len(m.group()) for m in (proposed, planned) if m):
        return Status.OCCURRED, occurred
    if proposed and planned and planned.start() == proposed.start() and planned.end() > proposed.end():
        return Status.PLANNED, planned  # "would speak on Friday" says more than "would speak"
    return (Status.PROPOSED if proposed else Status.PLANNED), pending
