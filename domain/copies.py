"""Finds articles whose text is (mostly) another's: keys to look candidates up by, and the exact comparison.

A key is a sampled hash of five words in a row; articles that share keys are candidates, and only the exact comparison
of the texts makes a link. The sample ("scaled", also called FracMinHash, scale 1/8) and the thresholds come from
measurements on real wire copies (612 pages of one summit) and on constructed copies (1,600 of Reuters stories):
containment in the shorter text catches cut and framed copies, Jaccard catches scattered edits, and the pair of
thresholds below gave precision .99 and recall .96 there. Textbook Jaccard of 0.5 to 0.8 misses half.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import xxhash

from domain import furniture
from domain.model import CopyLink

CONTAINMENT = 0.6  # strong: share of the word-5-shingles of the shorter text
JACCARD = 0.35  # strong: of the word-3-shingles
SHARED_FLOOR = 30  # shared word-5-shingles; fewer may be a quotation or a stock phrase
SHORT_FLOOR = 12  # the same for texts of hardly more shingles than that, which must match nearly whole
SHORT_CONTAINMENT = 0.9
MIN_WORDS = 40  # shorter texts are copies only of identical texts
CONTAINER_RATIO = 3.0  # a text this much longer may be a digest that contains the other
KINSHIP = 0.17  # share of the shorter text's long words that the rest of the longer text must use
EDGE_LIMIT = 150  # words; a shared header or footer is at most this long
EDGE_GAP = 10  # words that may differ inside a shared header or footer (a date, a number)
EDGE_OWN = 0.25  # containment that the texts without their shared edges must still reach
MAX_TOKENS = 50_000  # a longer text is compared by its beginning

_SCALE_LIMIT = 2**64 // 8
_MIN_KEYS = 16
_SPACE = re.compile(r"\s+")
UNSPACED = (  # scripts written without spaces (for a character class of re): every character is a token
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff\u31f0-\u31ff"  # Kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_INVISIBLE = re.compile(  # format characters (Cf): soft hyphens, joiners, direction marks
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_TOKEN = re.compile(f"[{UNSPACED}]|[^\\W{UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class StoredText:
    """A stored article as a candidate: its text, its cluster, how many keys it shares with the new one."""

    article_id: int
    cluster_id: int
    text: str
    shared_keys: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How alike two texts are; symmetric. The first two lie in [0, 1], ``shared5`` counts word-5-shingles."""

    containment5: float
    jaccard3: float
    shared5: int


def normalise(text: str) -> str:
    """The text as it is compared: compatibility forms and case folded, invisible characters gone, spaces single.

    Idempotent. The order of the steps is that of Unicode's compatibility caseless matching (D146).
    """
    if text.isascii():
        return _SPACE.sub(" ", text.casefold()).strip()
    folded = unicodedata.normalize("NFD", _INVISIBLE.sub("", text)).casefold()
    folded = unicodedata.normalize("NFKD", folded).casefold()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", folded))
    return _SPACE.sub(" ", folded).strip()


def text_sha256(text: str) -> str:
    """SHA-256 (hex) of the normalised text: equal for texts that differ in case, spacing or encoding form only."""
    return hashlib.sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()


def tokenise(text: str) -> list[str]:
    """The words of the normalised text; in scripts without spaces, its characters."""
    return _TOKEN.findall(normalise(text))


def sketch(text: str) -> tuple[int, ...]:
    """The keys of a text, sorted unsigned 32-bit integers: about one per eight words, at least 16 where there are.

    A shingle is kept by its own hash, so that a copy keeps the same ones wherever they stand in it.
    """
    hashes = _shingles(tokenise(text)[:MAX_TOKENS], 5)
    kept = [h for h in hashes if h < _SCALE_LIMIT]
    if len(kept) < _MIN_KEYS:
        kept = sorted(hashes)[:_MIN_KEYS]
    return tuple(sorted({h & 0xFFFFFFFF for h in kept}))


def scores(a: str, b: str) -> Scores:
    """Compares two texts exactly; see ``link`` for what the scores mean."""
    return _compare(_prepare(a), _prepare(b))


