"""What the words between two tokens of a sentence say: who tells, who is only spoken of, whose clause it is."""

from __future__ import annotations

from collections.abc import Iterable

from domain.lexicon import Lexicon
from domain.tokens import Token

PEOPLE = frozenset({"A", "B", "AO", "BO", "PAIR", "OTHER"})
TOGETHER = frozenset({"THEY", "ALL"})  # several who were named before
SENTENCE = frozenset({";", ".", "?", "!"})  # what ends a main clause
HARD = SENTENCE | {":"}  # marks that end a clause for good
_OPENING = 4  # tokens before a noun that opens the sentence ("During the second call with")
_SIDES = {
    form: frozenset(held) for form, held in (("PAIR", "AB"), ("A", "A"), ("AO", "A"), ("B", "B"), ("BO", "B"))
}
_NOBODY: frozenset[str] = frozenset()
PRONOUN_REACH = 5  # tokens between a relative pronoun and its verb


def sides(token: Token) -> frozenset[str]:
    """Which principals a token of people holds."""
    return _SIDES.get(token.form, _NOBODY)


class Clauses:
    """Questions about the clauses of a tokenized sentence."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon
    first: int  # of the trigger

    @property
    def postposed(self) -> bool:
        """Whether the language has postpositions and cases: who stands behind a verb is not its partner."""
        return self.lexicon.cases is not None

    def told(self, low: int, high: int) -> bool:
        """Whether between two tokens somebody tells something ("of the meeting with B he informed A")."""
        return any(token.form in self.lexicon.words["telling"] for token in self.tokens[low:high])

    def reported(self, low: int, high: int) -> bool:
        """Whether somebody is only named as the source of what stands before ("talks with A, said C")."""
        between = [token.form for token in self.tokens[low:high]]
        behind = [token.form for token in self.tokens[high + 1 : high + 3]]
        return "," in between and any(form in self.lexicon.words["reporting"] for form in between + behind)

    def opens_with(self, partner: int, after: int) -> bool:
        """Whether a sentence opens with a contact and its partner, and then who had it ("In talks with A, C said")."""
        return self.first <= _OPENING and self.tokens[partner + 1].form == "," and after == partner + 2

    def is_relative_to_unknown(self, at: int) -> bool:
        """Whether a relative pronoun close before a token takes up somebody who is not named ("a guest who met A")."""
        for n in range(at - 1, max(0, at - PRONOUN_REACH), -1):
            form = self.tokens[n].form
            if form in self.lexicon.words["relative"]:
                return (
                    self.tokens[max(0, n - 1)].form == "," and self.tokens[max(0, n - 2)].form not in PEOPLE
                )
            if form in PEOPLE or form in HARD or form == ",":
                return False
        return False

    def is_mentioned(self, at: int) -> bool:
        """Whether a person is only what others talk about."""
        return at > 0 and self.tokens[at - 1].form in self.lexicon.words["about"]

    def parted(self, low: int, high: int, marks: Iterable[str] = HARD) -> bool:
        """Whether a mark that ends a main clause stands between two tokens."""
        return any(self.tokens[n].form in marks for n in range(low, high))

    def is_followed_by_s(self, group: int) -> bool:
        """Whether a person is marked as an owner by 's."""
        return group + 1 < len(self.tokens) and self.tokens[group + 1].form == "'s"

    def is_aside(self, partner: int, after: int) -> bool:
        """Whether a person behind the partner is in a clause about him ("B, who will see C"), or one more partner."""
        words = self.lexicon.words
        between = [t.form for t in self.tokens[partner + 1 : after]]
        if between and between[-1] in words["with"] - words["close"]:
            return True
        return any(form in words["boundary"] for form in between[:-1])
