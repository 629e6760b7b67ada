"""How long a contact lasted."""

from __future__ import annotations

import pytest

from domain.duration import minutes_of
from domain.lexicon import load_lexicon
from domain.tokens import tokenize


@pytest.mark.parametrize(
    ("language", "text", "minutes"),
    [
        ("en", "spoke for half an hour", 30),
        ("en", "a half-hour call", 30),
        ("en", "two and a half hours of talks", 150),
        ("en", "an hour and a half", 90),
        ("en", "an hour and 40 minutes", 100),
        ("en", "for more than an hour", 60),
        ("en", "three quarters of an hour", 45),
        ("en", "a quarter of an hour", 15),
        ("en", "the 90-minute call", 90),
        ("en", "at half past nine", None),
        ("fr", "pendant une demi-heure", 30),
        ("fr", "deux heures et demie", 150),
        ("fr", "une heure et quart", 75),
        ("fr", "trois quarts d'heure", 45),
        ("fr", "une heure quarante minutes", 100),
        ("de", "eine halbe Stunde lang", 30),
        ("de", "zweieinhalb Stunden", 150),
        ("de", "zwei Stunden", 120),
        ("ru", "говорили полчаса", 30),
        ("ru", "около полутора часов", 90),
        ("ru", "два с половиной часа", 150),
        ("ru", "час двадцать минут", 80),
        ("ru", "разговор длился около часа", 60),
        ("ru", "в час ночи", None),
    ],
)
def test_lengths_of_time(language: str, text: str, minutes: int | None) -> None:
    lexicon = load_lexicon(language)
    assert minutes_of([token.form for token in tokenize(text, lexicon)], lexicon) == minutes
