"""What a sentence says of a contact, and what it only says was said in it.

"In a call with B, A said that he will travel on Friday": the future and the Friday are those of the journey. "At the
meeting with B, A ruled out a truce": what is ruled out is no meeting.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.bind import Bound
from domain.bystanders import MIXED
from domain.canonical import Canonical
from domain.clauses import HARD, PEOPLE
from domain.hits import Hit
from domain.lexicon import Lexicon

_BROUGHT_REACH = 3  # tokens from a noun to the person whom its preposition brings, and back to "about"
_OCCASION_REACH = 4  # tokens from "during" to the noun
_PARTNER_REACH = 6  # tokens from the noun to the partner who ends its phrase


def content_from(line: Canonical, first: int, last: int, lexicon: Lexicon, *, weak: bool = False) -> int:
    """The first token of the clause that gives what was said, behind the trigger at the tokens ``first`` to ``last``.

    The number of tokens where there is none. The verb of saying is the trigger itself, or the trigger is the occasion
    on which it was said. A clause about "it" may well be about the contact. ``weak``: of the trigger, the verb itself.
    """
    words, forms = lexicon.words, [token.form for token in line.tokens]
    saying = words["reporting"] | words["telling"]
    occasion = is_occasion(line, first, lexicon)
    said, heard = False, -1  # whether the verb of saying came, and the last token of what goes with it
    for n, form in enumerate(forms):
        if n >= last and form in HARD:
            break
        opens = form in words["that"] and not set(forms[n + 1 : n + 2]) & words["it"]
        if opens and n == last and weak:
            return n  # "they agreed that a truce is needed"
        if n >= last and said and (opens or (form in words["he"] and heard == n - 1)):
            return n
        if form in saying and (occasion or first <= n < last):
            said, heard = True, n
        elif form in PEOPLE and heard == n - 1:
            heard = n  # "told B he wants peace"
    return len(forms)


def is_occasion(line: Canonical, first: int, lexicon: Lexicon) -> bool:
    """Whether a trigger only gives the occasion of what the sentence tells ("during a call with B", "by phone")."""
    words, tokens = lexicon.words, line.tokens
    for n in range(first, max(-1, first - _OCCASION_REACH - 1), -1):
        token = tokens[n]
        if token.form in words["occasion"]:
            return True
        if token.form in words["within"]:
            return first - n <= 1 or tokens[n + 1].form in words["article"]
        if token.people or token.form in HARD | {",", "MA", "MB"} or token.form in words["boundary"]:
            return False
    return False


def phrase_end(line: Canonical, last: int) -> int:
    """Where the phrase of a noun ends that the trigger stands in: behind its partner, if one is near."""
    for n in range(last, min(len(line.tokens), last + _PARTNER_REACH)):
        if line.tokens[n].form in HARD or line.tokens[n].form == ",":
            return n
        if line.tokens[n].form in PEOPLE:
            return n + 1
    return last


def predicate_end(line: Canonical, last: int, lexicon: Lexicon) -> int:
    """Where the next thing that the subject did begins ("spoke with B and ruled out a truce")."""
    for n in range(last, len(line.tokens) - 1):
        if line.tokens[n].form in lexicon.words["and"] and not line.tokens[n + 1].people:
            return n
    return len(line.tokens)


def is_about_contact(line: Canonical, hit: Hit, hits: Sequence[Hit], bound: Bound, lexicon: Lexicon) -> bool:
    """Whether A and C talk about a contact with B: the partner of the verb is that of a noun behind it."""
    tokens = line.tokens
    partner = next((n for n in range(bound.last - 1, bound.first, -1) if tokens[n].form in ("A", "B")), 0)
    if hit.noun or tokens[bound.first].form not in MIXED or not partner:
        return False
    between = "".join(f"{t.form} " for t in tokens[hit.last : partner])
    if hit.trigger.shape != "idiom" and lexicon.phrases["infinitive"].search(between):
        return True  # "A and C met to discuss how to deal with B"
    about = lexicon.words["topic"] | lexicon.words["about"]
    for noun in hits:
        if noun.noun and hit.first < noun.first and noun.last < partner <= noun.last + _BROUGHT_REACH:
            before = {t.form for t in tokens[max(hit.last, noun.first - _BROUGHT_REACH) : noun.first]}
            return bool(before & about) or noun.first - hit.last <= 1
    return False
