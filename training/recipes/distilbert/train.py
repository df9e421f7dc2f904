#!/usr/bin/env python3
r"""Train a text classifier and leave a deployable model.

SageMaker runs it through run_script.py, which installs what the image lacks. By hand, with folders
of your own in place of /opt/ml:

    mkdir -p job/config && echo '{"num_train_epochs": "2"}' > job/config/hyperparameters.json
    SM_CHANNEL_TRAIN=prepared SM_CHANNEL_VALIDATION=prepared SM_INPUT_CONFIG_DIR=job/config \
    SM_MODEL_DIR=job/model SM_OUTPUT_DIR=job/output SM_OUTPUT_DATA_DIR=job/output/data \
    SM_CHECKPOINT_DIR=job/checkpoints python training/recipes/distilbert/train.py

Reads the channels train (train.jsonl), validation (validation.jsonl) and, optionally, base_model.
Writes the model (model.safetensors, model.onnx, config.json, tokenizer.json, code/inference.py) and
metrics.json. Run again after an interruption, it resumes from the newest checkpoint.

Exit status: 0 done, 143 interrupted after saving a checkpoint, 1 failed (see output/failure).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

RECIPE_FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(RECIPE_FOLDER.parents[1]))

from job.interruption import Interruption

# Before any heavy import: those take seconds in which a SIGTERM would otherwise be lost.
INTERRUPTION = Interruption().install()
STARTED = time.monotonic()

from dataclasses import asdict

from devices import use_one_gpu
from settings import Settings, find_base_model

from job.blocked_imports import without_optional_imports
from job.checkpoints import CheckpointStore, step_of
from job.errors import InterruptedJob, JobError
from job.events import emit, log
from job.hyperparameters import read_settings
from job.lifecycle import run_job
from job.paths import JobPaths
from job.publishing import TrainingResult, publish_inference_code, publish_metrics
from job.rows import read_rows
from job.run_identity import claim_checkpoints


def main(paths: JobPaths) -> None:
    """Read, tokenize, train or resume training, measure, publish."""
    use_one_gpu(os.environ)
    settings = read_settings(Settings, paths, RECIPE_FOLDER)
    base_model = find_base_model(paths, settings)
    train = read_rows(paths.channel("train"), "train")
    validation = read_rows(paths.channel("validation"), "validation")
    labels = sorted({row.label for row in train})
    if len(labels) < 2:
        raise JobError(f'All training rows have the label "{labels[0]}"; at least two are needed.')
    identity = claim_checkpoints(
        paths.checkpoints, asdict(settings), [paths.channel("train") / "train.jsonl"]
    )
    store = CheckpointStore(paths.checkpoints)
    checkpoint = store.open()

    with without_optional_imports(enabled=base_model is None):
        from training_run import prepare_run

        run = prepare_run(settings, base_model, train, validation, labels, store, INTERRUPTION)
    if checkpoint is not None:
        identity = identity.resumed_from(step_of(checkpoint))
        emit("resumed", step=step_of(checkpoint))
    log(f"{len(train):,} training rows with {len(labels)} labels")
    training_started = time.monotonic()
    with INTERRUPTION.deferred():
        run.trainer.run(checkpoint)
    state = run.trainer.state
    if INTERRUPTION.requested:
        emit("interrupted", step=state.global_step)
        raise InterruptedJob
    train_seconds = time.monotonic() - training_started

    best_step = run.trainer.load_best()
    scores, loss = run.evaluate(best_step)
    # Finishing from here takes less time than SageMaker grants after a SIGTERM.
    with INTERRUPTION.deferred():
        weights = run.save(paths.model)
        publish_inference_code(paths, RECIPE_FOLDER, helpers=["ngrams.py"])
        publish_metrics(
            paths,
            TrainingResult(
                scores=scores,
                loss=loss,
                train_rows=len(train),
                validation_rows=len(validation),
                steps=state.global_step,
                epochs=float(state.epoch or 0),
                text_read=run.text_read.to_json(),
                best_epoch=float(state.epoch or 0) * best_step / state.global_step,
                train_seconds=train_seconds,
                total_seconds=time.monotonic() - STARTED,
                resumed_from_steps=identity.resumed_from_steps,
                seed=settings.seed,
                weights=weights,
                # The folder of a channel differs from machine to machine; the setting is its name.
                base_model=settings.base_model or (base_model.source if base_model else None),
                hyperparameters=asdict(settings),
                packages=("torch", "transformers", "tokenizers", "accelerate", "safetensors"),
            ),
        )
    log(f"validation accuracy {scores.accuracy:.4f}, macro-F1 {scores.macro_f1:.4f}")


if __name__ == "__main__":
    run_job(main)
