"""Copies: what is one text in other clothes, and what only looks like it."""

from __future__ import annotations

import random
import unicodedata
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.copies import Scores, StoredText, link, normalise, scores, sketch, text_sha256, tokenise

_SYLLABLES = "ka lo mi ren sta vor del tis pan gru sel mon tir bas nok ful har wen dri cos"
SYLLABLES = _SYLLABLES.split()


def words(seed: int, count: int) -> list[str]:
    """Invented words; another seed gives another story."""
    chance = random.Random(seed)
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 1, 3, 3, 4)))) for _ in range(count)]


def story(seed: int, paragraphs: int = 8, length: int = 45) -> list[str]:
    """A story of paragraphs that share names and terms, as the paragraphs of a real one do."""
    chance = random.Random(seed)
    terms = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(16)]
    made = []
    for i in range(paragraphs):
        body = words(1000 * seed + i, length)
        for place in range(0, length, 3):
            body[place] = chance.choice(terms)
        made.append(" ".join(body).capitalize() + ".")
    return made


def text(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def is_linked(new: str, old: str) -> bool:
    one = bool(link(2, new, (), [StoredText(1, 1, old, 5)]))
    other = bool(link(1, old, (), [StoredText(2, 2, new, 5)]))
    assert one == other, "a link must not depend on who came first"
    return one


def edit(body: str, share: float, seed: int = 5) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(SYLLABLES) + "x" if chance.random() < share else w for w in body.split(" "))


STORY = story(1)
FOOTER = " ".join(words(77, 120)).capitalize() + "."


@pytest.mark.parametrize(
    ("kind", "copy"),
    [
        ("half of it", text(STORY[:4])),
        ("a quarter of it", text(STORY[:2])),
        ("another headline above", text(["An entirely different headline stands here", *STORY])),
        ("agency header and footer", text([" ".join(words(8, 18)), *STORY, " ".join(words(9, 25))])),
        ("quotes added", text([*STORY[:3], " ".join(words(10, 60)), *STORY[3:], " ".join(words(11, 60))])),
        ("5 % of the words edited", edit(text(STORY), 0.05)),
        ("reordered", text([STORY[0], *STORY[:0:-1]])),
        (
            "cut, edited and framed",
            text([" ".join(words(12, 20)), edit(text(STORY[:5]), 0.03), " ".join(words(13, 20))]),
        ),
        ("other case, spaces and dashes", text(STORY).upper().replace(" ", "  ").replace("a", "a\u00ad")),
    ],
)
def test_copies_are_linked(kind: str, copy: str) -> None:
    assert is_linked(copy, text(STORY)), kind
    assert len(set(sketch(copy)) & set(sketch(text(STORY)))) >= 2, "the lookup must find it"


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("another story", text(story(2))),
        (
            "the same names and terms, other sentences",
            " ".join(sorted(text(STORY).split(), key=lambda w: (len(w), w))),
        ),
        ("one shared paragraph", text([STORY[3], *story(3)])),
        ("a shared background at the end", text([*story(4), STORY[6], STORY[7]])),
    ],
)
def test_other_stories_are_not_linked(kind: str, other: str) -> None:
    assert not is_linked(other, text(STORY)), kind


def test_stories_that_share_only_a_footer_stay_apart() -> None:
    brief, other = story(20, paragraphs=2), story(21, paragraphs=2)
    assert scores(text([*brief, FOOTER]), text([*other, FOOTER])).containment5 > 0.5
    assert not is_linked(text([*brief, FOOTER]), text([*other, FOOTER]))
    header = " ".join(words(78, 60))
    assert not is_linked(text([header, *brief, FOOTER]), text([header, *other, FOOTER]))
    dated = [FOOTER + f" Last change on day {n} at the hour {n + 3}." for n in (1, 2)]
    assert not is_linked(text([*brief, dated[0]]), text([*other, dated[1]]))


def test_copies_with_the_same_footer_are_linked() -> None:
    assert is_linked(text([*STORY[:5], FOOTER]), text([*STORY, FOOTER]))
    assert is_linked(text([edit(text(STORY), 0.05), FOOTER]), text([*STORY, FOOTER]))


def test_a_notice_is_no_part_of_the_text() -> None:
    notice = "All rights reserved. " + " ".join(words(79, 90)) + " privacy policy."
    short = [story(n, paragraphs=1) for n in (30, 31)]
    assert not is_linked(text([*short[0], notice]), text([*short[1], notice]))


def test_500_stories_under_one_footer_stay_apart() -> None:
    stored: list[StoredText] = []
    for n in range(500):
        body = text([*story(1000 + n, paragraphs=2, length=40), FOOTER])
        candidates = stored[-5:]
        assert link(n, body, (), candidates) == ()
        stored.append(StoredText(n, n, body, 10))


def test_digest_is_not_linked_with_the_stories_in_it() -> None:
    told = [story(40 + n, paragraphs=3) for n in range(5)]
    digest = text([p for one in told for p in one])
    for one in told:
        assert scores(text(one), digest).containment5 > 0.9
        assert not is_linked(text(one), digest)


