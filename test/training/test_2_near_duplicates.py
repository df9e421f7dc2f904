"""The shortcuts of the search for near-duplicates and for leaking words change no result."""

from __future__ import annotations

import re
import zlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from prepare.checks import _words
from prepare.duplicates import (
    NEAR_DUPLICATE_SIMILARITY,
    SKETCH_SIZE,
    find_near_duplicates,
    similarity,
    sketch,
)
from prepare.examples import Example, text_key

ascii_texts = st.text(st.characters(max_codepoint=127))
any_texts = st.one_of(ascii_texts, st.text())
# Few words, so that many texts are near-duplicates of each other.
similar_texts = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "1", "é"]), min_size=3, max_size=12
).map(" ".join)


def plain_sketch(text: str) -> list[int]:
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < 3:
        return [zlib.crc32(text.encode())]
    hashes = [zlib.crc32(word.encode()) for word in words]
    triples = {
        (hashes[i] ^ hashes[i + 1] << 1 ^ hashes[i + 2] << 2) % 2**32 for i in range(len(words) - 2)
    }
    return sorted(triples)[:SKETCH_SIZE]


def example(index: int, text: str) -> Example:
    return Example(index, f"row {index}", text, "label", text)


@given(any_texts)
def test_a_sketch_holds_the_smallest_hashes_of_the_triples_of_words(text: str) -> None:
    assert sketch(text_key(text)) == plain_sketch(text_key(text))


@given(any_texts)
def test_words_are_runs_of_letters_digits_and_underscores(text: str) -> None:
    assert _words(text_key(text)) == set(re.findall(r"\w+", text_key(text)))


def test_a_sketch_of_a_long_text_is_cut() -> None:
    text = " ".join(chr(97 + i % 26) * (1 + i // 26) for i in range(400))

    assert sketch(text) == plain_sketch(text)
    assert len(sketch(text)) == SKETCH_SIZE


@given(st.lists(similar_texts, max_size=12), st.lists(similar_texts, max_size=12))
def test_the_search_finds_what_comparing_every_pair_finds(
    texts: list[str], held_out_texts: list[str]
) -> None:
    examples = [example(index, text) for index, text in enumerate(texts)]
    held_out = [example(-1 - index, text) for index, text in enumerate(held_out_texts)]
    sketches = {row.id: sketch(row.key) for row in (*examples, *held_out)}

    found = find_near_duplicates(examples, held_out, sketches)

    assert found == [
        row
        for row in examples
        if any(
            similarity(sketches[row.id], sketches[other.id]) >= NEAR_DUPLICATE_SIMILARITY
            for other in held_out
        )
    ]


@given(similar_texts, similar_texts)
def test_similarity_is_the_share_of_common_triples(one: str, other: str) -> None:
    ones, others = Counter(set(sketch(one))), Counter(set(sketch(other)))

    assert similarity(sketch(one), sketch(other)) == len(ones & others) / len(ones | others)
