"""Early stopping and the best epoch of the text recipe, also when the job is interrupted."""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path

import pytest
from safetensors.torch import load_file

from conftest import TINY_DISTILBERT, Job, prepare, read_json, text_rows, write_csv
from test_3_schemas import validate
from test_4_distilbert import TRAIN, read_until, weights

EPOCHS = 12
# Large steps on labels of which a fifth is wrong: the validation loss rises after a few epochs.
OVERFITTING = {
    **TINY_DISTILBERT,
    "per_device_train_batch_size": "16",
    "learning_rate": "0.01",
    "num_train_epochs": str(EPOCHS),
}


@pytest.fixture(scope="module")
def noisy_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("noisy-rows")
    choose = random.Random(0)
    rows = [
        (text, choose.choice(["sport", "food"]) if choose.random() < 0.4 else label)
        for text, label in text_rows(900)
    ]
    status, report = prepare(write_csv(folder / "rows.csv", ("text", "label"), rows), folder)
    assert status == 0, report["errors"]
    assert report["split"]["validation"] >= 50
    return folder


@pytest.fixture(scope="module")
def stopped_early(noisy_rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    job = Job(tmp_path_factory.mktemp("stopped"), {"train": noisy_rows, "validation": noisy_rows})
    status, job.events, stderr = job.run(TRAIN, OVERFITTING)
    assert status == 0, stderr
    return job


def test_training_ends_two_epochs_after_the_best_and_publishes_that(stopped_early: Job) -> None:
    metrics = read_json(stopped_early.model / "metrics.json")
    per_epoch = metrics["steps"] / metrics["epochs"]
    best_step = round(metrics["bestEpoch"] * per_epoch)

    validate("metrics", metrics)
    assert metrics["epochs"] < EPOCHS
    assert metrics["bestEpoch"] == metrics["epochs"] - 2
    best = load_file(stopped_early.checkpoints / f"checkpoint-{best_step}" / "model.safetensors")
    published = load_file(stopped_early.model / "model.safetensors")
    assert all(published[name].equal(best[name]) for name in best)
    state = read_json(
        stopped_early.checkpoints / f"checkpoint-{metrics['steps']}" / "trainer_state.json"
    )
    assert metrics["metrics"]["loss"] == pytest.approx(state["best_metric"])


def test_interruptions_change_neither_the_end_nor_the_weights(
    noisy_rows: Path, stopped_early: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"train": noisy_rows, "validation": noisy_rows})
    for checkpoints, stop in ((2, signal.SIGTERM), (3, signal.SIGKILL), (2, signal.SIGTERM)):
        process = job.start(TRAIN, OVERFITTING)
        for _ in range(checkpoints):
            read_until(process, "checkpoint")
        process.send_signal(stop)
        process.communicate(timeout=60)

    status, events, stderr = job.run(TRAIN, OVERFITTING)

    assert status == 0, stderr
    assert events[0]["event"] == "resumed"
    assert weights(job) == weights(stopped_early)
    for field in ("steps", "epochs", "bestEpoch", "metrics"):
        assert [read_json(each.model / "metrics.json")[field] for each in (job, stopped_early)] == [
            read_json(job.model / "metrics.json")[field]
        ] * 2


def test_training_that_was_stopped_early_is_not_taken_up_again(
    stopped_early: Job, tmp_path: Path
) -> None:
    again = Job(tmp_path, stopped_early.channels)
    shutil.copytree(stopped_early.checkpoints, again.checkpoints)

    status, events, stderr = again.run(TRAIN, OVERFITTING)

    assert status == 0, stderr
    assert [event["event"] for event in events] == ["resumed"]
    assert weights(again) == weights(stopped_early)


def test_last_epoch_can_be_kept(noisy_rows: Path, stopped_early: Job, tmp_path: Path) -> None:
    job = Job(tmp_path, {"train": noisy_rows, "validation": noisy_rows})

    status, _, stderr = job.run(TRAIN, {**OVERFITTING, "load_best_model_at_end": "false"})

    metrics = read_json(job.model / "metrics.json")
    assert status == 0, stderr
    assert metrics["bestEpoch"] == metrics["epochs"]
    assert metrics["epochs"] == read_json(stopped_early.model / "metrics.json")["epochs"]
    assert weights(job) != weights(stopped_early)


def test_few_validation_rows_choose_nothing(prepared_text: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, {"train": prepared_text, "validation": prepared_text})

    status, _, stderr = job.run(TRAIN, {**TINY_DISTILBERT, "num_train_epochs": "2"})

    assert status == 0
    assert "validation rows are too few to choose an epoch by (50 are needed)" in stderr
    assert read_json(job.model / "metrics.json")["bestEpoch"] == 2
