"""Which triggers of a lexicon stand in a sentence, with their spans and heads."""

from __future__ import annotations

from domain.canonical import Canonical
from domain.lexicon import Lexicon, Trigger

# The people whom a symbol stands for: an idiom is tried only where those it needs are present.
_PRESENT = {"A": "A", "AO": "A", "B": "B", "BO": "B", "PAIR": ("PAIR",), "THEY": ("PAIR",), "PARTNER": "AB"}


def find_hits(
    line: Canonical, lexicon: Lexicon, vetoed: list[tuple[int, int]]
) -> list[tuple[Trigger, int, int, tuple[int, int]]]:
    """The triggers of a line with span and head, but for vetoed ones; of two that overlap, idioms and longer ones."""
    found: list[tuple[int, int, Trigger, tuple[int, int]]] = []
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
                    found.append((first, last, rule.trigger, head))
    found.sort(key=lambda f: (f[2].shape != "idiom" or f[2].weak, -(f[1] - f[0]), f[0]))
    kept: list[tuple[Trigger, int, int, tuple[int, int]]] = []
    for first, last, trigger, head in found:
        gap = (
            1 if trigger.shape == "noun" else 0
        )  # two nouns side by side are one ("video conference summit")
        if all(
            last + gap <= a or first >= b + gap or ((gap and k.shape != "noun") and (last <= a or first >= b))
            for k, a, b, _ in kept
        ):
            kept.append((trigger, first, last, head))
    kept.sort(key=lambda k: k[1])
    return kept
