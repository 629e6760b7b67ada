"""Which mention is the news of an article, and which tell of nothing that can be told for sure."""

from __future__ import annotations

from datetime import date, timedelta

from domain.bind import CALLS, FOCUS, NEARER
from domain.layout import Layout
from domain.links import Links
from domain.mentions import Mention, Refusal, kinds_agree
from domain.model import Kind, Precision, Status

OLD_DAYS = 3  # an occurred contact that lies longer before publication is no news
LATE_DAYS = 31  # but what the title itself dates may be that old
FRESH_DAYS = 2  # an occurred contact that recent is news even outside the lead
LEAD_REACH = 5  # sentences from the top, the title included
TIER_SCORE = {"strict": 4, "window": 3, "focus": 1, "implicit": 0}
_UNHELD = frozenset({Status.PROPOSED, Status.DECLINED})
_NEAR_TOP = 12  # sentences from the top that still tell of the day's news
FOCUS_REACH = 4  # sentences back over which both were named together
_TOP_SCORE = 5  # of a mention in title or lead


class News:
    """The mentions of an article that hold, and the choice of the main one among them.

    ``sure`` (0 to 1) is how far the lexicon is to be trusted: below 1 nothing counts as news that leaves a party out.
    """

    def __init__(
        self,
        mentions: list[Mention],
        refusals: list[Refusal],
        layout: Layout,
        day: date | None,
        sure: float,
        *,
        bygone: bool = False,
        several: bool = False,
    ) -> None:
        self.several = several  # the article is of a meeting of more than two
        self.bygone = bygone  # the article is no news (fiction, history), save what it dates to the last days
        self.layout, self.day, self.sure = layout, day, sure
        self.third = any((r.third or r.denied) and layout.in_lead(r.sentence) for r in refusals)
        self.told = tuple(m for m in mentions if not m.verdict.background)
        # "No, A and B did not speak this week": what the text has of such a talk is what is denied
        denials = [r.trigger for r in refusals if r.denied and r.sentence.block == -1 and sure == 1]
        # "no handshake" denies no meeting, "did not discuss" no call
        self.denied = {
            t.kind
            for t in denials
            if not t.weak and (t.kind is not Kind.MEETING or t.shape in ("verb", "direct"))
        }
        self.lead_names_both = len(layout.sides(0, LEAD_REACH)) == 2
        self.titled_other = layout.title_names_others()
        self.links = Links(
            layout,
            third=self.third,
            lead_names_both=self.lead_names_both,
            titled_other=self.titled_other,
        )
        self.linked = {id(m) for m in mentions if self.links.is_linked(m)}
        self.topical = any(m.order in layout.title for m in mentions)
        about = [n for n in layout.title if layout.sides(n, n)]
        taken = any(r.third and (about or r.reason != NEARER) and r.sentence.block == -1 for r in refusals)
        self.others_news = taken and not any(m.solid and m.order in layout.title for m in mentions)
        self.mentions = [m for m in mentions if self._is_tenable(m)]

    def is_solid(self, m: Mention) -> bool:
        """Whether both parties are known: named in the sentence, or one plainly taken from the text before."""
        return m.solid or id(m) in self.linked

    def main(self) -> Mention | None:
        """The mention that is the news, None where the article has no contact as its news."""
        candidates = [m for m in self.mentions if self._may_be_main(m)]
        best = max(candidates, key=lambda m: (self._score(m), -m.order), default=None)
        if best is not None and self._is_ahead_of_title(best):
            pending = [m for m in candidates if m.verdict.status is not Status.OCCURRED]
            return max(pending, key=lambda m: (self._score(m), -m.order), default=None)
        best = best and next((m for m in candidates if self._is_announced(best, m)), best)
        return best and next((m for m in self.mentions if self._is_called_off(best, m)), best)

    def _is_ahead_of_title(self, best: Mention) -> bool:
        """Whether a mention without day or cue takes for done what the title wants, plans or calls off."""
        past = best.date.last is not None and (self.day is None or best.date.last <= self.day)
        if best.verdict.status is not Status.OCCURRED or best.verdict.cue or past:
            return False
        titled = [
            m.verdict.status
            for m in self.told
            if m.order in self.layout.title and m.named and not m.trigger.vague
        ]
        return bool(titled) and Status.OCCURRED not in titled

    def _is_announced(self, best: Mention, other: Mention) -> bool:
        """Whether a headline in the present tense ("A receives B") tells of what the lead has as a plan."""
        plan = other.verdict.status is Status.PLANNED and self.layout.in_lead(other.sentence)
        headline = best.order in self.layout.title and best.present and not best.verdict.cue
        agree = other.kind is best.kind or Kind.UNSPECIFIED in (other.kind, best.kind)
        return headline and best.verdict.status is Status.OCCURRED and plan and other.solid and agree

    def _is_called_off(self, best: Mention, other: Mention) -> bool:
        """Whether a refusal ("will not go to B") is a plan called off, as another sentence near the top says."""
        off = other.verdict.status is Status.CANCELLED and not other.verdict.background
        near = self.layout.in_lead(other.sentence) or other.order < _NEAR_TOP
        sure = other.solid or self.is_solid(other) or bool(other.named)
        return best.verdict.status is Status.DECLINED and off and near and sure and other.kind is best.kind

    def is_denied(self, m: Mention) -> bool:
        """Whether the title says that what a mention tells of as done was not."""
        done = m.verdict.status is Status.OCCURRED and not self.is_old(m)
        return done and any(kinds_agree(m.kind, kind) for kind in self.denied)

    def is_old(self, m: Mention) -> bool:
        """Whether a contact, or the day for which it was wanted, lies too far back to be news."""
        if m.date.last is None:
            return False
        if self.day is not None:
            days = LATE_DAYS if self._is_headline(m) else OLD_DAYS
            return m.date.last < self.day - timedelta(days=days)
        if m.verdict.status is Status.OCCURRED:
            return bool(m.verdict.background) or m.date.precision is Precision.YEAR
        return False

    def _is_of_some_year(self, m: Mention) -> bool:
        """Whether a date was given that cannot be resolved ("on 19 August of that year"): a tale of the past."""
        return self.day is not None and m.date.first is None and bool(m.date.words)

    def _is_headline(self, m: Mention) -> bool:
        """Whether the title itself tells of a contact on that day: a read-out that comes late."""
        days = (
            t.date for t in self.told if t.order in self.layout.title and t.date.precision is Precision.DAY
        )
        return m.date.first in {d.first for d in days}

    def _is_tenable(self, m: Mention) -> bool:
        if self.is_solid(m) or self.layout.names_both(m.order, FOCUS_REACH):
            return True
        if m.order in self.layout.title and self.layout.protagonist():
            return True
        return self.lead_names_both and self.layout.in_lead(m.sentence)

    def _may_be_main(self, m: Mention) -> bool:
        if self.layout.is_caption(m.sentence) or self.is_old(m) or self._is_of_some_year(m):
            return False
        if self.others_news and not self._stands_beside_title(m):
            return False
        if self.is_denied(m) or m.verdict.earlier:
            return False
        if self.sure < 1 and self.titled_other and not m.solid:
            return False
        past = m.verdict.background and not self._is_only_dated(m)
        if past and (m.date.first is None or not self._is_of_title(m)):
            return False
        if past and self.titled_other and m.order not in self.layout.title:
            return False  # "A rings C a day after he had spoken with B"
        titled = self.layout.in_lead(m.sentence) and self.layout.title_names_just_both()
        if m.retells and not (self.topical or titled):
            return False
        if self.bygone and not (m.solid and self._is_of_today(m)):
            return False
        sure = m.solid or (self.is_solid(m) and self._is_told_plainly(m))
        if self.layout.in_lead(m.sentence):
            return sure or self._soft_news(m)
        topical = self.topical and bool(self.layout.protagonist())
        if sure:
            ticked = m.solid and m.sentence.block in self.layout.items
            return (
                self.lead_names_both
                or topical
                or ticked
                or self._is_fresh(m)
                or self._is_just_told(m)
                or self._is_told_at_length(m)
                or self._is_within_round(m)
            )
        near = len(self.layout.sides(m.order - 1, m.order + 1)) == 2 or self.layout.title_names_just_both()
        return near and self.sure == 1 and m.kind in CALLS and self._is_fresh(m)

    def _is_within_round(self, m: Mention) -> bool:
        """Whether the two met apart, on no other day, in the course of a meeting of several that the article is of."""
        plain = m.tier == "strict" and m.kind is Kind.MEETING and m.verdict.status is Status.OCCURRED
        undated = m.date.first is None and not m.date.words and not m.verdict.background
        return (
            self.several
            and plain
            and undated
            and not (m.retells or self.titled_other)
            and m.order < _NEAR_TOP
        )

    def _is_of_today(self, m: Mention) -> bool:
        """Whether a contact cannot be history: it took place these days, lies ahead, or is refused."""
        ahead = self.day is not None and m.date.first is not None and m.date.first >= self.day
        planned = m.verdict.status is Status.PLANNED and ahead
        return self._is_fresh(m) or planned or m.verdict.status is Status.DECLINED

    def _is_told_plainly(self, m: Mention) -> bool:
        """Whether words that leave a name out are more than a noun: a verb, a name, or "the two" whose talk is off."""
        decided = m.verdict.status is Status.CANCELLED and (m.partner or m.date.first is not None)
        of_capitals = self.links.is_of_capitals(m) or (
            self.links.is_of_titled_capitals(m) and self._is_fresh(m)
        )
        return bool(m.named) or m.trigger.shape != "noun" or decided or of_capitals

    def _is_since_eve(self, m: Mention) -> bool:
        """Whether a contact has a date, and that reaches to the eve of publication at least."""
        return (
            self.day is not None and m.date.last is not None and m.date.last >= self.day - timedelta(days=1)
        )

    def _is_only_dated(self, m: Mention) -> bool:
        """Whether the words that look back only set a day of the last ones ("on Tuesday, when A rang B")."""
        first = m.date.first
        lately = self.day is not None and first is not None and 0 <= (self.day - first).days <= FRESH_DAYS
        return lately and m.verdict.background.startswith("DATE ,")

    def _is_of_title(self, m: Mention) -> bool:
        """Whether a contact that is told as a thing of the past is of the last day, or stands in the title."""
        if m.order in self.layout.title:
            return True
        return self._is_since_eve(m)

    def _stands_beside_title(self, m: Mention) -> bool:
        """Whether a mention is news though the title tells of somebody else's contact."""
        fresh = m.tier == "strict" and self._is_fresh(m) and self._is_since_eve(m) and not m.occasion
        return fresh or self._is_told_at_length(m) or self._overrides_title(m) or self._is_of_several(m)

    def _overrides_title(self, m: Mention) -> bool:
        """Whether a lead is so plain that a title which names both, and a third person, tells of the same."""
        sure = m.tier == "strict" or (m.solid and m.verdict.status is Status.DECLINED)
        return sure and self.layout.in_lead(m.sentence) and len(self.layout.title_sides()) == 2

    def _is_of_several(self, m: Mention) -> bool:
        """Whether a fresh contact near the top has others in it: a title may name whom it likes of a round of four."""
        return m.solid and bool(m.others) and m.order <= LEAD_REACH and self._is_fresh(m)

    def _is_fresh(self, m: Mention) -> bool:
        """Whether a contact took place, by its own date, on one of the last days: it is news wherever it stands."""
        if m.verdict.status is not Status.OCCURRED or m.verdict.background or self.day is None:
            return False
        first, exact = m.date.first, m.date.precision is Precision.DAY
        return exact and first is not None and 0 <= (self.day - first).days <= FRESH_DAYS

    def _is_just_told(self, m: Mention) -> bool:
        """Whether an undated contact is told in so many words by somebody who says so on the day of publication."""
        if not m.solid or m.trigger.shape == "noun" or m.trigger.weak or m.retells or m.verdict.background:
            return False
        return (
            m.verdict.status is Status.OCCURRED
            and m.date.first is None
            and self.day is not None
            and m.told == self.day
        )

    def _is_told_at_length(self, m: Mention) -> bool:
        """Whether a sentence near the top tells plainly of an undated contact and how long it took."""
        plain = m.tier == "strict" and m.trigger.shape != "noun" and not (m.trigger.weak or m.retells)
        undated = m.date.first is None and not m.date.words and not m.verdict.background
        told = m.verdict.status is Status.OCCURRED and m.kind is not Kind.MESSAGE
        return plain and undated and told and m.lasted and m.order < _NEAR_TOP

    def _soft_news(self, m: Mention) -> bool:
        """Whether a lead that leaves a party out may still be the news: a clear channel, and nobody else about."""
        if not self.lead_names_both or self.sure < 1 or m.verdict.status in _UNHELD:
            return False
        if self.third and not (m.kind in CALLS and len(self.layout.sides(m.order - 1, m.order + 1)) == 2):
            return False
        if m.partner and m.named and self.layout.refers_elsewhere(m.order):
            return False
        alone = not m.partner and "THEY " not in self.layout.lines[m.order].line
        if m.trigger.shape == "direct" and alone and m.date.first is None:
            return False
        if m.kind is Kind.MEETING and not (m.partner or (m.trigger.shape != "direct" and m.date.first)):
            return False
        if self.layout.title_names_just_both() and (m.date.first or m.kind is not Kind.UNSPECIFIED):
            return m.kind is not Kind.MEETING or bool(m.named)
        if not (m.kind in CALLS or (m.kind is Kind.MEETING and m.tier == FOCUS and m.named)):
            return False
        return self.layout.beside(m.order, frozenset("AB") - m.named)

    def _score(self, m: Mention) -> int:
        score = TIER_SCORE[m.tier]
        score += _TOP_SCORE if self.layout.in_lead(m.sentence) else 0
        score -= 4 if m.verdict.background else 0
        score += {Status.OCCURRED: 1, Status.CANCELLED: 3}.get(m.verdict.status, 0)
        score += 2 if self.day and m.date.first and abs((m.date.first - self.day).days) <= 2 else 0
        score -= 2 if m.kind is Kind.MESSAGE else 0
        return score - (m.trigger.kind is Kind.UNSPECIFIED)
