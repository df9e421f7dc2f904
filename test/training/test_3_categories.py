"""Columns of texts in tables: from the dataset to the answers, as scikit-learn would give them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from conftest import Job, inference_of, prepare, read_json, read_json_lines, write_csv
from job.errors import JobError
from job.input_bins import make_bins
from job.rows import features_of as numbers_of
from job.rows import read_rows
from serving.input_counts import InputCounter
from serving.served_model import load_model
from serving.toolkit_entry import RequestError

TRAIN = "recipes/tabular/train.py"
COLOURS = ("red", "green", "blue", "")


def table(folder: Path, count: int = 400) -> Path:
    """Return a dataset whose label follows from a colour, which may be missing, and a size."""
    choose = np.random.default_rng(7)
    rows: list[tuple[object, ...]] = []
    for _ in range(count):
        colour = COLOURS[choose.integers(4)]
        size = round(float(choose.normal()), 8)
        is_high = size + {"red": 1.5, "green": -1.5}.get(colour, 0.0) > 0
        rows.append((size, colour, "high" if is_high else "low"))
    return write_csv(folder / "rows.csv", ("size", "colour", "label"), rows)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("categories")
    status, report = prepare(table(folder), folder, "--task", "tabular-classification")
    assert status == 0, report["errors"]
    codes = [warning["code"] for warning in report["warnings"]]
    assert codes == ["category_columns", "missing_values"]
    return folder


@pytest.fixture(scope="module")
def model(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    job = Job(tmp_path_factory.mktemp("model"), {"train": prepared, "validation": prepared})
    status, _, stderr = job.run(TRAIN)
    assert status == 0, stderr
    return job


def features_of(folder: Path, side: str) -> Any:  # noqa: ANN401 - an array of numbers and texts
    rows = read_json_lines(folder / f"{side}.jsonl")
    values = [[row["features"]["colour"], row["features"]["size"]] for row in rows]
    return np.array(values, dtype=object), [row["label"] for row in rows]


@pytest.mark.parametrize("algorithm", ["logistic_regression", "gradient_boosting", "random_forest"])
def test_answers_are_those_of_scikit_learn_with_its_own_encoder(
    prepared: Path, tmp_path: Path, algorithm: str
) -> None:
    job = Job(tmp_path, {"train": prepared, "validation": prepared})
    status, _, stderr = job.run(TRAIN, {"algorithm": algorithm, "n_estimators": "20"})
    assert status == 0, stderr
    classifier: Any = {
        "logistic_regression": LogisticRegression(max_iter=1000),
        "gradient_boosting": HistGradientBoostingClassifier(
            max_iter=20,
            max_depth=12,
            early_stopping=False,  # pyright: ignore[reportArgumentType]
            random_state=1,
        ),
        "random_forest": RandomForestClassifier(20, max_depth=12, random_state=1),
    }[algorithm]
    numbers = StandardScaler() if algorithm == "logistic_regression" else "passthrough"
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = ColumnTransformer([("colour", encoder, [0]), ("size", numbers, [1])])
    reference = make_pipeline(columns, classifier)
    rows, labels = features_of(prepared, "train")
    asked, _ = features_of(prepared, "test")
    # A colour that was never trained on.
    asked = np.vstack([asked, np.array([["mauve", 0.4]], dtype=object)])
    with threadpool_limits(1):
        expected = reference.fit(rows, labels).predict_proba(asked)

    inference = inference_of("tabular")
    loaded = inference.model_fn(str(job.model))
    contents = [{"colour": colour, "size": size} for colour, size in asked]
    answered = loaded.probabilities(loaded.columns.matrix(contents))

    assert answered == pytest.approx(expected, abs=1e-5)
    assert read_json(job.model / "model.json")["categories"] == {
        "colour": ["blue", "green", "red", None]
    }


def test_a_request_may_have_an_unknown_category_or_none_but_no_number(model: Job) -> None:
    served = load_model(model.model, "candidate")
    ask = '{"inputs": [{"size": 0.1, "colour": %s}]}'

    for colour in ('"red"', '"mauve"', "null"):
        assert json.loads(served.invoke(ask % colour))[0]["label"] in ("high", "low")
    with pytest.raises(RequestError, match='feature "colour" is not a text'):
        served.invoke(ask % "3")


def test_a_candidate_and_its_baseline_are_evaluated(
    prepared: Path, model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"test": prepared, "candidate": model.model, "train": prepared})

    status, _, stderr = job.run("evaluate_model.py", {"baseline": "gradient_boosting"})

    assert status == 0, stderr
    evaluation = read_json(job.output_data / "evaluation.json")
    assert evaluation["candidate"]["metrics"]["accuracy"] > 0.85
    assert evaluation["baseline"]["fitted"]["metrics"]["accuracy"] > 0.85
    reference = {
        each["name"]: each for each in read_json(job.output_data / "reference.json")["features"]
    }
    assert reference["column:colour"]["kind"] == "category"
    assert reference["column:colour"]["bins"] == ["blue", "green", "red", "other"]


def test_a_recipe_that_reads_numbers_names_the_category(prepared: Path) -> None:
    rows = read_rows(prepared, "train", incomplete=True)

    with pytest.raises(JobError, match='"colour" is a category'):
        numbers_of(rows)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([f"customer {index}" for index in range(120)], "too_many_categories"),
        (["0,5", "1,25", "3,75", "0,1"] * 30, "not_a_number"),
        (["1.5", "wide", "2", "nan"] * 30, "not_a_number"),
        (["x" * 101, "y"] * 60, "category_too_long"),
    ],
)
def test_what_is_no_category_is_refused_with_its_column(
    tmp_path: Path, values: list[str], code: str
) -> None:
    rows = [(index, value, "ab"[index % 2]) for index, value in enumerate(values)]
    source = write_csv(tmp_path / "rows.csv", ("size", "who", "label"), rows)

    status, report = prepare(source, tmp_path, "--task", "tabular-classification")

    assert status == 2
    assert {(error["code"], error["column"]) for error in report["errors"]} >= {(code, "who")}
    if code == "too_many_categories":
        assert "120 different values" in report["errors"][0]["message"]
        assert "gate.slices" in report["errors"][0]["hint"]


def test_truth_values_and_numbers_among_texts_are_categories(tmp_path: Path) -> None:
    rows = [
        {"size": i, "is new": i % 3 == 0, "code": "a" if i % 3 else 7, "label": "ab"[i % 2]}
        for i in range(90)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))

    status, report = prepare(tmp_path / "rows.jsonl", tmp_path, "--task", "tabular-classification")

    assert status == 0, report["errors"]
    features = [row["features"] for row in read_json_lines(tmp_path / "train.jsonl")]
    assert {each["is new"] for each in features} == {"true", "false"}
    assert {each["code"] for each in features} == {"a", "7"}


def test_the_oldest_file_decides_which_columns_are_categories(tmp_path: Path) -> None:
    def file(name: str, codes: list[str], first: int) -> Path:
        rows = [(first + i, code, "ab"[i % 2]) for i, code in enumerate(codes)]
        return write_csv(tmp_path / name, ("size", "code", "label"), rows)

    task = ("--task", "tabular-classification")
    texts = file("texts.csv", ["a", "b", "c"] * 30, 0)
    numbers = file("numbers.csv", ["1", "2", "3"] * 30, 1000)
    many = file("many.csv", [f"code {i % 49}" for i in range(98)], 2000)

    status, report = prepare(numbers, tmp_path / "1", *task, f"--append-to={texts}")
    assert status == 0, report["errors"]
    trained = read_json_lines(tmp_path / "1" / "train.jsonl")
    assert {row["features"]["code"] for row in trained} == {"a", "b", "c", "1", "2", "3"}
    _, report = prepare(texts, tmp_path / "2", *task, f"--append-to={numbers}")
    assert report["errors"][0]["code"] == "not_a_number"
    _, report = prepare(many, tmp_path / "3", *task, f"--append-to={texts}")
    assert report["errors"][0]["code"] == "too_many_categories"
    assert "52 different values" in report["errors"][0]["message"]


def test_held_out_rows_with_categories_are_recognised_as_seen(
    prepared: Path, tmp_path: Path
) -> None:
    trained = tmp_path / "earlier"
    trained.mkdir()
    (trained / "train.jsonl").write_text((prepared / "test.jsonl").read_text())

    _, report = prepare(
        prepared / "rows.csv",
        tmp_path / "out",
        "--task",
        "tabular-classification",
        f"--earlier=3={trained}",
    )

    assert report["seen"] == [{"version": 3, "rows": report["split"]["test"]}]


def test_inputs_are_counted_by_known_categories_only() -> None:
    bins = make_bins([{"colour": colour} for colour in ("red", "blue", None)], ["a", "b", "a"])
    counter = InputCounter(bins)

    for colour in ("red", "secret", None):
        counter.add({"colour": colour}, "a", 0.9)

    taken: Any = counter.take()
    assert taken["counts"]["column:colour"] == [0, 1, 2]
    assert "secret" not in json.dumps([bins, taken])
