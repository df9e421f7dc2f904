"""Train a nearest-centroid classifier; docs/how-to/add-a-recipe.md explains each part."""

import sys
import time
from pathlib import Path

RECIPE_FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(RECIPE_FOLDER.parents[1]))

from job.interruption import Interruption

# First of all: a SIGTERM ends the job, which starts over elsewhere.
INTERRUPTION = Interruption().install()
STARTED = time.monotonic()

import json
import math
from statistics import fmean, pstdev

import inference

from job.classification import score
from job.events import emit
from job.hyperparameters import read_hyperparameters
from job.lifecycle import run_job
from job.paths import JobPaths
from job.publishing import TrainingResult, publish_inference_code, publish_metrics
from job.rows import features_of, read_rows


def main(paths: JobPaths) -> None:
    """Read, fit, measure, publish."""
    hyperparameters = read_hyperparameters(paths, RECIPE_FOLDER)
    train = read_rows(paths.channel("train"), "train")
    validation = read_rows(paths.channel("validation"), "validation")
    rows = features_of(train)
    # A feature with one value has no spread, and no influence whatever its scale.
    scale = {name: pstdev(row[name] for row in rows) or 1.0 for name in sorted(rows[0])}
    centroids = {
        label: {
            name: fmean(r[name] for r, t in zip(rows, train, strict=True) if t.label == label) / s
            for name, s in scale.items()
        }
        for label in sorted({row.label for row in train})
    }
    emit("progress", step=1, total=1)
    train_seconds = time.monotonic() - STARTED

    with INTERRUPTION.deferred():
        paths.model.mkdir(parents=True, exist_ok=True)
        weights = paths.model / "model.json"
        weights.write_text(json.dumps({**hyperparameters, "scale": scale, "centroids": centroids}))
        publish_inference_code(paths, RECIPE_FOLDER)
        # Measured through the code that serves.
        model = inference.model_fn(str(paths.model))
        answers = [inference.probabilities(row, model) for row in features_of(validation)]
        truth = [row.label for row in validation]
        losses = [-math.log(a.get(t, 0) or 1e-16) for a, t in zip(answers, truth, strict=True)]
        publish_metrics(
            paths,
            TrainingResult(
                scores=score(truth, [max(a, key=a.__getitem__) for a in answers]),
                loss=fmean(losses),
                train_rows=len(train),
                validation_rows=len(validation),
                train_seconds=train_seconds,
                total_seconds=time.monotonic() - STARTED,
                weights=[weights],
                hyperparameters=hyperparameters,
            ),
        )


if __name__ == "__main__":
    run_job(main)
