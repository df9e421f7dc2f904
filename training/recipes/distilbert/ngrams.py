"""The n-gram part: one linear layer over the hashed character n-grams of the whole text.

The network reads `max_length` tokens; this reads everything, for a tenth of its time, and on a few
thousand rows it knows more. Its weights, one row per bucket, are in the same safetensors file.
Copied into model.tar.gz beside inference.py: training and serving share it. numpy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

WEIGHTS = "ngrams.weight"
# As many as 16 bits can tell apart: sorting them is what takes the time.
BUCKETS = 1 << 16
LONGEST = 4
# Of a text; takes about 5 ms.
MOST_CHARACTERS = 100_000
# Odd numbers without a pattern: 2**32 divided by the golden ratio, and a mixer of MurmurHash3.
_MULTIPLIER = np.uint32(0x9E3779B1)
_MIXER = np.uint32(0x85EBCA6B)
_HALF = np.uint32(15)
_TOP = np.uint32(16)


class Features(NamedTuple):
    """The buckets of a text, each once in rising order, and their values, a vector of length 1."""

    buckets: NDArray[np.uint16]
    values: NDArray[np.float32]


def features_of(text: str) -> Features:
    """Return one plus the logarithm of how often each n-gram of 1 to LONGEST characters occurs.

    Upper and lower case are alike, and a text begins and ends with a space.
    """
    padded = f" {text[:MOST_CHARACTERS].lower()} ".encode("utf-32-le")
    characters = np.frombuffer(padded, np.dtype("<u4"))
    hashes = np.zeros_like(characters)
    found: list[NDArray[np.uint16]] = []
    for length in range(1, LONGEST + 1):
        # From the hashes of the n-grams that are one shorter, modulo 2**32.
        hashes = hashes[: len(characters) - length + 1] * _MULTIPLIER + characters[length - 1 :]
        mixed = (hashes ^ (hashes >> _HALF)) * _MIXER
        found.append((mixed >> _TOP).astype(np.uint16))
    # Three times as fast as np.unique.
    every = np.sort(np.concatenate(found), kind="stable")
    first = np.flatnonzero(np.concatenate(([True], every[1:] != every[:-1])))
    counts = np.diff(first, append=len(every)).astype(np.float32)
    values = np.log(counts) + np.float32(1)
    length_of_vector = np.sqrt(values @ values, dtype=np.float32)
    return Features(every[first], np.divide(values, length_of_vector, dtype=np.float32))


class NgramPart(NamedTuple):
    """The layer as a served model uses it; training has the same in torch."""

    weights: NDArray[np.float32]

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return what the layer adds to the logits of the network, (texts, labels)."""
        features = [features_of(text) for text in texts]
        return np.stack([values @ self.weights[buckets] for buckets, values in features])


def load_ngram_part(folder: Path) -> NgramPart | None:
    """Return the layer that a model folder holds, or None for a model without one."""
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="numpy") as file:
            if WEIGHTS in file.keys():  # noqa: SIM118 - it has keys(), but is no mapping
                return NgramPart(file.get_tensor(WEIGHTS))
    return None
