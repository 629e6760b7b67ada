"""What a sentence says of a contact besides its parties: channel, place, who else took part, whose wish it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.actors import Cast
from domain.canonical import Canonical
from domain.lexicon import Lexicon, Trigger
from domain.model import Kind
from domain.places import Place, find_places
from domain.tokens import Token

_CHANNEL_REACH = 5  # tokens between a channel and the one with whom it is used ("a video conference with C")


@dataclass(slots=True)
class Circumstances:
    """Reads the circumstances of contacts with one lexicon; keeps the places of the last line."""

    lexicon: Lexicon
    cast: Cast
    searched: Canonical | None = None  # the line whose places are at hand
    places: dict[bool, tuple[tuple[Place, int], ...]] = field(default_factory=dict)

    def kind(self, line: Canonical, at: tuple[int, int], trigger: Trigger) -> Kind:
        """The kind of a trigger, refined by a channel that its clause names."""
        channels = self.lexicon.channels
        if trigger.kind in (Kind.UNSPECIFIED, Kind.PHONE_CALL) or trigger.shape in ("direct", "idiom"):
            names = ["video_call"]
            if trigger.kind is Kind.UNSPECIFIED and not trigger.vague:
                names += ["phone_call", "meeting", "message"]
            for name in names:
                if name in channels and self._is_own_channel(
                    line, at, trigger, channels[name].search(line.line)
                ):
                    return Kind(name)
        return trigger.kind

    def _is_purpose(self, between: Sequence[Token]) -> bool:
        """Whether words behind a call lead to what it was for ("rang him to win him round to a video summit")."""
        words, infinitive = self.lexicon.words["infinitive"], self.lexicon.phrases["infinitive"]
        return any(t.form in words or infinitive.fullmatch(f"{t.form} ") for t in between)

    def _is_own_channel(
        self, line: Canonical, at: tuple[int, int], trigger: Trigger, match: re.Match[str] | None
    ) -> bool:
        """Whether words for a channel are those of the trigger: of its clause, and with nobody else named behind."""
        if match is None:
            return False
        first, last = line.span(match)
        between = line.tokens[at[1] : first] if first >= at[1] else line.tokens[last : at[0]]
        if any(token.form in (":", ";") for token in between):
            return False
        if trigger.kind is Kind.PHONE_CALL and self._is_purpose(line.tokens[at[1] : first]):
            return False
        behind = line.tokens[last:][:_CHANNEL_REACH]
        person = next((n for n, token in enumerate(behind) if token.people), None)
        if person is None or behind[person].form != "OTHER":
            return True
        return not any(token.form in self.lexicon.words["with"] for token in behind[:person])

    def joined(self, line: Canonical) -> frozenset[str]:
        """Others of whom the sentence says that they took part."""
        out: set[str] = set()
        for match in self.lexicon.cues["joined"].finditer(line.line):
            first, last = line.span(match)
            for token in line.tokens[first:last]:
                if token.form in ("OTHER", "AO", "BO"):
                    out |= token.people
        return frozenset(out - {self.cast.pair.a, self.cast.pair.b, "?"})

    def place(self, line: Canonical, at: tuple[int, int], *, goals: bool) -> Place | None:
        """The place nearest to a trigger; ``goals``: also one where somebody goes."""
        if self.searched is not line:
            self.searched = line
            self.places = {g: find_places(line, self.lexicon, goals=g) for g in (False, True)}
        places = self.places[goals]
        middle = line.tokens[at[0]].start
        near = [(abs(there - middle), n, place) for n, (place, there) in enumerate(places)]
        return min(near, key=lambda found: found[:2])[2] if near else None

    def initiator(self, line: Canonical) -> str:
        """``A`` or ``B``, whose wish the contact was; "" where the sentence does not say."""
        for _, regex in self.lexicon.initiators:
            match = regex.search(line.line)
            if match:
                forms = match.group().split()
                return next(
                    (
                        f[-1] if f in ("MA", "MB") else f[0]
                        for f in forms
                        if f in ("A", "B", "AO", "BO", "MA", "MB")
                    ),
                    "",
                )
        return ""