def link(
    article_id: int, text: str, same_text: Sequence[StoredText], candidates: Sequence[StoredText]
) -> tuple[CopyLink, ...]:
    """The stored articles that ``text`` is a copy of (or that are copies of it), strong links only.

    ``same_text``: articles with the same ``text_sha256``; ``candidates``: articles that share keys; both ordered by
    when they were first seen. All links carry the cluster of the earliest of them, identical texts before others.
    Whether two texts are linked depends on the two alone, so clusters do not depend on the order of arrival.

    Not linked although much is shared: two stories under one footer (see ``_share_more_than_edges``), and a digest
    with a story in it (see ``_tells_one_story``).
    """
    new = _prepare(text)
    normal = normalise(text)
    found: list[tuple[StoredText, str, Scores]] = []
    for stored in same_text:
        if stored.article_id != article_id and normal and normalise(stored.text) == normal:
            found.append((stored, "same_text", Scores(1.0, 1.0, len(new.fives))))
    linked = {stored.article_id for stored, _, _ in found} | {article_id}
    for stored in candidates:
        if stored.article_id in linked:
            continue
        linked.add(stored.article_id)
        old = _prepare(stored.text)
        score = _compare(new, old)
        if _is_strong(new, old, score):
            found.append((stored, "near_copy", score))
    if not found:
        return ()
    cluster = found[0][0].cluster_id
    return tuple(
        CopyLink(article_id, s.article_id, cluster, relation, c.containment5, c.jaccard3, s.shared_keys)
        for s, relation, c in found
    )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A text ready for comparison, without the paragraphs that are furniture by their words."""

    tokens: list[str]
    order5: list[int]  # the word-5-shingles in their order
    fives: frozenset[int]
    threes: frozenset[int]


def _prepare(text: str) -> _Prepared:
    paragraphs = [p for p in text.split("\n\n") if not furniture.is_notice(p)]
    tokens = tokenise("\n\n".join(paragraphs))[:MAX_TOKENS]
    if len(tokens) < MIN_WORDS:  # all of it is furniture by its words: then they are its words
        tokens = tokenise(text)[:MAX_TOKENS]
    return _from_tokens(tokens)


def _from_tokens(tokens: list[str]) -> _Prepared:
    order5 = _ordered_shingles(tokens, 5)
    return _Prepared(tokens, order5, frozenset(order5), frozenset(_ordered_shingles(tokens, 3)))


def _shingles(tokens: list[str], size: int) -> set[int]:
    return set(_ordered_shingles(tokens, size))


def _ordered_shingles(tokens: list[str], size: int) -> list[int]:
    """A hash (XXH3, 64 bit: stable across machines, unlike ``hash``) of every ``size`` words in a row."""
    if not tokens:
        return []
    encoded = [token.encode("utf-8", "surrogatepass") for token in tokens]
    last = max(1, len(encoded) - size + 1)
    return [xxhash.xxh3_64_intdigest(b"\x1f".join(encoded[i : i + size])) for i in range(last)]


def _compare(a: _Prepared, b: _Prepared) -> Scores:
    shared5 = len(a.fives & b.fives)
    shorter = min(len(a.fives), len(b.fives))
    union3 = len(a.threes | b.threes)
    return Scores(
        shared5 / shorter if shorter else 0.0, len(a.threes & b.threes) / union3 if union3 else 0.0, shared5
    )


def _is_strong(a: _Prepared, b: _Prepared, score: Scores) -> bool:
    if min(len(a.tokens), len(b.tokens)) < MIN_WORDS:
        return False
    if min(len(a.fives), len(b.fives)) <= SHARED_FLOOR:
        enough = score.shared5 >= SHORT_FLOOR and score.containment5 >= SHORT_CONTAINMENT
    else:
        alike = score.containment5 >= CONTAINMENT or score.jaccard3 >= JACCARD
        enough = score.shared5 >= SHARED_FLOOR and alike
    return enough and _share_more_than_edges(a, b) and _tells_one_story(a, b)


def _share_more_than_edges(a: _Prepared, b: _Prepared) -> bool:
    """Whether two texts share more than a header and a footer.

    A run of shared words at the beginning or end of both is a possible header or footer if it is short. If what is
    left of *both* without these runs is a text of its own, these rests must share text too. A cut copy passes, since
    of the shorter text nothing is left.
    """
    shared = a.fives & b.fives
    rests = []
    for text in (a, b):
        covered = _covered(text, shared)
        head, tail = _run(covered), _run(covered[::-1])
        head = head if head <= EDGE_LIMIT else 0
        tail = tail if tail <= EDGE_LIMIT else 0
        if not head and not tail:
            return True
        rests.append(text.tokens[head : len(text.tokens) - tail])
    if min(map(len, rests)) < MIN_WORDS:
        return True
    return _compare(_from_tokens(rests[0]), _from_tokens(rests[1])).containment5 >= EDGE_OWN


def _covered(text: _Prepared, shared: frozenset[int]) -> list[bool]:
    """For every word whether it lies in a shared shingle."""
    covered = [False] * len(text.tokens)
    for i, shingle in enumerate(text.order5):
        if shingle in shared:
            covered[i : i + 5] = [True] * len(covered[i : i + 5])
    return covered


def _run(covered: list[bool]) -> int:
    """The length of the shared run at the beginning, over gaps of at most ``EDGE_GAP`` words."""
    end = 0
    for i, is_covered in enumerate(covered):
        if is_covered:
            end = i + 1
        elif i - end >= EDGE_GAP:
            break
    return end


def _tells_one_story(a: _Prepared, b: _Prepared) -> bool:
    """Whether the longer of two texts is one story with the shorter, not a digest or running file around it.

    A story cut short goes on about the same people and things; the other items of a digest do not. So where one text
    is ``CONTAINER_RATIO`` times longer, its words outside the shared passages must use some of the words of five
    letters and more of the shorter text. (On 147 public news articles, of cut copies of 15 to 30 % length 93 % pass,
    and of digests of five stories 4 %. In scripts without spaces the length alone decides.)
    """
    short, long = (a, b) if len(a.tokens) <= len(b.tokens) else (b, a)
    if len(long.tokens) < CONTAINER_RATIO * len(short.tokens):
        return True
    covered = _covered(long, short.fives)
    rest = {token for token, inside in zip(long.tokens, covered, strict=True) if not inside}
    content = {token for token in short.tokens if len(token) >= 5}
    return bool(content) and len(content & rest) / len(content) >= KINSHIP
