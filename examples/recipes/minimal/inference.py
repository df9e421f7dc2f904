"""Serve the nearest-centroid classifier; travels inside the model and imports nothing of ours."""

import json
import math
from pathlib import Path
from typing import Any

Features = dict[str, float]


def model_fn(model_dir: str) -> dict[str, Any]:
    """Load what train.py saved."""
    return json.loads((Path(model_dir) / "model.json").read_text(encoding="utf-8"))


def input_fn(body: bytes | str, content_type: str = "application/json") -> list[Features]:
    """Return the rows of a request; a ValueError becomes the answer 400."""
    request = json.loads(body)
    inputs = request.get("inputs") if isinstance(request, dict) else None
    rows = [inputs] if isinstance(inputs, dict) else inputs
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError('The body must be {"inputs": {feature: number}}, or a list of such rows.')
    return rows


def predict_fn(data: list[Features], model: dict[str, Any]) -> list[dict[str, str | float]]:
    """Return the best label of every row and its score."""
    scores = [probabilities(row, model) for row in data]
    best = [max(row, key=row.__getitem__) for row in scores]
    return [{"label": name, "score": row[name]} for name, row in zip(best, scores, strict=True)]


def probabilities(row: Features, model: dict[str, Any]) -> dict[str, float]:
    """Return the probability of every label: a softmax over negative distances."""
    if row.keys() != model["scale"].keys():
        raise ValueError(f"A row must have these features: {', '.join(model['scale'])}.")
    values = {name: float(value) / model["scale"][name] for name, value in row.items()}
    weights = {
        label: -model["sharpness"] * math.dist(centroid.values(), [values[n] for n in centroid])
        for label, centroid in model["centroids"].items()
    }
    top = max(weights.values())
    total = sum(math.exp(weight - top) for weight in weights.values())
    return {label: math.exp(weight - top) / total for label, weight in weights.items()}


def output_fn(prediction: list[dict[str, str | float]], accept: str = "application/json") -> str:
    """Return the response body."""
    return json.dumps(prediction)
