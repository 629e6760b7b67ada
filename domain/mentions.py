"""What single sentences say of contacts of the pair: mentions, and what looked like one and was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as day_type

from domain.bind import CALLS, FOCUS, IMPLICIT
from domain.lexicon import Trigger
from domain.model import DateSpan, Kind
from domain.places import Place
from domain.segment import Sentence
from domain.status import Verdict


def kinds_agree(a: Kind, b: Kind) -> bool:
    """Whether two kinds may be those of one contact."""
    return a is b or Kind.UNSPECIFIED in (a, b) or {a, b} == CALLS


@dataclass(frozen=True, slots=True)
class Mention:
    """A passage that tells of a contact. ``order`` counts the sentences of the article, the title's first."""

    sentence: Sentence
    order: int
    start: int  # characters in the sentence
    end: int
    trigger: Trigger
    kind: Kind
    tier: str
    verdict: Verdict
    date: DateSpan
    place: Place | None
    others: frozenset[str]
    named: frozenset[str]  # "A", "B": whom the sentence names as party
    partner: bool  # the one it names stands in the partner's place ("with him")
    initiator: str
    retells: bool = False  # its tense looks back ("was calling") and no day or length shows an occasion
    told: day_type | None = None  # the day on which somebody says so in the same sentence
    lasted: bool = False  # the sentence says how long it took: one occasion
    present: bool = False  # its verb stands in the present tense, which in a headline may announce or report

    occasion: bool = False  # it is only that on which something was said or done ("during a call with B")

    @property
    def solid(self) -> bool:
        """Whether the sentence itself names both parties."""
        return self.tier not in (FOCUS, IMPLICIT)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A passage that looked like one and was refused."""

    sentence: Sentence
    start: int
    end: int
    trigger: Trigger
    reason: str
    third: bool  # it is somebody else's contact
    denied: bool = False  # it is said not to have taken place

    @property
    def rule(self) -> str:
        """The name of the trigger."""
        return self.trigger.name
