"""What a lexicon holds once it is read: constants, and the types of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.cases import Cases
from domain.clitics import Clitics
from domain.model import Kind, Status
from domain.pattern_set import Index, PatternSet, Source
from domain.unspaced import Cutter

SHAPES = frozenset({"noun", "verb", "direct", "idiom"})
COUNTRY_KEYS = ("adjective", "name", "capital", "seat", "people")
# Word lists the engine asks for by name; a missing one is empty. Those marked (p) are patterns, the others words.
WORD_KEYS = (
    "elided",  # what stands before an apostrophe as a word of its own (l', qu')
    "given",  # (p) first names; where there are any, two words with capitals are somebody unknown
    "homonym",  # common words, as they are written, that without accents read like a name of the watched ("puțin")
    "unnamed",  # (p) words that begin or end no name of a person though they take a capital
    "honorific",  # (p) what joins a following name (Mr, President)
    "styled",  # titles that join the name before them
    "compound",  # words that hold a shorter word of other meaning, where no spaces part them
    "and",  # joins people side by side
    "or",  # between two kinds of contact: which of them, is left open
    "between_and",  # joins people behind a word of "among" (Hebrew "between A to B")
    "with",  # brings a partner behind verbs and nouns
    "then",  # joins partners of one after the other ("spoke with C, then with A")
    "daypart",  # may stand between "and" and a preposition ("with C and in the evening with A")
    "auxiliary",  # may stand between a subject and its verb, where a subject mostly stands behind ("verb first")
    # "genitive": who stands right behind a noun is a party of it; "verb last"; "verb first"; "headline announces": in a
    # headline, too, a present tense beside a day tells of what is to come; "no spaces": the lexicon cuts the words;
    # "partner first": who is brought by a preposition stands before his verb or noun, never behind; "free order": where
    # cases tell who does what, the partner may stand behind as well; "dashed source": a dash sets off who says so
    "grammar",
    "postposition",  # words that govern the person before them, beside the endings of the table "cases"
    "object",  # what marks a person as the object of a verb, where such a mark stands beside him
    "taking",  # (p) words that take a partner before them, who then is not that of a later verb
    "idle",  # behind these prepositions: what brings no partner ("talks with no result")
    "long_with",  # (p) a preposition and the word behind it where its long form is a word of its own, too ("se svym")
    "close",  # of these prepositions, those right behind which the person must stand
    "agent",  # brings the doer of a passive
    "among",  # brings all parties behind a noun: where none is known, it is others' contact
    "when",  # behind a date: what follows took place on it ("on Monday, when A rang B")
    "without",  # brings who was not there
    "about",  # brings what is talked about: who stands behind it is no party
    "topic",  # brings what is talked about
    "between",  # brings the parties behind nouns only
    "speaking_for",  # "according to": who follows is not coordinated with the next person
    "reporting",  # verbs of saying: a date or place beside them is that of the statement
    "boundary",  # words that begin a clause
    "that",  # opens the clause with what was said ("told him that")
    "it",  # behind these: the contact itself may be what is spoken of ("said that it was off")
    "occasion",  # brings the contact in which something was said or done ("during a call")
    "within",  # does so right before it, or before an article ("in a call", but not "in Kazan talks")
    "article",  # may stand between these and the contact
    "demanding",  # verbs of what is asked, offered or refused on such an occasion
    "engaged",  # words that make such an occasion the object ("refused to take part in a call")
    "telling",  # verbs that take a listener as object
    "asking",  # verbs that take the one who shall act as object
    "future",  # (p) forms that are future by themselves
    "present",  # (p) present forms that in running text, with a day, announce
    "perfect",  # (p) auxiliaries: behind them a form that looks like the present is a participle ("a rencontre")
    "retelling",  # (p) past forms that look back rather than report, where no day or length stands by
    "settled",  # (p) forms of a trigger, and words behind it, after which nothing bears on its status ("at the talks")
    "conditional",  # (p) forms that are conditional by themselves
    "negative",  # (p) forms that say by themselves that nothing took place ("görüşmedi")
    "infinitive",  # (p) what shows that a verb is only a purpose
    "delegate",  # (p) those who act for A or B without being them
    "they",  # (p) the two
    "company",  # (p) more than two who have been named: "the four", "all three"
    "dropped",  # (p) plural verbs that need no "they" at the head of a sentence
    "their",  # of the two
    "building",  # a house named without its place ("at the castle"): it is that of the title
    "which",  # pronouns by which a noun becomes what its parties had ("the talk which the two had")
    "relative",  # pronouns that make the person right before them the subject ("C, who had met A")
    "him",  # a partner as pronoun behind a verb
    "he",  # the subject as pronoun
    "me",  # the one who speaks, in a quotation
    "us",  # the one who speaks and another
    "his",  # may stand between "and" and a person
    "partner",  # (p) the partner by what he is (his guest)
    "partner_with",  # (p) the partner as pronoun with a preposition
    "posted",  # those whose place is not that of the contact ("officials in Paris")
    "locative",  # leads to the place where something is
    "directional",  # leads to the place where somebody goes
    "duration_hour",
    "duration_minute",
    "half",
    "counted",  # behind a date: it is counted from what follows ("four days after the inauguration")
    "dateline",  # (p) the day in an agency's opening ("PARIS, 24 Feb (AFP)"), from which "today" is counted
    "itwas",  # (p) openings that give the day of what was just told ("that was on Monday")
    "presupposed",  # (p) openings of questions that take what they ask about for granted ("why did A call B?")
    "again",  # (p) what says that it was the second of its kind on one day
    "owned",  # (p) how the pair owns a contact, the trigger being T ("their T")
    "plural",  # (p) nouns for several calls or meetings: "their calls", without a day, are no occasion
    "round",  # (p) what shows in title or lead that an article is of a meeting of several ("four way summit")
    "genre",  # (p) what shows in title or lead that an article is no news: fiction, memoirs, history, a hoax
)
# What decides the status; the trigger is T. In the order in which they win: unexcluded ("does not rule out", which is
# a proposal), moved (a plan that got another day), declined, cancelled, accepted (makes an invitation a plan), done
# ("two lines sufficed for A to congratulate B"), then the nearest of the next three. void: no contact at all; negated:
# did not take place; first: presupposes an earlier one; ongoing: it goes on as this is written; joined: others took
# part.
CUE_KEYS = (
    "unexcluded",
    "moved",
    "declined",
    "cancelled",
    "accepted",
    "done",
    "proposed",
    "planned",
    "occurred",
    "void",
    "negated",
    "first",
    "ongoing",
    "joined",
)
CHANNELS = ("phone_call", "video_call", "meeting", "message")
_TOP = {
    "language",
    "home",
    "countries",
    "offices",
    "actors",
    "words",
    "numbers",
    "lengths",
    "classes",
    "trigger",
}
TABLES = _TOP | {"cues", "background", "channel", "veto", "furniture", "initiator", "clitics", "cases"}
# What is written together with the word beside it, for languages that do so (domain.clitics).
CASE_KEYS = ("endings", "nouns", "whole", "owned")  # endings that are read as words (domain.cases)
CLITIC_KEYS = ("before", "behind", "joined", "endings", "words")
ACTOR_KEYS = ("person", "pair", "home", "foreign", "side")  # side: "the French side" is France


class LexiconError(ValueError):
    """A lexicon file that cannot be used: which, where in it, and why."""


@dataclass(frozen=True, slots=True)
class Country:
    """How a language names a country, its capital and the seat of its leader (each a compiled set of words)."""

    code: str
    adjective: tuple[str, ...]
    name: tuple[str, ...]
    capital: tuple[str, ...]
    seat: tuple[str, ...]
    people: tuple[str, ...]
    any_word: PatternSet
    metonym: PatternSet


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that may tell of a contact, and how they take their two parties.

    ``noun``: a noun ("the call between", "talks with"); ``verb``: parties as subject or behind a preposition;
    ``direct``: a verb that may also take its party as direct object; ``idiom``: the pattern names both itself.
    ``weak`` triggers are too common to count without their grammar (no window tier, no focus). ``vague`` ones name a
    relation rather than an occasion ("dialogue"): without a date or a word that it took place they tell of nothing.
    In ``separate`` idioms whoever else is named had a contact of his own ("two calls, one with C and one with A").
    ``transitive`` verbs of the shape ``direct`` take their party as object or agent only ("received A", not "with A").
    """

    name: str
    kind: Kind
    shape: str
    status: Status | None
    weak: bool
    vague: bool
    patterns: tuple[str, ...]
    transitive: bool = False
    separate: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of a trigger (in one order of the two), and the people without whom it cannot match."""

    trigger: Trigger
    source: Source
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, compiled."""

    language: str
    home: str | None
    countries: Mapping[str, Country]
    any_country: PatternSet  # every word for any of the countries
    offices: Mapping[str, PatternSet]
    actors: Mapping[str, PatternSet]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, PatternSet]
    numbers: Mapping[str, int]
    lengths: Mapping[tuple[str, ...], int]  # set phrases for lengths of time ("half an hour"), in minutes
    triggers: tuple[Trigger, ...]
    rules: tuple[Rule, ...]
    rule_index: Index  # from words to the numbers of the rules that they may belong to
    open_rules: tuple[Rule, ...]  # those that need nobody named
    open_index: Index  # the same for these
    cues: Mapping[str, PatternSet]
    background: PatternSet
    channels: Mapping[str, PatternSet]
    veto: PatternSet
    furniture: Mapping[str, PatternSet]
    initiators: tuple[tuple[str, PatternSet], ...]
    clitics: Clitics | None  # None: words stand apart
    cutter: Cutter | None = None  # of languages written without spaces
    cases: Cases | None = None  # None: no postpositions, and no case endings that are read as words
