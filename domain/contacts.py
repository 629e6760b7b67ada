"""Contacts of a watched pair in one article: ``Document -> Detection``. Pure, deterministic, linear in the text.

Steps: gate (does it refer to both?), language, sentences, mentions (domain.reader), one contact per real contact
(domain.resolve_contacts).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.actors import Cast, Watched, cast_of
from domain.company import with_company
from domain.contact_date import with_days_added
from domain.dates import find_dates, resolve
from domain.fold import fold
from domain.languages import identify
from domain.layout import lay_out
from domain.lexicon import Lexicon, available, country_words, load_lexicon
from domain.mentions import Mention, Refusal
from domain.merge import merge_mentions
from domain.model import Contact, Detection, Evidence, Precision, Published, Rejected
from domain.news import FOCUS_REACH, LEAD_REACH, News
from domain.people import Pair
from domain.reader import Reader
from domain.segment import Sentence, split
from domain.summary import Summary

__all__ = ["Document", "Pair", "find_contacts"]

# Longer texts are archives or attacks; what lies behind this many characters is not read.
MAX_CHARACTERS = 60_000
_DAY_LINES = 2  # blocks above a text that may say when it appeared
_DAY_LINE_CHARACTERS = 60  # of such a line at most
_DATELINE_SENTENCES = 2  # sentences from the top that may hold the dateline of an agency
_DATELINE_REACH = 30  # characters of a line within which it stands
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
    document = replace(document, text=document.text[:MAX_CHARACTERS])
    title, text = fold(document.title), fold(document.text)
    if not all(_refers(title, person) or _refers(text, person) for person in cast.watched):
        return Detection(document.language or "und", "none", (), ())
    language = identify(document.title, document.text, document.language)
    lexicon = load_lexicon(language)
    contacts, refusals = _read(document, text, lexicon, cast, language)
    refusals.sort(key=lambda r: (r.sentence.block, r.sentence.start, r.start))
    rejected = tuple(_rejected(document, r) for r in refusals) if trace else ()
    return Detection(language, _name(language), contacts, rejected)


def _read(
    document: Document, folded: str, lexicon: Lexicon, cast: Cast, language: str
) -> tuple[tuple[Contact, ...], list[Refusal]]:
    sentences = split(document.title, document.text, language)
    day = document.published.day if document.published else _day_line(sentences, language)
    sure = 1.0 if language in available() else _FALLBACK_TRUST
    reader = Reader(lexicon, cast, day, language, sentences)
    reader.day = _day_of_dateline(reader, day)
    layout = lay_out(sentences, document.title, document.text, lexicon, reader.line)
    near = _near(sentences, folded, cast)
    mentions: list[Mention] = []
    for order in layout.lines:
        if order in near and reader.may_tell(sentences[order], near[order]):
            line = layout.lines[order]
            counted = any(expression.context for expression in line.dates)
            before = layout.lines.get(order - 1) if counted else None
            mentions.extend(reader.read(sentences[order], order, line, before))
    mentions = with_company(mentions, layout, lexicon, frozenset({cast.pair.a, cast.pair.b}))
    mentions = with_days_added(mentions, layout, lexicon.phrases["itwas"], day)
    bygone = layout.lead_says(lexicon.phrases["genre"])
    several = layout.lead_says(lexicon.phrases["round"])
    news = News(mentions, reader.refusals, layout, day, sure, bygone=bygone, several=several)
    kept = {id(m) for m in news.mentions}
    left_out = [
        Refusal(m.sentence, m.start, m.end, m.trigger, "who the other party is cannot be told", third=False)
        for m in mentions
        if id(m) not in kept
    ]
    contacts = merge_mentions(news, Summary(layout, cast, lexicon, document.published, sure))
    return contacts, reader.refusals + left_out


def _day_line(sentences: Sequence[Sentence], language: str) -> date | None:
    """The day that a line above the text gives ("Published on 12 March 2022"), where nobody else says it."""
    for sentence in [s for s in sentences if 0 <= s.block < _DAY_LINES]:
        line = sentence.position == 0 and len(sentence.text) <= _DAY_LINE_CHARACTERS
        dates = find_dates(sentence.text, language) if line and not sentence.text.endswith(".") else ()
        spans = [resolve(expression, None) for expression in dates]
        if len(spans) == 1 and spans[0].precision is Precision.DAY:
            return spans[0].first
    return None


def _day_of_dateline(reader: Reader, day: date | None) -> date | None:
    """The day that an agency's opening names, where it is that before publication; else that of publication."""
    dateline = reader.lexicon.phrases["dateline"]
    running = [s for s in reader.sentences if s.block >= 0][:_DATELINE_SENTENCES]
    for sentence in running if day is not None and reader.lexicon.words["dateline"] else ():
        line = reader.line(sentence)
        match = dateline.search(line.line)
        if match is not None and day is not None and match.start() <= _DATELINE_REACH:
            token = line.tokens[line.index(match.start())]
            told = resolve(line.dates[token.date], day).first if token.date is not None else None
            return told if told == day - timedelta(days=1) else day
    return day


def _words_for(watched: Watched) -> list[re.Pattern[str]]:
    known = country_words()
    countries = {term.country for term in watched.person.terms}
    return [watched.names, *(known[code] for code in sorted(countries) if code in known)]


def _refers(folded: str, watched: Watched) -> bool:
    """Whether a text may refer to a person: by name, or by the country of an office."""
    return any(words.search(folded) for words in _words_for(watched))


def _near(sentences: Sequence[Sentence], folded: str, cast: Cast) -> dict[int, frozenset[str]]:
    """The sentences that can tell of the pair, with whom of it (``A``, ``B``) words in them may refer to.

    Besides these it is the first ones of an article, and those around.
    """
    starts = [sentence.start for sentence in sentences if sentence.block >= 0]
    titles = len(sentences) - len(starts)
    marked: dict[int, frozenset[str]] = {order: frozenset("AB") for order in range(titles)}
    for side, who in zip("AB", cast.watched, strict=True):
        for words in _words_for(who):
            for match in words.finditer(folded):
                order = titles + bisect_right(starts, match.start()) - 1
                marked[order] = marked.get(order, frozenset()) | {side}
    near = set(range(LEAD_REACH + 1))
    for order in marked:
        near.update(range(order - 1, order + FOCUS_REACH + 1))
    return {order: marked.get(order, frozenset()) for order in near}


def _name(language: str) -> str:
    return language if language in available() else "none"


def _rejected(document: Document, refusal: Refusal) -> Rejected:
    start = refusal.sentence.start + refusal.start
    end = refusal.sentence.start + refusal.end
    quote = getattr(document, refusal.sentence.field)[start:end]
    return Rejected(Evidence(refusal.sentence.field, start, end, quote), refusal.rule, refusal.reason)
