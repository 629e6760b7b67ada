"""What the words between two tokens of a sentence say: who tells, who is only spoken of, whose clause it is."""

from __future__ import annotations

from domain.canonical import Token
from domain.lexicon import Lexicon

PEOPLE = frozenset({"A", "B", "AO", "BO", "PAIR", "OTHER"})
HARD = frozenset({";", ":", ".", "?", "!"})  # marks that end a clause for good
PRONOUN_REACH = 5  # tokens between a relative pronoun and its verb


class Clauses:
    """Questions about the clauses of a tokenized sentence."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon

    def told(self, low: int, high: int) -> bool:
        """Whether between two tokens somebody tells something ("of the meeting with B he informed A")."""
        return any(token.form in self.lexicon.words["telling"] for token in self.tokens[low:high])

    def reported(self, low: int, high: int) -> bool:
        """Whether somebody is only named as the source of what stands before ("talks with A, said C")."""
        between = [token.form for token in self.tokens[low:high]]
        behind = [token.form for token in self.tokens[high + 1 : high + 3]]
        return "," in between and any(form in self.lexicon.words["reporting"] for form in between + behind)

    def is_relative_to_unknown(self, at: int) -> bool:
        """Whether a relative pronoun close before a token takes up somebody who is not named ("a guest who met A")."""
        for n in range(at - 1, max(0, at - PRONOUN_REACH), -1):
            form = self.tokens[n].form
            if form in self.lexicon.words["relative"]:
                return self.tokens[max(0, n - 1)].form == "," and self.tokens[max(0, n - 2)].form not in PEOPLE
            if form in PEOPLE or form in HARD or form == ",":
                return False
        return False

    def is_mentioned(self, at: int) -> bool:
        """Whether a person is only what others talk about."""
        return at > 0 and self.tokens[at - 1].form in self.lexicon.words["about"]
