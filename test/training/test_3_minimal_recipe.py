"""examples/recipes/minimal, copied into training/recipes as docs/how-to/add-a-recipe.md says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TRAINING, Job, read_json
from test_3_schemas import validate
from test_3_serve import Server

EXAMPLE = TRAINING.parent / "examples" / "recipes" / "minimal"


@pytest.fixture(scope="module")
def model(prepared_tabular: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Train the recipe in a copy of training/, of which it needs job/ and serving/."""
    root = tmp_path_factory.mktemp("minimal")
    training = root / "training"
    training.mkdir()
    for folder in ("job", "serving"):
        (training / folder).symlink_to(TRAINING / folder)
    recipe = training / "recipes" / EXAMPLE.name
    shutil.copytree(EXAMPLE, recipe, ignore=shutil.ignore_patterns("__pycache__"))
    job = Job(root, {"train": prepared_tabular, "validation": prepared_tabular})
    status, job.events, stderr = job.run(str(recipe / "train.py"), {"sharpness": "2"})
    assert status == 0, stderr
    return job


@pytest.fixture
def server(model: Job) -> Iterator[Server]:
    server = Server(model.model)
    yield server
    server.close()


def test_recipe_follows_the_schema_and_stays_small() -> None:
    recipe = read_json(EXAMPLE / "recipe.json")
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLE.iterdir() if path.is_file()]
    lines = [line for text in texts for line in text.splitlines() if line.strip()]

    validate("recipe", recipe)
    assert recipe["name"] == EXAMPLE.name
    assert len(lines) < 120


def test_it_trains_a_model_that_has_learned(model: Job) -> None:
    metrics = read_json(model.output_data / "metrics.json")

    validate("metrics", metrics)
    validate("job-events", model.events)
    assert metrics["metrics"]["accuracy"] > 0.8
    assert metrics["hyperparameters"] == {"sharpness": 2}


def test_its_model_is_evaluated(model: Job, prepared_tabular: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, {"test": prepared_tabular, "candidate": model.model})

    status, _, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    evaluation = read_json(job.output_data / "evaluation.json")
    assert evaluation["candidate"]["metrics"]["accuracy"] > 0.8


def test_its_model_is_served(server: Server) -> None:
    body = json.dumps({"inputs": [{"size": 4, "noise": 0}, {"size": 0, "noise": 0}]})

    status, answers = server.request("POST", "/invocations", body)

    assert status == 200
    assert isinstance(answers, list)
    assert [answer["label"] for answer in answers] == ["high", "low"]


@pytest.mark.parametrize("body", ["{", "[]", '{"inputs": []}', '{"inputs": {"size": 1}}'])
def test_its_model_refuses_a_bad_request(server: Server, body: str) -> None:
    status, _ = server.request("POST", "/invocations", body)

    assert status == 400
