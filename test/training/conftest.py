"""Datasets and jobs for the tests: scripts run as subprocesses, exactly as SageMaker runs them."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TRAINING = Path(__file__).resolve().parents[2] / "training"
sys.path.insert(0, str(TRAINING))

# Small enough for a run of two seconds behind the imports; dropout makes a resume harder.
TINY_DISTILBERT = {
    "dim": "16",
    "n_heads": "2",
    "max_length": "16",
    "vocab_size": "1000",
    "dropout": "0.1",
    "per_device_train_batch_size": "4",
    "num_train_epochs": "6",
    "save_seconds": "0.1",
}


@dataclass
class Job:
    """One job's folders in the layout of /opt/ml."""

    root: Path
    channels: dict[str, Path] = field(default_factory=dict)
    # What a fixture's job printed while it trained.
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def model(self) -> Path:
        return self.root / "model"

    @property
    def output_data(self) -> Path:
        return self.root / "output" / "data"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def failure(self) -> str:
        return (self.root / "output" / "failure").read_text(encoding="utf-8")

    def start(
        self, script: str, hyperparameters: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        config = self.root / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "hyperparameters.json").write_text(json.dumps(hyperparameters or {}))
        environment = {
            **os.environ,
            "SM_INPUT_CONFIG_DIR": str(config),
            "SM_MODEL_DIR": str(self.model),
            "SM_OUTPUT_DIR": str(self.root / "output"),
            "SM_OUTPUT_DATA_DIR": str(self.output_data),
            "SM_CHECKPOINT_DIR": str(self.checkpoints),
            **{f"SM_CHANNEL_{name.upper()}": str(path) for name, path in self.channels.items()},
        }
        return subprocess.Popen(
            [sys.executable, str(TRAINING / script)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, script: str, hyperparameters: Mapping[str, str] | None = None
    ) -> tuple[int, list[dict[str, Any]], str]:
        """Return exit status, events and stderr of a whole run."""
        process = self.start(script, hyperparameters)
        stdout, stderr = process.communicate(timeout=120)
        return process.returncode, parse_events(stdout), stderr


def parse_events(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def read_json(path: Path) -> Any:  # noqa: ANN401
    return json.loads(path.read_text(encoding="utf-8"))


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def inference_of(recipe: str) -> ModuleType:
    """Import inference.py of a recipe under a name of its own, as they all have the same."""
    path = TRAINING / "recipes" / recipe / "inference.py"
    spec = importlib.util.spec_from_file_location(f"{recipe}_inference", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Where the files are that it is published with.
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    sys.path.remove(str(path.parent))
    return module


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def text_rows(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Return (text, label) rows that a tiny model can learn and no two of which are alike."""
    choose = random.Random(seed)
    subjects = {
        "sport": ["goal", "team", "match", "league", "striker", "coach", "stadium", "referee"],
        "food": ["soup", "bread", "cheese", "oven", "pepper", "butter", "recipe", "kitchen"],
    }
    fillers = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("an", "el", "or", "um", "ix")]
    rows = []
    for index in range(count):
        label = ("sport", "food")[index % 2]
        words = choose.choices(subjects[label], k=3) + choose.choices(fillers, k=6)
        choose.shuffle(words)
        rows.append((" ".join(words), label))
    return rows


def prepare(source: Path, output: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Run prepare_data.py in this process; return exit status and report."""
    import prepare_data

    task = () if "--task" in options else ("--task", "text-classification")
    status = prepare_data.main(
        ["--input", str(source), "--output-dir", str(output), *task, *options]
    )
    return status, read_json(output / "prepare-report.json")


@pytest.fixture(scope="session")
def prepared_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared-text")
    source = write_csv(folder / "rows.csv", ("text", "label"), text_rows(300))
    status, report = prepare(source, folder)
    assert status == 0, report["errors"]
    return folder


@pytest.fixture(scope="session")
def prepared_tabular(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared-tabular")
    choose = random.Random(0)
    rows = []
    for index in range(200):
        centre = index % 2
        rows.append(
            (
                round(choose.gauss(centre * 4, 1.5), 4),
                round(choose.gauss(0, 1), 4),
                ("low", "high")[centre],
            )
        )
    source = write_csv(folder / "rows.csv", ("size", "noise", "label"), rows)
    status, report = prepare(source, folder, "--task", "tabular-classification")
    assert status == 0, report["errors"]
    return folder


@pytest.fixture(scope="session")
def tabular_model(prepared_tabular: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    job = Job(
        tmp_path_factory.mktemp("tabular"),
        {"train": prepared_tabular, "validation": prepared_tabular},
    )
    status, job.events, stderr = job.run("recipes/tabular/train.py")
    assert status == 0, stderr
    return job


@pytest.fixture(scope="session")
def tfidf_model(prepared_text: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    job = Job(
        tmp_path_factory.mktemp("tfidf"), {"train": prepared_text, "validation": prepared_text}
    )
    status, job.events, stderr = job.run("recipes/tfidf/train.py")
    assert status == 0, stderr
    return job


@pytest.fixture(scope="session")
def text_model(prepared_text: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A tiny DistilBERT, trained without an interruption."""
    job = Job(
        tmp_path_factory.mktemp("distilbert"),
        {"train": prepared_text, "validation": prepared_text},
    )
    status, job.events, stderr = job.run("recipes/distilbert/train.py", TINY_DISTILBERT)
    assert status == 0, stderr
    return job
