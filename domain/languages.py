"""Tell in which language an article is written.

Scripts and letters that only one language uses decide first; the statistical model (py3langid, limited to the
languages that are plausible here) decides the rest. It is right on about any full sentence, but not on
headlines made of names, so that title and lead are read together and the language the page declares breaks
ties.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock

# More text does not change the answer (measured on articles), but costs time.
LEAD_CHARACTERS = 600
# Below this many letters the declared language is the better guess, where the script allows it.
FEW_LETTERS = 60
# A declared language that the model finds in so many characters is not asked for again: most pages are right.
GLANCE = 160
# Below this probability (softmax over the candidates, tempered by length) the model counts as unsure.
SURE = 0.80

_LATIN = (
    "en",
    "fr",
    "de",
    "it",
    "es",
    "pt",
    "pl",
    "cs",
    "sk",
    "ro",
    "hr",
    "nl",
    "sv",
    "no",
    "da",
    "fi",
    "hu",
    "tr",
    "sq",
)
_CYRILLIC = ("ru", "bg")  # Ukrainian and Serbian hardly have a sentence without a letter of their own
_SCRIPTS = {
    "latin": re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]"),
    "cyrillic": re.compile(r"[Ѐ-ԯ]"),
    "greek": re.compile(r"[Ͱ-Ͽἀ-῿]"),
    "hebrew": re.compile(r"[א-ת]"),
    "arabic": re.compile(r"[ء-يٮ-ۓۺ-ۿ]"),
    "han": re.compile(r"[㐀-䶿一-鿿]"),
    "kana": re.compile(r"[ぁ-ゖァ-ヺー]"),
    "hangul": re.compile(r"[가-힣ᄀ-ᇿ]"),
}
# One such sign says as much as some letters: names in Latin letters in brackets do not outweigh a Chinese sentence.
_LETTERS_OF_A_SIGN = {"han": 3}
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+")
# Letters that, among the languages known here, only one uses.
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_RUSSIAN = re.compile(r"[ыэё]", re.IGNORECASE)
_SERBIAN = re.compile(r"[ђјљњћџ]", re.IGNORECASE)
_PERSIAN = re.compile(r"[پچژگکی]")
_HARD_SIGN = re.compile(r"ъ", re.IGNORECASE)
# Other codes, and languages so near to another that its words serve them: Bosnian, Montenegrin.
_OTHER_CODES = {
    other: code
    for code, others in {
        "ar": "ara", "bg": "bul", "cs": "ces cze", "da": "dan", "de": "deu ger", "el": "ell gre",
        "en": "eng", "es": "spa", "fa": "fas per", "fi": "fin", "fr": "fra fre", "he": "heb iw",
        "hr": "hrv bs bos", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld dut",
        "no": "nor nob nno nb nn", "pl": "pol", "pt": "por", "ro": "ron rum mo", "ru": "rus",
        "sk": "slk slo", "sr": "srp cnr sh", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "zho chi",
    }.items()
    for other in others.split()
}  # fmt: skip

Rank = Callable[[str], Sequence[tuple[str, float]]]


def identify(title: str, text: str, declared: str | None) -> str:
    """Return the language (ISO 639-1) of an article, or "und" where there are no letters.

    ``declared`` is what the page or feed says ("fr", "fr-FR", "fra"); pages are often wrong, so it decides
    only where the text is short or the model unsure, and never against the script. Loads the model on first
    use (some seconds).
    """
    sample = _ADDRESS.sub(" ", f"{title}\n{text[:LEAD_CHARACTERS]}")
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    letters = len(_LETTER.findall(sample))
    if letters == 0:
        return "und"
    stated = _normalise(declared)
    script = max(counts, key=lambda name: counts[name] * _LETTERS_OF_A_SIGN.get(name, 1))
    if counts[script] == 0:
        return stated or "und"
    if script == "cyrillic":
        return _cyrillic(sample, letters, stated)
    if script == "latin":
        return _by_model(sample, letters, stated, _LATIN, "latin")
    if script in ("han", "kana"):
        return "ja" if counts["kana"] * 20 > counts["han"] else _kept(stated, ("zh", "yue"), "zh")
    if script == "arabic":
        persian = len(_PERSIAN.findall(sample)) * 50 > counts["arabic"]
        return _kept(stated, ("fa", "ur", "ps", "ug", "sd", "ku"), "fa") if persian else "ar"
    return {"greek": "el", "hebrew": _kept(stated, ("he", "yi"), "he"), "hangul": "ko"}[script]


def _kept(stated: str | None, allowed: tuple[str, ...], default: str) -> str:
    return stated if stated in allowed else default


def _normalise(declared: str | None) -> str | None:
    """Return the ISO 639-1 part of a declared language, or None where it says nothing usable."""
    if not declared:
        return None
    code = re.split(r"[-_,;. ]", declared.strip().lower(), maxsplit=1)[0]
    code = _OTHER_CODES.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _cyrillic(sample: str, letters: int, stated: str | None) -> str:
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    serbian = len(_SERBIAN.findall(sample))
    if serbian > ukrainian + russian:
        return _kept(stated, ("sr", "mk"), "sr")
    if ukrainian > russian:
        # Belarusian and Kazakh share the letter і; only a page that says so is taken to be in them.
        return _kept(stated, ("uk", "be", "kk"), "uk")
    if russian > 0:
        return _kept(stated, ("ru", "be", "kk", "ky", "mn"), "ru")
    if letters >= FEW_LETTERS and len(_HARD_SIGN.findall(sample)) * 150 > letters:
        return "bg"  # in Bulgarian a common vowel, in Russian one letter in some thousands
    return _by_model(sample, letters, stated, _CYRILLIC, "cyrillic")


def _by_model(sample: str, letters: int, stated: str | None, candidates: tuple[str, ...], script: str) -> str:
    """Ask the model; the stated language is a candidate and wins where the model has little to go by."""
    if stated is not None and letters >= FEW_LETTERS and _writes(stated, script):
        first, trust = _rank()(sample[:GLANCE])[0]
        if first == stated and trust >= SURE:
            return stated
    ranked = _rank()(sample)
    known = {language for language, _ in ranked}
    plausible = stated is not None and stated in known and _writes(stated, script)
    if plausible and stated is not None:
        if letters < FEW_LETTERS:
            return stated
        candidates = (*candidates, stated)
    scores = {language: score for language, score in ranked if language in candidates}
    best = max(scores, key=lambda language: scores[language])
    total = sum(scores.values())
    if plausible and stated is not None and (total == 0 or scores[best] / total < SURE):
        return stated
    return best


# Languages of the model that are not written in Latin letters (Serbian is written in both scripts).
_CYRILLIC_ONLY = frozenset(["ru", "uk", "bg", "be", "mk", "kk", "ky", "mn"])
_OTHER_SCRIPTS = frozenset(
    [
        "am",
        "ar",
        "as",
        "bn",
        "dz",
        "el",
        "fa",
        "gu",
        "he",
        "hi",
        "hy",
        "ja",
        "ka",
        "km",
        "kn",
        "ko",
        "lo",
        "ml",
        "mr",
        "ne",
        "or",
        "pa",
        "ps",
        "si",
        "ta",
        "te",
        "th",
        "ug",
        "ur",
        "zh",
    ]
)


def _writes(language: str, script: str) -> bool:
    if script == "cyrillic":
        return language in _CYRILLIC_ONLY or language == "sr"
    return language not in _CYRILLIC_ONLY and language not in _OTHER_SCRIPTS


_loading = Lock()


@cache
def _load() -> Rank:
    # Importing the model's module reads tables of some megabytes: not at import time, and only where it is
    # needed.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    rank: Rank = identifier.rank
    return rank


def _rank() -> Rank:
    with _loading:  # two threads must not load it twice; ranking itself changes nothing in the model
        return _load()
