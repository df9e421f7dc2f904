"""Serve the tabular classifier: SageMaker's model_fn, input_fn, predict_fn and output_fn.

Copied into model.tar.gz as code/inference.py; imports nothing of this repository, and no
scikit-learn: numpy starts in a tenth of a second.

    request   {"inputs": {"radius": 17.99, ...}}  or  {"inputs": [{...}, ...]}
              null is a feature that is missing; of a category, any text is answered
    response  [{"label": "malignant", "score": 0.98}, ...]   each input's best label

A request with "scores": "all" also gets "scores": {"malignant": 0.98, ...} for each input.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

JSON = "application/json"
MODEL_FILE = "model.json"
MAX_INPUTS = 10_000
# Rows times trees that are walked at once: a few temporary arrays of 2 MB.
MAX_WALKS = 250_000

Matrix = NDArray[np.float64]


class Rows(list[dict[str, Any]]):
    """The rows of a request; `all_scores`: the answer has the score of every label."""

    all_scores = False


class TabularModel:
    """What model.json holds: feature and label names, and one algorithm, ready to calculate."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.columns = Columns(content["features"], content.get("categories", {}))
        self.labels: list[str] = content["labels"]
        self.takes_missing: bool = content.get("missing", False)
        self._algorithm: Linear | Forest | Boosting
        if "linear" in content:
            self._algorithm = Linear(content["linear"])
        elif "boosting" in content:
            self._algorithm = Boosting(content["boosting"])
        else:
            self._algorithm = Forest(content["trees"])

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return the class probabilities, shape (rows, labels), of a matrix of `columns`."""
        return self._algorithm.probabilities(rows)


class Columns:
    """The features of rows as numbers: a category is 1 in the column of its value, 0 in the others.

    A value that was not trained on is 0 in all; so is a missing one, unless some were missing in
    training, which makes it a value like the others.
    """

    def __init__(self, names: list[str], categories: dict[str, list[str | None]]) -> None:
        self.names = names
        self.categories = categories
        self._places = {
            name: {value: place for place, value in enumerate(values)}
            for name, values in categories.items()
        }
        widths = [len(categories.get(name, [name])) for name in names]
        self.is_category = np.repeat([name in categories for name in names], widths)

    def matrix(self, rows: Sequence[Mapping[str, Any]]) -> Matrix:
        """Return the numbers, shape (rows, columns); NaN for a number that is missing."""
        matrix = np.zeros((len(rows), len(self.is_category)))
        column = 0
        for name in self.names:
            values = [row[name] for row in rows]
            places = self._places.get(name)
            if places is None:
                matrix[:, column] = [math.nan if value is None else value for value in values]
                column += 1
                continue
            for row, value in enumerate(values):
                if value in places:
                    matrix[row, column + places[value]] = 1
            column += len(places)
        return matrix


class Linear:
    """Multinomial logistic regression on standardised features."""

    def __init__(self, numbers: dict[str, Any]) -> None:
        self._mean, self._scale = np.array(numbers["mean"]), np.array(numbers["scale"])
        self._coefficients = np.array(numbers["coefficients"]).T
        self._intercepts = np.array(numbers["intercepts"])

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return the softmax of the logits."""
        scaled = (rows - self._mean) / self._scale
        # A missing value counts as the mean of the training rows.
        known = np.where(np.isnan(rows), 0, scaled)
        return softmax(known @ self._coefficients + self._intercepts)


def softmax(logits: Matrix) -> Matrix:
    """Return the probabilities of logits, row by row."""
    # Shifting by the maximum leaves the softmax as it is and keeps exp from overflowing.
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


