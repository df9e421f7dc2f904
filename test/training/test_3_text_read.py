"""How much of the texts the text recipe reads, in figures and in words."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from conftest import TRAINING, Job, read_json

sys.path.append(str(TRAINING / "recipes" / "distilbert"))
tokenization = import_module("tokenization")
coverage = import_module("coverage")

# With [CLS] and [SEP] 4 and 12 tokens.
SHORT, LONG = "one two", "one " * 10


@pytest.mark.parametrize(
    ("texts", "reads_ngrams", "expected"),
    [
        ([SHORT, SHORT], True, (0, 1, 1)),
        ([SHORT, LONG], True, (0.5, 10 / 16, 1)),
        ([SHORT, LONG], False, (0.5, 10 / 16, 0)),
        ([LONG] * 2000, False, (1, 0.5, 0)),
        (["x" * 300_000], True, (0, 1, 1 / 3)),
    ],
)
def test_shares_are_those_of_tokens_and_characters(
    texts: list[str], reads_ngrams: bool, expected: tuple[float, float, float]
) -> None:
    tokenizer = tokenization.train_tokenizer([SHORT], 100)
    tokenizer.enable_truncation(6)
    tokenizer.enable_padding(length=50)

    read = coverage.measure_text_read(tokenizer, texts, max_length=6, reads_ngrams=reads_ngrams)

    assert (read.rows_cut, read.network, read.ngrams) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((0, 1, 1), "The network reads every text to its end."),
        (
            (0.9, 0.28, 1),
            "The network reads 28% of the tokens: 90% of the rows are longer than max_length (96)."
            " The n-grams are those of 100% of the text.",
        ),
        (
            (0.1, 0.8, 0),
            "The network reads 80% of the tokens: 10% of the rows are longer than max_length (96).",
        ),
        (
            (0.9, 0.28, 0),
            "Warning: The network reads 28% of the tokens: 90% of the rows are longer than"
            " max_length (96). Raise max_length, or set ngrams to true.",
        ),
    ],
)
def test_what_is_cut_off_is_said_with_numbers(
    shares: tuple[float, float, float], words: str
) -> None:
    assert coverage.TextRead(*shares).in_words(96) == words


def test_job_records_what_it_read(text_model: Job) -> None:
    assert read_json(text_model.model / "metrics.json")["textRead"] == {
        "rowsCut": pytest.approx(0.1, abs=0.9),
        "network": pytest.approx(0.9, abs=0.1),
        "ngrams": 1.0,
    }