def test_identical_short_texts_are_linked_others_not() -> None:
    short = " ".join(words(50, 30))
    same = [StoredText(1, 9, short.upper(), 0)]
    (found,) = link(2, short, same, ())
    assert (found.relation, found.containment5, found.jaccard3, found.cluster_id) == (
        "same_text",
        1.0,
        1.0,
        9,
    )
    assert not is_linked(short + " more", short)


def test_brief_needs_to_match_nearly_whole() -> None:
    brief = words(51, 42)
    framed = words(52, 6) + brief
    assert len(tokenise(" ".join(brief))) == 42
    assert is_linked(" ".join(framed), " ".join(brief))
    assert not is_linked(" ".join(words(53, 30) + brief[:30]), " ".join(brief))


def test_one_sentence_quoted_in_two_short_texts_is_no_copy() -> None:
    quoted = words(54, 30)
    assert not is_linked(" ".join(words(55, 20) + quoted), " ".join(words(56, 20) + quoted))


def test_a_hash_that_lies_is_not_believed() -> None:
    assert link(2, text(STORY), [StoredText(1, 1, text(story(2)), 0)], ()) == ()


def test_the_earliest_origin_gives_the_cluster_and_nothing_is_linked_twice() -> None:
    body = text(STORY)
    old = StoredText(7, 70, text(STORY[:5]), 12)
    same = StoredText(8, 80, body, 40)
    found = link(9, body, [same], [old, same, StoredText(9, 9, body, 40)])
    assert [(f.origin_id, f.relation, f.cluster_id, f.shared_keys) for f in found] == [
        (8, "same_text", 80, 40),
        (7, "near_copy", 80, 12),
    ]
    assert [f.cluster_id for f in link(9, body, (), [old, StoredText(10, 100, text(STORY[1:]), 9)])] == [
        70,
        70,
    ]


def test_empty_texts() -> None:
    assert link(2, "", [StoredText(1, 1, "", 0)], [StoredText(3, 3, "", 0)]) == ()
    assert scores("", "") == Scores(0.0, 0.0, 0)
    assert sketch("") == ()


def components(order: tuple[int, ...], texts: list[str]) -> set[frozenset[int]]:
    """The clusters that result when the texts arrive in this order."""
    parent = {n: n for n in order}

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    for i, n in enumerate(order):
        for found in link(n, texts[n], (), [StoredText(m, root(m), texts[m], 5) for m in order[:i]]):
            parent[root(found.article_id)] = root(found.origin_id)
    return {frozenset(m for m in order if root(m) == root(n)) for n in order}


def test_membership_does_not_depend_on_the_order_of_arrival() -> None:
    other = story(60)
    texts = [
        text(STORY),
        text(STORY[:4]),
        text(STORY[4:]),
        edit(text(STORY), 0.05),
        text([*other, FOOTER]),
        text([*other[:4], FOOTER]),
    ]
    results = [components(order, texts) for order in list(permutations(range(6)))[::24]]
    assert all(result == results[0] for result in results)
    assert results[0] == {frozenset({0, 1, 2, 3}), frozenset({4, 5})}


HAN = (
    "法国总统与俄罗斯总统周二通过电话讨论了粮食出口与核电站安全问题双方同意在月底之前再次通话发言人没有透露更多细节"
    * 1
)


def test_truncated_chinese_is_linked() -> None:
    chance = random.Random(3)
    body = "".join(chance.sample(HAN, len(HAN))) + "。" + HAN + "。" + "".join(chance.sample(HAN, len(HAN)))
    assert is_linked(body[:100], body)
    assert tokenise("北京 news") == ["北", "京", "news"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_forms_of_unicode_are_one(form: str) -> None:
    body = "À l’Élysée, la réunion a été reportée : « c’est fâcheux », dit-on. Й ё ﬁn ① ガ"
    told = unicodedata.normalize(form, body)
    assert text_sha256(told) == text_sha256(body)
    assert sketch(told) == sketch(body)


def test_hash_ignores_case_and_space_only() -> None:
    assert text_sha256("One  two\n\nthree") == text_sha256("one two THREE")
    assert text_sha256("one two three") != text_sha256("one two, three")


def test_sketch_is_stable_across_machines() -> None:
    """Keys are stored: another value would lose every copy of what is stored already."""
    assert sketch("one two three four five six") == (1843294314, 3364997408)


def test_sketch_samples_an_eighth() -> None:
    keys = sketch(" ".join(words(70, 4_000)))
    assert 400 < len(keys) < 600
    assert list(keys) == sorted(set(keys))
    assert all(0 <= key < 2**32 for key in keys)
    assert len(sketch(" ".join(words(71, 60)))) >= 16


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_normalise_is_idempotent(some: str) -> None:
    assert normalise(normalise(some)) == normalise(some)


TOKENS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=40).map(" ".join)


@settings(deadline=None, max_examples=50)
@given(TOKENS, TOKENS)
def test_scores_are_symmetric_and_bounded(a: str, b: str) -> None:
    assert scores(a, b) == scores(b, a)
    assert 0 <= scores(a, b).containment5 <= 1
    assert 0 <= scores(a, b).jaccard3 <= 1
    assert not a or scores(a, a) == Scores(1.0, 1.0, scores(a, a).shared5)
