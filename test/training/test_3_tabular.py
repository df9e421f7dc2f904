"""The tabular recipe and the evaluation of its models; each job takes a second."""

from __future__ import annotations

import csv
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from threadpoolctl import threadpool_limits

from conftest import Job, inference_of, prepare, read_json, read_json_lines, write_csv
from serving.served_model import load_model
from serving.toolkit_entry import RequestError
from test_3_schemas import validate

TRAIN = "recipes/tabular/train.py"


def test_job_leaves_a_model_and_its_metrics_in_both_places(tabular_model: Job) -> None:
    folder = tabular_model.model
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}

    code = {"inference.py", "recipe_inference.py", "input_counts.py", "input_bins.json"}
    assert files == {"model.json", "metrics.json", *(f"code/{name}" for name in code)}
    metrics = read_json(folder / "metrics.json")
    assert metrics == read_json(tabular_model.output_data / "metrics.json")
    assert metrics["metrics"]["accuracy"] > 0.8


def test_forest_reports_progress_and_learns(prepared_tabular: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, {"train": prepared_tabular, "validation": prepared_tabular})

    status, events, stderr = job.run(TRAIN, {"algorithm": "random_forest", "n_estimators": "20"})

    assert status == 0, stderr
    assert events[-1]["step"] == events[-1]["total"] == 10
    assert read_json(job.model / "metrics.json")["metrics"]["accuracy"] > 0.8
    assert len(read_json(job.model / "model.json")["trees"]) == 20


