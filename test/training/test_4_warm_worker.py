"""Jobs in a process that imported before it knew them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from conftest import TINY_DISTILBERT, TRAINING, Job, parse_events, read_json
from job.blocked_imports import without_optional_imports

TRAIN = "recipes/distilbert/train.py"


def run_warm(job: Job, imports: str, script: str, **variables: str) -> tuple[int, str, str]:
    """Return exit status, stdout and stderr of a job in a worker that was given it at once."""
    job.root.mkdir(parents=True, exist_ok=True)
    config = job.root / "config"
    config.mkdir(exist_ok=True)
    (config / "hyperparameters.json").write_text(json.dumps(TINY_DISTILBERT))
    order = {
        "script": str(TRAINING / script),
        "args": [],
        "folder": str(job.root),
        "variables": {
            "SM_INPUT_CONFIG_DIR": str(config),
            "SM_MODEL_DIR": str(job.model),
            "SM_OUTPUT_DIR": str(job.root / "output"),
            "SM_OUTPUT_DATA_DIR": str(job.output_data),
            "SM_CHECKPOINT_DIR": str(job.checkpoints),
            **{f"SM_CHANNEL_{name.upper()}": str(path) for name, path in job.channels.items()},
            **variables,
        },
    }
    done = subprocess.run(
        [sys.executable, "-u", str(TRAINING / "warm_worker.py"), str(TRAINING / imports)],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_training_in_a_warm_worker_ends_with_identical_weights(
    prepared_text: Path, text_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"train": prepared_text, "validation": prepared_text})

    status, stdout, stderr = run_warm(job, "recipes/distilbert/train_imports.py", TRAIN)

    assert status == 0, stderr
    assert parse_events(stdout)[0] == {"event": "begun"}
    weights = [(each.model / "model.safetensors").read_bytes() for each in (job, text_model)]
    assert weights[0] == weights[1]
    tokenizers = [(each.model / "tokenizer.json").read_bytes() for each in (job, text_model)]
    assert tokenizers[0] == tokenizers[1]


def test_evaluation_in_a_warm_worker_answers_the_same(
    prepared_text: Path, text_model: Job, tmp_path: Path
) -> None:
    channels = {"test": prepared_text, "candidate": text_model.model}
    cold, warm = Job(tmp_path / "cold", channels), Job(tmp_path / "warm", channels)
    status, _, stderr = cold.run("evaluate_model.py")
    assert status == 0, stderr

    status, _, stderr = run_warm(
        warm, "recipes/distilbert/inference_imports.py", "evaluate_model.py"
    )

    assert status == 0, stderr
    for name in ("predictions.csv", "smoke.json"):
        assert (warm.output_data / name).read_bytes() == (cold.output_data / name).read_bytes()


def test_tabular_training_in_a_warm_worker_ends_with_identical_weights(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"train": prepared_tabular, "validation": prepared_tabular})
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "hyperparameters.json").write_text("{}")

    status, _, stderr = run_warm(
        job,
        "recipes/tabular/train_imports.py",
        "recipes/tabular/train.py",
        SM_INPUT_CONFIG_DIR=str(tmp_path / "settings"),
    )

    assert status == 0, stderr
    digests = [
        read_json(each.model / "metrics.json")["weightsSha256"] for each in (job, tabular_model)
    ]
    assert digests[0] == digests[1]


def test_imports_of_training_leave_only_little_to_import(tmp_path: Path) -> None:
    """What a job of the recipe still imports itself is our own code and what is quick."""
    imports = TRAINING / "recipes/distilbert/train_imports.py"
    script = tmp_path / "job.py"
    script.write_text("import sys, time; print(*sorted(sys.modules))")
    order = {"script": str(script), "args": [], "folder": str(tmp_path), "variables": {}}

    done = subprocess.run(
        [sys.executable, "-u", str(TRAINING / "warm_worker.py"), str(imports)],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    modules = done.stdout.splitlines()[-1].split()
    assert {"torch", "transformers.trainer", "accelerate", "tokenizers"} <= set(modules)
    assert {"onnx", "onnxruntime"} <= set(modules)
    assert not [name for name in modules if name.split(".")[0] in ("job", "sklearn", "pandas")]


def test_worker_that_gets_no_job_removes_its_temporary_folder(tmp_path: Path) -> None:
    imports = tmp_path / "train_imports.py"
    imports.write_text("")
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    done = subprocess.run(
        [sys.executable, str(TRAINING / "warm_worker.py"), str(imports)],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
        timeout=60,
        check=False,
    )

    assert done.returncode == 0
    assert not temporary.exists()


def test_model_from_elsewhere_starts_over_when_packages_were_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class StartedOver(Exception):  # noqa: N818 - it stands for an end, not for an error
        pass

    def start_over(program: str, arguments: list[str]) -> None:
        raise StartedOver(program, *arguments)

    monkeypatch.setitem(sys.modules, "transformers", ModuleType("transformers"))
    monkeypatch.setattr(sys, "argv", ["train.py"])
    monkeypatch.setattr(os, "execv", start_over)

    with pytest.raises(StartedOver) as started, without_optional_imports(enabled=False):
        pass

    assert started.value.args == (sys.executable, sys.executable, "-u", "train.py")
