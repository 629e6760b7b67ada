"""Which triggers of a lexicon stand in a sentence, with their spans and heads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.canonical import Canonical
from domain.lexicon import Lexicon, Trigger
from domain.model import Kind

_PAIR = ("PAIR",)
# The people whom a symbol stands for: an idiom is tried only where those it needs are present.
_PRESENT = {
    "A": "A",
    "AO": "A",
    "B": "B",
    "BO": "B",
    "PAIR": _PAIR,
    "THEY": _PAIR,
    "ALL": _PAIR,
    "PARTNER": "AB",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger that spans the tokens ``first`` to ``last`` of a line; ``head``: those that name the contact."""

    trigger: Trigger
    first: int
    last: int
    head: tuple[int, int]

    @property
    def noun(self) -> bool:
        """Whether the contact is named by a noun."""
        return self.trigger.shape == "noun"


def find_hits(line: Canonical, lexicon: Lexicon, vetoed: list[tuple[int, int]]) -> list[Hit]:
    """The triggers of a line, but for vetoed ones; of two that overlap, the better ranked or longer one."""
    found: list[Hit] = []
    forms = {token.form for token in line.tokens}
    present = {s for form in forms for s in _PRESENT.get(form, ())}
    for n in lexicon.rule_index.candidates(forms):
        rule = lexicon.rules[n]
        if not rule.needs <= present:
            continue
        regex = rule.source.regex
        for match in regex.finditer(line.line):
            first, last = line.span(match)
            if last > first:
                head = (first, last)
                if "head" in regex.groupindex and match.start("head") >= 0:
                    head = line.index(match.start("head")), line.index(match.end("head"))
                if not any(a < head[1] and head[0] < b for a, b in vetoed):
                    found.append(Hit(rule.trigger, first, last, head))
    found.sort(key=lambda h: (_rank(h.trigger), -(h.last - h.first), h.first))
    kept: list[Hit] = []
    for hit in found:
        if all(_apart(hit, other) for other in kept):
            kept.append(hit)
    return _either(line, sorted(kept, key=lambda h: h.first), lexicon)


def _either(line: Canonical, hits: list[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits, but "a call or a meeting" as one that leaves the channel open."""
    passed = lexicon.words["or"] | lexicon.words["article"]
    out: list[Hit] = []
    for hit in hits:
        last = out[-1] if out else None
        between = {t.form for t in line.tokens[last.last : hit.first]} if last else set()
        joined = between <= passed and between & lexicon.words["or"]
        if last and hit.noun and last.noun and joined and hit.trigger.kind is not last.trigger.kind:
            trigger = replace(last.trigger, kind=Kind.UNSPECIFIED)
            out[-1] = Hit(trigger, last.first, hit.last, (last.head[0], hit.head[1]))
        else:
            out.append(hit)
    return out


def _rank(trigger: Trigger) -> int:
    """Idioms come first; those that any verb may be part of ("told him", "hours with him") last."""
    return 1 if trigger.shape != "idiom" else 2 if trigger.weak else 0


def _apart(hit: Hit, other: Hit) -> bool:
    gap = 1 if hit.noun and other.noun else 0  # two nouns side by side are one ("video conference summit")
    return hit.last + gap <= other.first or hit.first >= other.last + gap
