"""Contacts of a watched pair in one article: ``Document -> Detection``. Pure, deterministic, linear in the text.

Steps: gate (does it refer to both?), language, sentences, mentions (domain.mentions), one contact per real contact
(domain.resolve_contacts).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.actors import Cast, cast_of
from domain.fold import fold
from domain.languages import identify
from domain.layout import lay_out
from domain.lexicon import Lexicon, available, country_words, load_lexicon
from domain.mentions import Mention, Reader, Refusal
from domain.merge import merge_mentions
from domain.model import Contact, Detection, Evidence, Published, Rejected
from domain.news import News
from domain.people import Pair, Person
from domain.segment import split
from domain.summary import Summary

__all__ = ["Document", "Pair", "find_contacts"]

# Longer texts are archives or attacks; what lies behind this many characters is not read.
MAX_CHARACTERS = 60_000
_FALLBACK_TRUST = 0.6  # of what is found without a lexicon of the language


@dataclass(frozen=True, slots=True)
class Document:
    """What detection reads of an article. ``language``: declared, or None."""

    title: str
    text: str
    published: Published | None
    language: str | None


def find_contacts(document: Document, pair: Pair, *, trace: bool = False) -> Detection:
    """All contacts between the two of a pair that an article tells of.

    With ``trace`` the detection also lists what was refused and why. Raises LexiconError only where a data file of
    Parley itself is broken; no article makes it fail.
    """
    cast = cast_of(pair)
    folded = fold(document.title) + "\n" + fold(document.text[:MAX_CHARACTERS])
    if not (_mentions(folded, cast.gate_a, cast.a) and _mentions(folded, cast.gate_b, cast.b)):
        return Detection(document.language or "und", "none", (), ())
    language = identify(document.title, document.text, document.language)
    lexicon = load_lexicon(language)
    contacts, refusals = _read(document, lexicon, cast, language)
    rejected = tuple(_rejected(document, r) for r in refusals) if trace else ()
    return Detection(language, _name(language), contacts, rejected)


def _read(
    document: Document, lexicon: Lexicon, cast: Cast, language: str
) -> tuple[tuple[Contact, ...], list[Refusal]]:
    day = document.published.day if document.published else None
    text = document.text[:MAX_CHARACTERS]
    sentences = split(document.title, text, language)
    layout = lay_out(sentences, document.title, text, lexicon)
    sure = 1.0 if language in available() else _FALLBACK_TRUST
    reader = Reader(lexicon, cast, day, language)
    mentions: list[Mention] = []
    for order, sentence in enumerate(sentences):
        if layout.is_furniture(sentence):
            continue
        line = reader.line(sentence)
        layout.note(order, line)
        mentions.extend(reader.read(sentence, order, line))
    bygone = layout.lead_says(lexicon.phrases["genre"])
    news = News(mentions, reader.refusals, layout, day, sure, bygone=bygone)
    return merge_mentions(news, Summary(layout, cast, lexicon, day, sure)), reader.refusals


def _mentions(folded: str, names: re.Pattern[str], person: Person) -> bool:
    """Whether a text may refer to a person: by name, or by the country of an office."""
    if names.search(folded):
        return True
    known = country_words()
    return any(known[t.country].search(folded) for t in person.terms if t.country in known)


def _name(language: str) -> str:
    return language if language in available() else "none"


def _rejected(document: Document, refusal: Refusal) -> Rejected:
    start = refusal.sentence.start + refusal.start
    end = refusal.sentence.start + refusal.end
    quote = getattr(document, refusal.sentence.field)[start:end]
    return Rejected(Evidence(refusal.sentence.field, start, end, quote), refusal.rule, refusal.reason)