@pytest.fixture(scope="module")
def forest(prepared_tabular: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return model.json of a random forest."""
    job = Job(
        tmp_path_factory.mktemp("forest"),
        {"train": prepared_tabular, "validation": prepared_tabular},
    )
    status, _, stderr = job.run(TRAIN, {"algorithm": "random_forest", "n_estimators": "30"})
    assert status == 0, stderr
    content: dict[str, Any] = read_json(job.model / "model.json")
    return content


def walk(tree: dict[str, Any], row: list[float]) -> list[float]:
    """Return the class probabilities of the leaf that a row ends in, one node after another."""
    node = 0
    while tree["left"][node] >= 0:
        is_left = np.float32(row[tree["feature"][node]]) <= tree["threshold"][node]
        node = tree["left" if is_left else "right"][node]
    probabilities: list[float] = tree["probabilities"][node]
    return probabilities


@pytest.mark.parametrize("max_walks", [1, 100, 250_000])
def test_forest_answers_the_mean_of_its_trees(
    forest: dict[str, Any], monkeypatch: pytest.MonkeyPatch, max_walks: int
) -> None:
    inference = inference_of("tabular")
    monkeypatch.setattr(inference, "MAX_WALKS", max_walks)
    rows = [[noise / 2, size / 3] for size in range(-6, 20) for noise in range(-4, 5)]

    answered = inference.TabularModel(forest).probabilities(np.array(rows))

    expected = [np.mean([walk(tree, row) for tree in forest["trees"]], axis=0) for row in rows]
    assert answered == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize("labels", [("low", "high"), ("a", "b", "c")])
def test_boosting_answers_what_scikit_learn_answers(
    labels: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = np.random.default_rng(1).normal(size=(240, 3))
    truth = [labels[int(row.sum() * 2) % len(labels)] for row in draws]
    rows = [
        {"id": str(index), "features": dict(zip("xyz", row.tolist(), strict=True)), "label": label}
        for index, (row, label) in enumerate(zip(draws, truth, strict=True))
    ]
    for name in ("train", "validation"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    job = Job(tmp_path / "job", {"train": tmp_path, "validation": tmp_path})
    asked = {"algorithm": "gradient_boosting", "n_estimators": "30", "max_leaf_nodes": "7"}
    status, events, stderr = job.run(TRAIN, asked)
    assert status == 0, stderr
    reference = HistGradientBoostingClassifier(
        max_iter=30,
        max_leaf_nodes=7,
        max_depth=12,
        early_stopping=False,  # pyright: ignore[reportArgumentType]
        random_state=1,
    )
    with threadpool_limits(1):
        expected = reference.fit(draws, truth).predict_proba(draws)

    inference = inference_of("tabular")
    monkeypatch.setattr(inference, "MAX_WALKS", 1_000)
    answered = inference.model_fn(str(job.model)).probabilities(draws)

    assert answered == pytest.approx(expected, abs=1e-9)
    assert events[-1]["step"] == events[-1]["total"] == 10


def rows_with_holes(folder: Path, count: int = 300) -> Path:
    """Return a dataset of which the label follows from two features, each missing in some rows."""
    draws = np.random.default_rng(3).normal(size=(count, 3))
    holes = np.random.default_rng(4).random(size=draws.shape) < 0.1
    rows = [
        (
            *("" if hole else f"{value:.5f}" for value, hole in zip(row, gone, strict=True)),
            "high" if row[0] + row[1] > 0 else "low",
        )
        for row, gone in zip(draws, holes, strict=True)
    ]
    return write_csv(folder / "holes.csv", ("x", "y", "z", "label"), rows)


@pytest.fixture(scope="module")
def holes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("holes")
    status, report = prepare(rows_with_holes(folder), folder, "--task", "tabular-classification")
    assert status == 0, report["errors"]
    assert report["rows"]["kept"] == 300
    assert [each["code"] for each in report["warnings"]] == ["missing_values"]
    return folder


@pytest.mark.parametrize("algorithm", ["logistic_regression", "gradient_boosting", "random_forest"])
def test_rows_with_empty_cells_are_trained_on_and_answered(
    holes: Path, tmp_path: Path, algorithm: str
) -> None:
    job = Job(tmp_path, {"train": holes, "validation": holes})
    status, _, stderr = job.run(TRAIN, {"algorithm": algorithm, "n_estimators": "30"})
    assert status == 0, stderr
    metrics = read_json(job.model / "metrics.json")

    assert metrics["rows"]["train"] == len(read_json_lines(holes / "train.jsonl"))
    evaluation = evaluate(tmp_path / "evaluated", holes, job.model)
    found = read_json(evaluation.output_data / "evaluation.json")
    assert found["rows"] == len(read_json_lines(holes / "test.jsonl"))
    assert found["candidate"]["metrics"]["accuracy"] > 0.75


@pytest.mark.parametrize("algorithm", ["gradient_boosting", "random_forest"])
def test_trees_send_a_missing_value_where_scikit_learn_does(tmp_path: Path, algorithm: str) -> None:
    draws = np.random.default_rng(5).normal(size=(200, 2))
    draws[::3, 0] = np.nan
    truth = np.where(np.isnan(draws[:, 0]) ^ (draws[:, 1] > 0), "yes", "no")
    rows = [
        {
            "id": str(index),
            "features": {"x": None if np.isnan(x) else x, "y": y},
            "label": str(label),
        }
        for index, ((x, y), label) in enumerate(zip(draws.tolist(), truth, strict=True))
    ]
    for name in ("train", "validation"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    job = Job(tmp_path / "job", {"train": tmp_path, "validation": tmp_path})
    status, _, stderr = job.run(TRAIN, {"algorithm": algorithm, "n_estimators": "20"})
    assert status == 0, stderr
    reference: Any
    if algorithm == "random_forest":
        reference = RandomForestClassifier(20, max_depth=12, random_state=1)
    else:
        reference = HistGradientBoostingClassifier(
            max_iter=20,
            max_depth=12,
            early_stopping=False,  # pyright: ignore[reportArgumentType]
            random_state=1,
        )
    with threadpool_limits(1):
        reference.fit(draws, truth)

    asked = np.vstack([draws, [[np.nan, np.nan], [0.3, np.nan]]])
    answered = inference_of("tabular").model_fn(str(job.model)).probabilities(asked)

    assert (
        answered.argmax(axis=1).tolist() == reference.predict_proba(asked).argmax(axis=1).tolist()
    )


def test_model_from_before_missing_values_refuses_them_and_the_others_are_compared(
    holes: Path, tmp_path: Path
) -> None:
    job = Job(tmp_path / "now", {"train": holes, "validation": holes})
    assert job.run(TRAIN)[0] == 0
    before = tmp_path / "before"
    shutil.copytree(job.model, before)
    content = read_json(before / "model.json")
    del content["missing"]
    (before / "model.json").write_text(json.dumps(content))

    evaluation = evaluate(tmp_path / "evaluated", holes, job.model, production=before)

    found = read_json(evaluation.output_data / "evaluation.json")
    complete = [
        row for row in read_json_lines(holes / "test.jsonl") if None not in row["features"].values()
    ]
    assert found["rows"] == len(complete)
    assert found["production"]["metrics"] == found["candidate"]["metrics"]


def test_feature_without_any_value_is_no_obstacle(tmp_path: Path) -> None:
    rows = [
        {"id": str(i), "features": {"x": i % 2, "y": None}, "label": str(i % 2)} for i in range(60)
    ]
    for name in ("train", "validation"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for algorithm in ("logistic_regression", "gradient_boosting", "random_forest"):
        job = Job(tmp_path / algorithm, {"train": tmp_path, "validation": tmp_path})

        status, _, stderr = job.run(TRAIN, {"algorithm": algorithm, "n_estimators": "10"})

        assert status == 0, stderr
        assert "NaN" not in (job.model / "model.json").read_text()


def test_forest_is_prepared_when_it_is_loaded(forest: dict[str, Any]) -> None:
    content = {**forest, "trees": list(forest["trees"])}
    model = inference_of("tabular").TabularModel(content)
    content["trees"].clear()

    answered = model.probabilities(np.array([[0.0, 4.0], [0.0, 0.0]]))

    assert answered.argmax(axis=1).tolist() == [0, 1]


def test_numbers_too_large_to_calculate_with_are_a_bad_request(
    tabular_model: Job, tmp_path: Path
) -> None:
    shutil.copytree(tabular_model.model, tmp_path / "model")
    content = read_json(tmp_path / "model" / "model.json")
    content["linear"]["scale"] = [0.001, 0.001]
    (tmp_path / "model" / "model.json").write_text(json.dumps(content))
    model = load_model(tmp_path / "model", "candidate")

    with pytest.raises(RequestError, match="numbers too large"):
        model.invoke('{"inputs": {"size": 1e308, "noise": 1e308}}')


def test_wrong_hyperparameters_fail_with_every_reason_in_the_failure_file(
    prepared_tabular: Path, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"train": prepared_tabular, "validation": prepared_tabular})

    status, events, _ = job.run(TRAIN, {"algoritm": "x", "max_depth": "99"})

    assert (status, events) == (1, [])
    assert 'Did you mean "algorithm"?' in job.failure
    assert '"max_depth" is "99", but must be between 1 and 32' in job.failure


def test_missing_channel_fails_with_its_name(prepared_tabular: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, {"train": prepared_tabular})

    status, _, _ = job.run(TRAIN)

    assert status == 1
    assert 'no input channel "validation"' in job.failure


def evaluate(tmp_path: Path, test: Path, candidate: Path, production: Path | None = None) -> Job:
    channels = {"test": test, "candidate": candidate}
    job = Job(tmp_path, channels if production is None else {**channels, "production": production})
    status, events, stderr = job.run("evaluate_model.py")
    assert status == 0, stderr
    assert events[-1]["step"] == events[-1]["total"]
    return job


def predictions(job: Job) -> list[dict[str, str]]:
    with (job.output_data / "predictions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_first_candidate_is_evaluated_without_production(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = evaluate(tmp_path, prepared_tabular, tabular_model.model)

    evaluation = read_json(job.output_data / "evaluation.json")
    rows = read_json_lines(prepared_tabular / "test.jsonl")
    validate("evaluation", evaluation)
    assert evaluation["production"] is None
    assert [(row["id"], row["label"]) for row in predictions(job)] == [
        (row["id"], row["label"]) for row in rows
    ]
    assert {row["production"] for row in predictions(job)} == {""}


def test_archive_and_folder_of_one_model_get_the_same_verdict(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tabular_model.model, arcname=".")

    job = evaluate(tmp_path / "job", prepared_tabular, tmp_path, tabular_model.model)

    evaluation = read_json(job.output_data / "evaluation.json")
    validate("evaluation", evaluation)
    assert evaluation["candidate"]["metrics"] == evaluation["production"]["metrics"]
    for row in predictions(job):
        assert (row["candidate"], row["candidate_score"]) == (
            row["production"],
            row["production_score"],
        )


def test_evaluation_leaves_no_extracted_model_behind(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archives, temporary = tmp_path / "archives", tmp_path / "temporary"
    for folder in (archives, temporary):
        folder.mkdir()
    with tarfile.open(archives / "model.tar.gz", "w:gz") as tar:
        tar.add(tabular_model.model, arcname=".")
    monkeypatch.setenv("TMPDIR", str(temporary))

    evaluate(tmp_path, prepared_tabular, archives, production=archives)

    assert list(temporary.iterdir()) == []


def test_model_that_cannot_read_the_rows_fails_with_its_role(
    prepared_text: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"test": prepared_text, "candidate": tabular_model.model})

    status, _, _ = job.run("evaluate_model.py")

    assert status == 1
    assert "The candidate model cannot answer the test rows" in job.failure


def test_production_that_cannot_answer_does_not_end_the_evaluation(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "model.tar.gz").write_bytes(b"not an archive")
    channels = {"test": prepared_tabular, "candidate": tabular_model.model, "production": broken}
    job = Job(tmp_path / "job", channels)

    status, _, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    evaluation = read_json(job.output_data / "evaluation.json")
    validate("evaluation", evaluation)
    assert evaluation["production"] is None
    assert set(evaluation["unanswered"]) == {"production"}
    assert {row["production"] for row in predictions(job)} == {""}


def test_best_version_answers_beside_production(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    model = tabular_model.model
    job = Job(
        tmp_path,
        {"test": prepared_tabular, "candidate": model, "production": model, "anchor": model},
    )

    status, _, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    evaluation = read_json(job.output_data / "evaluation.json")
    validate("evaluation", evaluation)
    assert evaluation["anchor"]["metrics"] == evaluation["candidate"]["metrics"]
    assert all(row["anchor"] == row["candidate"] for row in predictions(job))


@pytest.mark.parametrize("scores", [None, "all"])
def test_every_class_has_a_score_if_the_request_asks(
    forest: dict[str, Any], scores: str | None
) -> None:
    inference = inference_of("tabular")
    model = inference.TabularModel(forest)
    row = dict.fromkeys(model.columns.names, 0.0)
    body = json.dumps({"inputs": [row, row], **({} if scores is None else {"scores": scores})})

    answered = inference.predict_fn(inference.input_fn(body), model)

    for answer in answered:
        if scores is None:
            assert set(answer) == {"label", "score"}
        else:
            assert set(answer["scores"]) == set(model.labels)
            assert sum(answer["scores"].values()) == pytest.approx(1)
            assert answer["scores"][answer["label"]] == answer["score"]
