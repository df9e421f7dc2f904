"""Only the part of a text that the network reads is tokenized, and that changes no token."""

from __future__ import annotations

import random
import sys
from importlib import import_module

import pytest
from tokenizers import Encoding, normalizers

from conftest import TRAINING

sys.path.append(str(TRAINING / "recipes" / "distilbert"))
tokenization = import_module("tokenization")
inference = import_module("inference")

# Among them what BertNormalizer drops, takes for a space, or splits by itself.
PIECES = [
    "word",
    "é",
    "e\u0301",
    "\u200b",
    "\x1c",
    "\x0b",
    "\u3000",
    "\u00a0",
    "中",
    "…",
    "x" * 120,
]
SPACES = [" ", "  ", "\n", "\t", "\r\n", "\u200b", ""]


def some_texts(seed: int) -> list[str]:
    choose = random.Random(seed)
    texts = [
        "".join(choose.choice(PIECES) + choose.choice(SPACES) for _ in range(choose.randrange(60)))
        for _ in range(200)
    ]
    return [*texts, "\u200b " * 50 + "word " * 50]


def read(encodings: list[Encoding]) -> list[tuple[list[int], list[int]]]:
    return [(encoding.ids, encoding.attention_mask) for encoding in encodings]


@pytest.mark.parametrize("seed", range(10))
def test_encoding_the_beginning_of_a_text_is_encoding_the_text(seed: int) -> None:
    texts = some_texts(seed)
    tokenizer = tokenization.train_tokenizer(texts, 1000)
    tokenizer.enable_truncation(12)

    encoded = tokenization.encode(tokenizer, texts)

    assert encoded == [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    assert len(encoded[-1]) == 12


@pytest.mark.parametrize("seed", range(10))
def test_a_served_model_reads_the_tokens_of_the_whole_text(seed: int) -> None:
    texts = some_texts(seed)
    tokenizer = tokenization.train_tokenizer(texts, 1000)
    tokenizer.enable_truncation(12)
    tokenizer.enable_padding(pad_id=0)

    for start in range(0, len(texts), 16):
        batch = texts[start : start + 16]
        assert read(inference.tokenize(tokenizer, batch)) == read(tokenizer.encode_batch(batch))


def test_a_tokenizer_that_joins_words_is_given_the_whole_text() -> None:
    tokenizer = tokenization.train_tokenizer(["one two", "three four"], 100)
    tokenizer.enable_truncation(4)
    tokenizer.normalizer = normalizers.Replace(" ", "")

    [encoding] = inference.tokenize(tokenizer, ["one two three four"])

    assert encoding.ids == tokenizer.encode("one two three four").ids


def test_the_vocabulary_is_that_of_the_texts_as_they_are() -> None:
    texts = some_texts(1)
    learned = tokenization.train_tokenizer(texts, 1000).get_vocab()

    assert (
        learned
        == tokenization.train_tokenizer(
            [tokenization._tokenizer(None).normalizer.normalize_str(text) for text in texts], 1000
        ).get_vocab()
    )
    assert {"[PAD]", "word", "x", "##x", "e", "中"} <= learned.keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two three four", "one two "),
        ("  one\n\ttwo\r\n three", "  one\n\ttwo\r\n "),
        ("one two", "one two"),
        ("one\u00a0two three four", "one\u00a0two three "),
        ("", ""),
    ],
)
def test_beginning_ends_behind_a_whole_word(text: str, expected: str) -> None:
    assert inference.beginning(text, 2) == expected