class Trees:
    """Decision trees whose nodes lie one after another, so that all trees are walked at once."""

    def __init__(self, trees: list[dict[str, Any]]) -> None:
        sizes = [len(tree["feature"]) for tree in trees]
        self._roots = np.cumsum([0, *sizes[:-1]])
        offsets = np.repeat(self._roots, sizes)
        own = np.arange(sum(sizes))
        left, right = joined(trees, "left"), joined(trees, "right")
        is_leaf = left < 0
        # A leaf is its own child: rows that have arrived stay while others go on.
        self._left = np.where(is_leaf, own, left + offsets)
        self._right = np.where(is_leaf, own, right + offsets)
        self._feature = np.where(is_leaf, 0, joined(trees, "feature"))
        self._threshold = joined(trees, "threshold")
        # Trees of earlier models know no missing values.
        has_missing = all("missingLeft" in tree for tree in trees)
        self._missing_left = joined(trees, "missingLeft") if has_missing else is_leaf
        self._is_leaf = is_leaf

    def leaves(self, rows: NDArray[Any]) -> Iterator[NDArray[np.int64]]:
        """Yield the leaves, shape (trees, rows), of one portion of the rows after another."""
        # To bound the memory.
        portion = max(1, MAX_WALKS // len(self._roots))
        for start in range(0, len(rows), portion):
            yield self._walk(rows[start : start + portion])

    def _walk(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        positions = np.arange(len(rows))
        nodes = np.repeat(self._roots[:, np.newaxis], len(rows), axis=1)
        while not self._is_leaf[nodes].all():
            values = rows[positions, self._feature[nodes]]
            goes_left = values <= self._threshold[nodes]
            goes_left |= np.isnan(values) & self._missing_left[nodes]
            nodes = np.where(goes_left, self._left[nodes], self._right[nodes])
        return nodes


def joined(trees: list[dict[str, Any]], name: str) -> NDArray[Any]:
    """Return one property of the nodes of all trees."""
    return np.concatenate([np.array(tree[name]) for tree in trees])


class Forest:
    """The mean over decision trees."""

    def __init__(self, trees: list[dict[str, Any]]) -> None:
        self._trees = Trees(trees)
        self._probabilities = joined(trees, "probabilities")

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return the mean of the leaves."""
        # scikit-learn compares features in single precision; so must we, to end in the same leaf.
        portions = self._trees.leaves(rows.astype(np.float32))
        return np.concatenate([self._probabilities[leaves].mean(axis=0) for leaves in portions])


class Boosting:
    """The sum over decision trees, one for each logit in turn."""

    def __init__(self, numbers: dict[str, Any]) -> None:
        self._trees = Trees(numbers["trees"])
        self._values = joined(numbers["trees"], "value")
        self._start = np.array(numbers["start"])

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return the softmax of the logits; of two classes there is only the second's."""
        logits = np.concatenate([self._logits(leaves) for leaves in self._trees.leaves(rows)])
        if logits.shape[1] == 1:
            logits = np.hstack([np.zeros_like(logits), logits])
        return softmax(logits)

    def _logits(self, leaves: NDArray[np.int64]) -> Matrix:
        of_logits = self._values[leaves].reshape(-1, len(self._start), leaves.shape[1])
        return self._start + of_logits.sum(axis=0).T


def model_fn(model_dir: str) -> TabularModel:
    """Load what train.py saved; raises OSError when model.json is missing."""
    return TabularModel(json.loads((Path(model_dir) / MODEL_FILE).read_text(encoding="utf-8")))


def input_fn(body: bytes | str, content_type: str = JSON) -> Rows:
    """Return the feature objects of a request; raises ValueError with what is wrong with it."""
    if content_type.split(";")[0].strip().lower() != JSON:
        raise ValueError(f"Content type {content_type!r} is not supported; send {JSON}.")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The body is not JSON: {error}.") from error
    if not isinstance(request, dict) or "inputs" not in request:
        raise ValueError('The body must be an object with "inputs": one object or a list of them.')
    inputs = request["inputs"]
    rows = [inputs] if isinstance(inputs, dict) else inputs
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError('"inputs" must be an object of features or a list of at least one.')
    if len(rows) > MAX_INPUTS:
        raise ValueError(f'"inputs" has {len(rows)} rows; at most {MAX_INPUTS} are accepted.')
    read = Rows(rows)
    read.all_scores = request.get("scores") == "all"
    return read


def predict_fn(data: list[dict[str, Any]], model: TabularModel) -> list[dict[str, Any]]:
    """Return the best label of every row and its probability; ValueError on bad features."""
    all_scores = isinstance(data, Rows) and data.all_scores
    for position, row in enumerate(data):
        _check_features(row, position, model)
    matrix = model.columns.matrix(data)
    # An overflow is found below; numpy would only print a warning.
    with np.errstate(over="ignore", invalid="ignore"):
        probabilities = model.probabilities(matrix)
    for position, row in enumerate(probabilities):
        if not np.isfinite(row).all():
            raise ValueError(f'"inputs"[{position}] has numbers too large to calculate with.')
    return [_prediction(row, model.labels, all_scores) for row in probabilities]


def _prediction(row: NDArray[np.float64], labels: list[str], all_scores: bool) -> dict[str, Any]:
    best = {"label": labels[int(row.argmax())], "score": float(row.max())}
    if not all_scores:
        return best
    return {**best, "scores": dict(zip(labels, map(float, row), strict=True))}


def _check_features(row: dict[str, Any], position: int, model: TabularModel) -> None:
    names, categories = model.columns.names, model.columns.categories
    missing = [name for name in names if name not in row]
    unknown = [name for name in row if name not in names]
    for problem, wrong in (("lacks", missing), ("has unknown", unknown)):
        if wrong:
            more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
            shown = ", ".join(name[:60] for name in wrong[:5])
            raise ValueError(f'"inputs"[{position}] {problem} features: {shown}{more}.')
    for name in names:
        value = row[name]
        if value is None and model.takes_missing:
            continue
        if name in categories:
            if not isinstance(value, str):
                raise ValueError(f'"inputs"[{position}]: feature "{name}" is not a text.')
        elif isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise ValueError(f'"inputs"[{position}]: feature "{name}" is not a finite number.')


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def output_fn(prediction: list[dict[str, Any]], accept: str = JSON) -> str:
    """Return the response body, which is JSON whatever the client accepts."""
    return json.dumps(prediction)
