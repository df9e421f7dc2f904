"""The shortcuts of the search for near-duplicates and for leaking words change no result."""

from __future__ import annotations

import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepare.checks import _words
from prepare.examples import text_key
from prepare.near_duplicates import Groups, join_near_duplicates
from prepare.sketches import (
    NEAR_DUPLICATE_SIMILARITY,
    SKETCH_SIZE,
    are_near_duplicates,
    similarity,
    sketch,
)

# Without the words that are left out of sketches, and the signs of addresses.
plain_texts = st.text(st.characters(max_codepoint=127, exclude_characters="@:xX")).filter(
    lambda text: (
        not re.search("mail|ur[li]|link|htt|www|num|digit|phone|date|masked|red", text, re.I)
    )
)
# Few words, so that many texts are near-duplicates of each other.
similar_texts = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "1", "é"]), min_size=3, max_size=12
).map(" ".join)


def plain_sketch(text: str) -> list[int]:
    hashes = [zlib.crc32(word.encode()) for word in re.findall(r"[^\W\d_]+", text)]
    if len(hashes) < 3:
        return [zlib.crc32((" ".join(map(str, hashes)) or text).encode())]
    triples = {
        (hashes[i] ^ hashes[i + 1] << 1 ^ hashes[i + 2] << 2) % 2**32
        for i in range(len(hashes) - 2)
    }
    return sorted(triples)[:SKETCH_SIZE]


def groups_of(texts: Sequence[str]) -> list[list[int]]:
    """Return the numbers of the texts that are together, by their smallest."""
    groups = Groups(len(texts))
    join_near_duplicates([sketch(text_key(text)) for text in texts], groups)
    return sorted(groups.members())


def are_alike(one: str, other: str) -> bool:
    return are_near_duplicates(sketch(text_key(one)), sketch(text_key(other)))


@given(plain_texts)
def test_a_sketch_holds_the_smallest_hashes_of_the_triples_of_words(text: str) -> None:
    assert list(sketch(text_key(text))) == plain_sketch(text_key(text))


@given(st.one_of(plain_texts, st.text()))
def test_words_are_runs_of_letters_digits_and_underscores(text: str) -> None:
    assert _words(text_key(text)) == set(re.findall(r"\w+", text_key(text)))


def test_a_sketch_of_a_long_text_is_cut() -> None:
    text = " ".join(chr(97 + i % 22) * (1 + i // 22) for i in range(400))

    assert list(sketch(text)) == plain_sketch(text)
    assert len(sketch(text)) == SKETCH_SIZE


@given(st.lists(similar_texts, max_size=20))
def test_the_search_finds_what_comparing_every_pair_finds(texts: list[str]) -> None:
    expected = Groups(len(texts))
    sketches = [sketch(text_key(text)) for text in texts]
    for one in range(len(texts)):
        for other in range(one):
            if similarity(sketches[one], sketches[other]) >= NEAR_DUPLICATE_SIMILARITY:
                expected.join(one, other)

    assert groups_of(texts) == sorted(expected.members())


@given(similar_texts, similar_texts)
def test_similarity_is_the_share_of_common_triples(one: str, other: str) -> None:
    ones, others = Counter(set(sketch(one))), Counter(set(sketch(other)))

    assert similarity(sketch(one), sketch(other)) == len(ones & others) / len(ones | others)
    assert are_near_duplicates(sketch(one), sketch(other)) == (
        similarity(sketch(one), sketch(other)) >= NEAR_DUPLICATE_SIMILARITY
    )


LETTER = (
    "Dear {name}, we have not received your payment for invoice {number} yet. Please write to"
    " {address} or open {link} before the end of the month, and remember to name the number."
)


@pytest.mark.parametrize(
    "cleaned",
    [
        LETTER.format(name="Bob", number="77", address="a@b.org", link="www.shop.example/x?y=1"),
        LETTER.format(name="Bob", number="NUM", address="<EMAIL>", link="[URL]"),
        LETTER.format(name="Bob", number="####", address="xxx", link="__URL__").upper(),
        re.sub(r"[^\w ]", "", LETTER.format(name="Bob", number="0", address="email", link="url")),
        LETTER.format(name="Bob", number="", address="", link="").replace(" ", "\n  "),
    ],
)
def test_a_cleaned_copy_is_alike(cleaned: str) -> None:
    original = LETTER.format(
        name="Bob",
        number="123-456",
        address="Pay.Desk+1@shop.example",
        link="https://shop.example/pay?id=9",
    )

    assert are_alike(original, cleaned)


def test_another_text_is_not_alike() -> None:
    assert not are_alike("please pay invoice 17 by friday", "please pay invoice 17 by monday, bob")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "你好,您的订单 1001 已经发货,预计三天之内送到您的家里,请注意查收,谢谢您的支持",
            "您的订单 2002",
        ),
        (
            "ご注文いただいた商品は本日発送いたしましたのでお受け取りくださいますようお願いいたします",
            "ご注文",
        ),
        ("พัสดุของคุณถูกจัดส่งแล้วและจะถึงภายในสามวันโปรดรอรับที่บ้านขอบคุณที่ใช้บริการ", "พัสดุ"),
    ],
)
def test_texts_without_spaces_are_compared_by_character(one: str, other: str) -> None:
    changed = one.replace("1001", "73")[:-1]

    assert are_alike(one, changed)
    assert not are_alike(one, other)
    assert not are_alike(one, one[len(one) // 2 :] + one[: len(one) // 4])


def test_short_texts_that_differ_in_digits_are_alike() -> None:
    assert are_alike("Order 1001", "order 2002!")
    assert not are_alike("1001", "2002")


def test_fifty_thousand_templated_texts_take_seconds() -> None:
    choose = random.Random(3)
    words = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("an", "el", "or") for c in ("", "ta")]
    templates = [" ".join(choose.choices(words, k=24)) for _ in range(40)]
    texts = [f"{choose.choice(templates)} {choose.choice(words)} {n}" for n in range(50_000)]
    started = time.process_time()

    found = groups_of(texts)

    # The search of every pair with a common word triple took minutes.
    assert time.process_time() - started < 30
    assert len(found) == 40
