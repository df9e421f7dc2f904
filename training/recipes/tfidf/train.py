#!/usr/bin/env python3
"""Train a TF-IDF text classifier and leave a deployable model.

SageMaker runs it through run_script.py, which installs what the image lacks; by hand, set the same
SM_ variables as for the distilbert recipe (see training/README.md).

Reads the channels train (train.jsonl) and validation (validation.jsonl). Writes model.json,
idf.npy, coefficients.npy, code/inference.py and metrics.json, which is measured through that
inference.py. It takes seconds, so it keeps no checkpoints: interrupted, it starts over.

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
from dataclasses import asdict

from settings import Settings

from job.classification import cross_entropy, score
from job.errors import JobError
from job.events import ProgressReporter, log
from job.hyperparameters import read_settings
from job.lifecycle import run_job
from job.paths import JobPaths
from job.publishing import TrainingResult, publish_inference_code, publish_metrics
from job.rows import read_rows, texts_of


def main(paths: JobPaths) -> None:
    """Read, fit, measure, publish."""
    settings = read_settings(Settings, paths, RECIPE_FOLDER)
    train = read_rows(paths.channel("train"), "train")
    validation = read_rows(paths.channel("validation"), "validation")
    labels = [row.label for row in train]
    if len(set(labels)) < 2:
        raise JobError("All training rows have the same label; at least two are needed.")
    texts = texts_of(train)

    import inference
    import numpy as np
    from fitting import fit

    training_started = time.monotonic()
    reporter = ProgressReporter(1)
    fitted = fit(settings, texts, labels)
    reporter.update(1, samples=len(train), epoch=1, loss=lambda: fitted.loss)
    train_seconds = time.monotonic() - training_started

    with INTERRUPTION.deferred():
        paths.model.mkdir(parents=True, exist_ok=True)
        weights = [
            paths.model / name
            for name in (inference.MODEL_FILE, inference.IDF_FILE, inference.COEFFICIENTS_FILE)
        ]
        weights[0].write_text(json.dumps(fitted.content) + "\n", encoding="utf-8")
        np.save(weights[1], fitted.idf)
        np.save(weights[2], fitted.coefficients)
        publish_inference_code(paths, RECIPE_FOLDER)
        model = inference.model_fn(str(paths.model))
        probabilities = model.probabilities(texts_of(validation))
        truth = [row.label for row in validation]
        scores = score(truth, [model.labels[int(row.argmax())] for row in probabilities])
        publish_metrics(
            paths,
            TrainingResult(
                scores=scores,
                loss=cross_entropy(probabilities.tolist(), truth, model.labels),
                train_rows=len(train),
                validation_rows=len(validation),
                train_seconds=train_seconds,
                total_seconds=time.monotonic() - STARTED,
                weights=weights,
                hyperparameters=asdict(settings),
                packages=("numpy", "scikit-learn", "scipy"),
            ),
        )
    log(f"validation accuracy {scores.accuracy:.4f}, macro-F1 {scores.macro_f1:.4f}")


if __name__ == "__main__":
    run_job(main)
