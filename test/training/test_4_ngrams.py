"""The n-gram part of the text recipe: what it reads, and that torch and numpy agree on it."""

from __future__ import annotations

import math
import random
import shutil
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from conftest import TINY_DISTILBERT, TRAINING, Job, prepare, read_json, text_rows, write_csv
from serving.served_model import load_model, parse_answers

sys.path.append(str(TRAINING / "recipes" / "distilbert"))
ngrams = import_module("ngrams")
batching = import_module("batching")
classifier = import_module("classifier")
feature_cache = import_module("feature_cache")

TRAIN = "recipes/distilbert/train.py"
TEXTS = [
    "",
    "a",
    "Win MONEY now",
    "aaaa" * 9,
    "球队在体育场赢得了比赛",
    "👩‍👩‍👧 \x00",
    "word " * 400,
]


def buckets_by_hand(text: str) -> Counter[int]:
    """Return how often each bucket occurs, one n-gram after the other."""
    counts: Counter[int] = Counter()
    padded = f" {text.lower()} "
    for length in range(1, 5):
        for start in range(len(padded) - length + 1):
            value = 0
            for character in padded[start : start + length]:
                value = (value * 0x9E3779B1 + ord(character)) % 2**32
            counts[((value ^ (value >> 15)) * 0x85EBCA6B % 2**32) >> 16] += 1
    return counts


@pytest.mark.parametrize("text", TEXTS)
def test_features_are_the_logarithmic_counts_of_all_ngrams(text: str) -> None:
    counts = buckets_by_hand(text)
    values = [1 + math.log(counts[bucket]) for bucket in sorted(counts)]

    buckets, found = ngrams.features_of(text)

    assert buckets.tolist() == sorted(counts)
    assert found == pytest.approx(np.array(values) / math.hypot(*values), abs=1e-6)


def test_buckets_never_change_because_saved_models_have_weights_for_them() -> None:
    assert ngrams.features_of("Hi!").buckets.tolist() == [
        1591,
        11148,
        15696,
        17253,
        21849,
        26570,
        27946,
        41702,
        43268,
        48505,
        58670,
        60854,
        61824,
    ]


def test_training_and_serving_compute_the_same() -> None:
    layer = classifier.NgramLayer(3)
    torch.nn.init.normal_(layer.weight)
    rows = [batching.EncodedRow([2, 3], 0, text) for text in TEXTS]

    batch = batching.PaddingCollator(0, reads_ngrams=True)(rows)
    trained = layer(batch["ngram_buckets"], batch["ngram_offsets"], batch["ngram_values"])
    served = ngrams.NgramPart(layer.weight.detach().numpy()).logits(TEXTS)

    assert served.dtype == np.float32
    assert served == pytest.approx(trained.detach().numpy(), abs=1e-5)


def test_gradient_is_that_of_an_embedding_bag() -> None:
    layer = classifier.NgramLayer(3)
    torch.nn.init.normal_(layer.weight)
    plain = torch.nn.EmbeddingBag.from_pretrained(layer.weight.detach(), freeze=False, mode="sum")
    rows = [batching.EncodedRow([2, 3], 0, text) for text in [*TEXTS, TEXTS[2]]]
    batch = batching.PaddingCollator(0, reads_ngrams=True)(rows)
    of_sums = torch.rand(len(rows), 3)

    gradients = []
    for each in (layer, plain):
        sums = each(batch["ngram_buckets"], batch["ngram_offsets"], batch["ngram_values"])
        gradients += torch.autograd.grad(sums, each.weight, of_sums)

    assert torch.allclose(*gradients, atol=1e-6)


def test_features_are_computed_once_as_long_as_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed: list[str] = []
    monkeypatch.setattr(
        feature_cache,
        "features_of",
        lambda text: computed.append(text) or ngrams.features_of(text),
    )
    cache = feature_cache.FeatureCache(most_bytes=150)

    found = [cache.features_of(text) for text in ("goal", "goal " * 9, "goal", "goal " * 9)]

    assert computed == ["goal", "goal " * 9, "goal " * 9]
    assert found[2].buckets.tolist() == ngrams.features_of("goal").buckets.tolist()


@pytest.fixture(scope="module")
def late_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return rows that tell their label behind 100 words which tell nothing."""
    folder = tmp_path_factory.mktemp("late-words")
    choose = random.Random(1)
    rows = [
        (" ".join(choose.choices("abcdefghijklmnopqrstuvwxyz", k=100)) + " " + text, label)
        for text, label in text_rows(300)
    ]
    status, report = prepare(write_csv(folder / "rows.csv", ("text", "label"), rows), folder)
    assert status == 0, report["errors"]
    return folder


def test_words_behind_max_length_decide(late_words: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, {"train": late_words, "validation": late_words})

    status, _, stderr = job.run(TRAIN, TINY_DISTILBERT)

    assert status == 0, stderr
    assert read_json(job.model / "metrics.json")["metrics"]["accuracy"] > 0.9
    model = load_model(job.model, "served")
    ending = '{"inputs": ["' + "x " * 100 + 'striker goal", "' + "x " * 100 + 'soup oven"]}'
    assert [answer.label for answer in parse_answers(model.invoke(ending), 2)] == ["sport", "food"]


def test_base_model_is_trained_without_ngrams_unless_they_are_asked_for(
    prepared_text: Path, text_model: Job, tmp_path: Path
) -> None:
    channels = {"train": prepared_text, "validation": prepared_text}
    written = []
    for asked in ({}, {"ngrams": "true"}):
        job = Job(tmp_path / str(len(asked)), {**channels, "base_model": text_model.model})
        status, _, stderr = job.run(TRAIN, {"num_train_epochs": "1", "max_length": "16", **asked})
        assert status == 0, stderr
        written.append("ngrams.weight" in load_file(job.model / "model.safetensors"))
        # Both engines still agree, and the graph has no part of it.
        assert (job.model / "model.onnx").stat().st_size < 100_000
        load_model(job.model, "served").invoke('{"inputs": "goal"}')

    assert written == [False, True]


def test_model_without_ngrams_is_served_as_before(text_model: Job, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(text_model.model, folder, ignore=shutil.ignore_patterns("model.onnx"))
    weights = load_file(folder / "model.safetensors")
    del weights["ngrams.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    [answer] = parse_answers(load_model(folder, "served").invoke('{"inputs": "goal"}'), 1)

    assert answer.label == "sport"
