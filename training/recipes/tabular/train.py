#!/usr/bin/env python3
"""Train a tabular classifier and leave a deployable model.

SageMaker runs it through run_script.py, which installs what the image lacks; by hand, set the same
SM_ variables as for the distilbert recipe (see training/README.md).

Reads the channels train (train.jsonl) and validation (validation.jsonl). Writes model.json,
code/inference.py and metrics.json, which is measured through that inference.py. It takes about a
second, so it keeps no checkpoints: interrupted, it starts over.

Exit status: 0 done, 143 interrupted, 1 failed (see output/failure).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

RECIPE_FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(RECIPE_FOLDER.parents[1]))

from job.interruption import Interruption

# Before any heavy import, in which a SIGTERM would otherwise be lost.
INTERRUPTION = Interruption().install()
STARTED = time.monotonic()

import json
from collections.abc import Sequence
from dataclasses import asdict

from settings import Settings

from job.classification import cross_entropy, score
from job.errors import JobError
from job.events import ProgressReporter, log
from job.hyperparameters import read_settings
from job.lifecycle import run_job
from job.paths import JobPaths
from job.publishing import TrainingResult, publish_inference_code, publish_metrics
from job.rows import Features, Row, read_rows


def main(paths: JobPaths) -> None:
    """Read, fit, measure, publish."""
    settings = read_settings(Settings, paths, RECIPE_FOLDER)
    train = read_rows(paths.channel("train"), "train", incomplete=True)
    validation = read_rows(paths.channel("validation"), "validation", incomplete=True)
    if len({row.label for row in train}) < 2:
        raise JobError("All training rows have the same label; at least two are needed.")
    contents = contents_of(train, set(contents_of(train[:1])[0]))
    features = sorted(contents[0])

    import inference
    import numpy as np
    from algorithms import fit

    columns = inference.Columns(features, categories_of(contents, features))
    reporter = ProgressReporter(settings.total_steps)
    training_started = time.monotonic()
    content = fit(
        settings,
        columns,
        columns.matrix(contents),
        np.array([row.label for row in train]),
        lambda step, loss: reporter.update(
            step, samples=len(train), epoch=step / settings.total_steps, loss=lambda: loss
        ),
    )
    train_seconds = time.monotonic() - training_started

    with INTERRUPTION.deferred():
        paths.model.mkdir(parents=True, exist_ok=True)
        weights = paths.model / inference.MODEL_FILE
        weights.write_text(json.dumps(content) + "\n", encoding="utf-8")
        publish_inference_code(paths, RECIPE_FOLDER)
        model = inference.model_fn(str(paths.model))
        answered = contents_of(validation, set(features))
        predictions = inference.predict_fn(answered, model)
        scores = score([row.label for row in validation], [str(p["label"]) for p in predictions])
        publish_metrics(
            paths,
            TrainingResult(
                scores=scores,
                loss=cross_entropy(
                    model.probabilities(columns.matrix(answered)).tolist(),
                    [row.label for row in validation],
                    model.labels,
                ),
                train_rows=len(train),
                validation_rows=len(validation),
                steps=settings.total_steps,
                train_seconds=train_seconds,
                total_seconds=time.monotonic() - STARTED,
                seed=settings.seed,
                weights=[weights],
                hyperparameters=asdict(settings),
                packages=("numpy", "scikit-learn"),
            ),
        )
    log(f"validation accuracy {scores.accuracy:.4f}, macro-F1 {scores.macro_f1:.4f}")


def contents_of(rows: Sequence[Row], features: set[str] | None = None) -> list[Features]:
    """Return the features of every row by name.

    Raises:
        JobError: a row has a text instead, or other features than these.
    """
    contents: list[Features] = []
    for row in rows:
        if isinstance(row.content, str):
            raise JobError("The rows have no features; this recipe trains on prepared tables.")
        if features is not None and row.content.keys() != features:
            raise JobError(f"Row {row.id} has other features than the first training row.")
        contents.append(row.content)
    return contents


def categories_of(
    contents: Sequence[Features], features: Sequence[str]
) -> dict[str, list[str | None]]:
    """Return the sorted values of each feature that holds texts, and None where one is missing.

    Raises:
        JobError: a feature has texts and numbers.
    """
    categories: dict[str, list[str | None]] = {}
    for name in features:
        values = {content[name] for content in contents}
        texts = {value for value in values if isinstance(value, str)}
        if not texts:
            continue
        if len(values - {None}) > len(texts):
            raise JobError(f'The feature "{name}" has texts and numbers.')
        categories[name] = [*sorted(texts), *([None] if None in values else [])]
    return categories


if __name__ == "__main__":
    run_job(main)
