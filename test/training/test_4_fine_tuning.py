"""What a pretrained model of any kind, and a machine of any kind, must not change for the worse."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from conftest import TRAINING, Job, read_json

sys.path.append(str(TRAINING / "recipes" / "distilbert"))
devices = import_module("devices")

TRAIN = "recipes/distilbert/train.py"
SHORT = {"num_train_epochs": "1", "max_length": "16"}


@pytest.fixture
def job(prepared_text: Path, text_model: Job, tmp_path: Path) -> Job:
    """Return a job whose base model is a copy that a test may spoil."""
    base = tmp_path / "base"
    shutil.copytree(text_model.model, base)
    channels = {"train": prepared_text, "validation": prepared_text, "base_model": base}
    return Job(tmp_path, channels)


def change_weights(job: Job, change: str) -> None:
    file = job.channels["base_model"] / "model.safetensors"
    weights = load_file(file)
    if change == "half":
        weights = {name: tensor.half() for name, tensor in weights.items()}
    else:
        weights["classifier.weight"][0, 0] = float("nan")
    save_file(weights, file, metadata={"format": "pt"})


def test_base_model_of_16_bits_is_trained_in_32(job: Job) -> None:
    change_weights(job, "half")
    config = job.channels["base_model"] / "config.json"
    config.write_text(config.read_text().replace('"float32"', '"float16"'))

    status, _, stderr = job.run(TRAIN, SHORT)

    assert status == 0, stderr
    assert '"float16"' in config.read_text()
    assert {tensor.dtype for tensor in load_file(job.model / "model.safetensors").values()} == {
        torch.float32
    }
    assert read_json(job.model / "config.json")["dtype"] == "float32"


def test_loss_that_is_not_a_number_ends_the_job_without_a_model(job: Job) -> None:
    change_weights(job, "nan")

    status, events, _ = job.run(TRAIN, SHORT)

    assert status == 1
    assert job.failure == (
        "The loss of step 1 is not a finite number, so training has diverged and no model is"
        " published. Lower learning_rate."
    )
    assert (events, job.model.exists(), job.output_data.exists()) == ([], False, False)
    assert not list(job.checkpoints.glob("checkpoint-*"))


def test_learning_rate_depends_on_whether_there_is_a_base_model(job: Job, text_model: Job) -> None:
    status, _, stderr = job.run(TRAIN, SHORT)

    assert status == 0, stderr
    rates = [
        read_json(each.model / "metrics.json")["hyperparameters"] for each in (job, text_model)
    ]
    assert [rate["learning_rate"] for rate in rates] == [5e-5, 2e-3]


@pytest.mark.parametrize(("revision", "is_there"), [("v1", True), ("v2", False)])
def test_model_of_the_hub_is_taken_in_the_named_revision(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str, is_there: bool
) -> None:
    # The layout of the cache of huggingface_hub, whose newest revision is not there.
    commit = "c" * 40
    model = tmp_path / "hub" / "models--team--tiny"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "v1").write_text(commit)
    shutil.copytree(job.channels.pop("base_model"), model / "snapshots" / commit)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    status, _, stderr = job.run(
        TRAIN, {**SHORT, "base_model": "team/tiny", "base_model_revision": revision}
    )

    assert (status == 0) is is_there, stderr
    if not is_there:
        assert 'base_model "team/tiny"' in job.failure


@pytest.mark.parametrize(
    ("visible", "left"), [(None, "0"), ("2,3", "2"), ("GPU-1a,GPU-2b", "GPU-1a"), ("", "")]
)
def test_one_process_uses_one_gpu(visible: str | None, left: str) -> None:
    environment = {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}

    devices.use_one_gpu(environment)

    assert environment == {"CUDA_VISIBLE_DEVICES": left}


@pytest.mark.parametrize(
    ("capability", "precision"),
    [(None, "no"), ((7, 5), "fp16"), ((8, 0), "bf16"), ((12, 0), "bf16")],
)
def test_precision_is_mixed_on_a_gpu_only(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int] | None, precision: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: capability is not None)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)

    assert devices.mixed_precision() == precision
