"""Serve the TF-IDF classifier: SageMaker's model_fn, input_fn, predict_fn and output_fn.

Copied into model.tar.gz as code/inference.py; imports nothing of this repository, and no
scikit-learn: numpy starts in a tenth of a second.

    request   {"inputs": "text"}  or  {"inputs": ["text", ...]}
    response  [{"label": "spam", "score": 0.98}, ...]   each input's best label, score in [0, 1]

A request with "scores": "all" also gets "scores": {"spam": 0.98, "ham": 0.02} for each input.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

JSON = "application/json"
MODEL_FILE = "model.json"
# One line per term, those of words first: how rare it is, and its weight for each label.
IDF_FILE = "idf.npy"
COEFFICIENTS_FILE = "coefficients.npy"
MAX_INPUTS = 1_000
# So that a text which is like no label at all has an answer too.
SMALLEST_PROBABILITY = 1e-12
SHORTEST_CHARACTERS = 2
# Words whose terms are remembered between texts, 1 KB each.
MAX_KNOWN_WORDS = 50_000
# Both as in scikit-learn's TfidfVectorizer: token_pattern, and the white space of "char_wb".
_WORD = re.compile(r"\b\w\w+\b")

Ids = NDArray[np.int64]
Matrix = NDArray[np.float64]


def words_of(text: str) -> list[str]:
    """Return the words of two letters and more, of which the terms of words are made."""
    return _WORD.findall(text)


def sequences_of(words: Sequence[str], longest: int) -> list[str]:
    """Return the terms of words: each word and each sequence of up to `longest`."""
    terms = list(words)
    for n in range(2, longest + 1):
        terms += [" ".join(words[start : start + n]) for start in range(len(words) - n + 1)]
    return terms


def characters_of(chunk: str, longest: int) -> list[str]:
    """Return the terms of characters of one chunk between white space, padded with a space."""
    padded = f" {chunk} "
    terms: list[str] = []
    for n in range(SHORTEST_CHARACTERS, longest + 1):
        if n >= len(padded):
            # What is shorter than n counts once.
            return [*terms, padded]
        terms += [padded[start : start + n] for start in range(len(padded) - n + 1)]
    return terms


class TfidfModel:
    """What the files of the model hold, ready to calculate."""

    def __init__(self, content: dict[str, Any], idf: Matrix, coefficients: Matrix) -> None:
        self.labels: list[str] = content["labels"]
        self._max_characters: int = content["maxCharacters"]
        self._word_ngrams: int = content["wordNgrams"]
        self._character_ngrams: int = content["characterNgrams"]
        self._words = {term: index for index, term in enumerate(content["words"])}
        offset = len(self._words)
        self._characters = {
            term: offset + index for index, term in enumerate(content["characters"])
        }
        self._idf, self._coefficients = idf, coefficients
        self._intercepts = np.array(content["intercepts"])
        self._known: dict[str, list[int]] = {}

    def probabilities(self, texts: Sequence[str]) -> Matrix:
        """Return the class probabilities, shape (texts, labels)."""
        logits = np.array([self._logits(text) for text in texts])
        # The sigmoid, which exp of a large number would spoil.
        against_rest = np.maximum(0.5 * (1 + np.tanh(0.5 * logits)), SMALLEST_PROBABILITY)
        if logits.shape[1] == 1:
            return np.hstack([1 - against_rest, against_rest])
        return against_rest / against_rest.sum(axis=1, keepdims=True)

    def _logits(self, text: str) -> NDArray[np.float64]:
        read = text[: self._max_characters].lower()
        find = self._words.get
        words = [find(term) for term in sequences_of(words_of(read), self._word_ngrams)]
        chunks = Counter(read.split())
        known = [self._terms_of(chunk) for chunk in chunks]
        repeats = np.repeat(
            np.fromiter(chunks.values(), np.int64, len(chunks)),
            np.fromiter(map(len, known), np.int64, len(known)),
        )
        characters = np.fromiter(chain.from_iterable(known), np.int64, len(repeats))
        found = np.array([index for index in words if index is not None], dtype=np.int64)
        return (
            self._intercepts
            + self._weigh(found, np.ones(len(found)))
            + self._weigh(characters, repeats)
        )

    def _terms_of(self, chunk: str) -> list[int]:
        terms = self._known.get(chunk)
        if terms is None:
            find: Callable[[str], int | None] = self._characters.get
            found = map(find, characters_of(chunk, self._character_ngrams))
            terms = [index for index in found if index is not None]
            if len(self._known) < MAX_KNOWN_WORDS:
                self._known[chunk] = terms
        return terms

    def _weigh(self, terms: Ids, repeats: NDArray[Any]) -> NDArray[np.float64] | float:
        """Return what terms of one kind add to the logits; sublinear counts, rows of length 1."""
        if len(terms) == 0:
            return 0.0
        distinct, places = np.unique(terms, return_inverse=True)
        weights = (1 + np.log(np.bincount(places, repeats))) * self._idf[distinct]
        return (weights / np.sqrt(weights @ weights)) @ self._coefficients[distinct]


def model_fn(model_dir: str) -> TfidfModel:
    """Load what train.py saved; raises OSError when a file is missing."""
    folder = Path(model_dir)
    content = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
    # Without pickles, which could execute code.
    arrays = [
        np.load(folder / name, allow_pickle=False).astype(np.float64)
        for name in (IDF_FILE, COEFFICIENTS_FILE)
    ]
    return TfidfModel(content, *arrays)


class Texts(list[str]):
    """The texts of a request; `all_scores`: the answer has the score of every label."""

    all_scores = False


def input_fn(body: bytes | str, content_type: str = JSON) -> Texts:
    """Return the texts of a request; raises ValueError with what is wrong with it."""
    if content_type.split(";")[0].strip().lower() != JSON:
        raise ValueError(f"Content type {content_type!r} is not supported; send {JSON}.")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The body is not JSON: {error}.") from error
    if not isinstance(request, dict) or "inputs" not in request:
        raise ValueError('The body must be an object with "inputs": a text or a list of texts.')
    inputs = request["inputs"]
    texts = [inputs] if isinstance(inputs, str) else inputs
    if not isinstance(texts, list) or not texts:
        raise ValueError('"inputs" must be a text or a list of at least one text.')
    if len(texts) > MAX_INPUTS:
        raise ValueError(f'"inputs" has {len(texts)} texts; at most {MAX_INPUTS} are accepted.')
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f'"inputs"[{position}] is not a text.')
    read = Texts(texts)
    read.all_scores = request.get("scores") == "all"
    return read


def predict_fn(data: list[str], model: TfidfModel) -> list[dict[str, Any]]:
    """Return the best label and its probability for every text, with all scores if asked for."""
    all_scores = isinstance(data, Texts) and data.all_scores
    return [_prediction(row, model.labels, all_scores) for row in model.probabilities(data)]


def _prediction(row: NDArray[np.float64], labels: list[str], all_scores: bool) -> dict[str, Any]:
    best = {"label": labels[int(row.argmax())], "score": float(row.max())}
    if not all_scores:
        return best
    return {**best, "scores": dict(zip(labels, map(float, row), strict=True))}


def output_fn(prediction: list[dict[str, Any]], accept: str = JSON) -> str:
    """Return the response body, which is JSON whatever the client accepts."""
    return json.dumps(prediction)
