"""Only the part of a text that the network reads is tokenized, and that changes no token."""

from __future__ import annotations

import random
import sys
from importlib import import_module

import pytest

from conftest import TRAINING

sys.path.append(str(TRAINING / "recipes" / "distilbert"))
tokenization = import_module("tokenization")

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


@pytest.mark.parametrize("seed", range(10))
def test_encoding_the_beginning_of_a_text_is_encoding_the_text(seed: int) -> None:
    choose = random.Random(seed)
    texts = [
        "".join(choose.choice(PIECES) + choose.choice(SPACES) for _ in range(choose.randrange(60)))
        for _ in range(200)
    ]
    texts.append("\u200b " * 50 + "word " * 50)
    tokenizer = tokenization.train_tokenizer(texts, 1000)
    tokenizer.enable_truncation(12)

    encoded = tokenization.encode(tokenizer, texts)

    assert encoded == [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    assert len(encoded[-1]) == 12


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
    assert tokenization.beginning(text, 2) == expected
