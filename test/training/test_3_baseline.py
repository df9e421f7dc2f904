"""The baseline that is fitted beside every evaluation."""

from __future__ import annotations

import csv
import json
import os
import time
from pathlib import Path

import pytest

from conftest import TRAINING, Job, read_json, read_json_lines
from evaluation import baseline
from evaluation.baseline import KINDS, BaselineFit, sample
from job.errors import JobError
from job.rows import Row, read_rows
from test_3_schemas import validate


def evaluate(root: Path, rows: Path, model: Path, kind: str | None) -> Job:
    job = Job(root, {"test": rows, "train": rows, "candidate": model})
    status, _, stderr = job.run("evaluate_model.py", {} if kind is None else {"baseline": kind})
    assert status == 0, stderr
    validate("evaluation", read_json(job.output_data / "evaluation.json"))
    return job


def answers(job: Job) -> list[dict[str, str]]:
    with (job.output_data / "predictions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_text_candidate_is_shown_beside_tfidf_on_the_same_rows(
    prepared_text: Path, tfidf_model: Job, tmp_path: Path
) -> None:
    job = evaluate(tmp_path, prepared_text, tfidf_model.model, "tfidf")

    found = read_json(job.output_data / "evaluation.json")
    train = read_json_lines(prepared_text / "train.jsonl")
    assert found["baseline"]["name"] == "TF-IDF + logistic regression"
    assert found["baseline"]["rows"] == {"used": len(train), "available": len(train)}
    # The candidate was fitted by the same recipe on the same rows.
    assert found["baseline"]["fitted"]["metrics"] == found["candidate"]["metrics"]
    assert found["baseline"]["fitted"]["seconds"] > 0
    assert all(row["baseline"] == row["candidate"] for row in answers(job))


def test_tabular_candidate_is_shown_beside_gradient_boosting(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = evaluate(tmp_path, prepared_tabular, tabular_model.model, "gradient_boosting")

    found = read_json(job.output_data / "evaluation.json")["baseline"]
    assert found["fitted"]["metrics"]["accuracy"] > 0.8
    assert {row["baseline"] for row in answers(job)} == {"high", "low"}


@pytest.mark.parametrize("kind", ["majority", None])
def test_candidate_that_is_a_baseline_itself_is_shown_beside_the_majority_class(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path, kind: str | None
) -> None:
    job = evaluate(tmp_path, prepared_tabular, tabular_model.model, kind)

    found = read_json(job.output_data / "evaluation.json")["baseline"]
    labels = [row["label"] for row in read_json_lines(prepared_tabular / "train.jsonl")]
    test = [row["label"] for row in read_json_lines(prepared_tabular / "test.jsonl")]
    label = max(sorted(set(labels)), key=labels.count)
    assert found["fitted"] is None
    assert found["majority"]["label"] == label
    assert found["majority"]["metrics"]["accuracy"] == test.count(label) / len(test)
    assert "baseline" not in answers(job)[0]


def test_baseline_that_cannot_be_fitted_is_a_sentence_and_the_evaluation_goes_on(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = evaluate(tmp_path, prepared_tabular, tabular_model.model, "tfidf")

    found = read_json(job.output_data / "evaluation.json")["baseline"]
    assert found["fitted"] is None
    assert "have no text" in found["reason"]
    assert "baseline" not in answers(job)[0]


def test_unknown_baseline_fails_with_those_there_are(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    rows = prepared_tabular
    job = Job(tmp_path, {"test": rows, "train": rows, "candidate": tabular_model.model})

    status, _, _ = job.run("evaluate_model.py", {"baseline": "svm"})

    assert status == 1
    assert 'no baseline "svm"; known: tfidf, gradient_boosting' in job.failure


def test_job_without_training_rows_has_no_baseline(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"test": prepared_tabular, "candidate": tabular_model.model})

    status, _, stderr = job.run("evaluate_model.py", {"baseline": "gradient_boosting"})

    assert status == 0, stderr
    assert "baseline" not in read_json(job.output_data / "evaluation.json")


def test_candidate_that_cannot_answer_leaves_no_fit_behind(
    prepared_text: Path, tabular_model: Job, tmp_path: Path
) -> None:
    rows = prepared_text
    job = Job(tmp_path, {"test": rows, "train": rows, "candidate": tabular_model.model})

    status, _, _ = job.run("evaluate_model.py", {"baseline": "tfidf"})

    assert status == 1
    assert "The candidate model cannot answer" in job.failure
    assert not [path for path in Path("/proc").glob("[0-9]*") if str(job.root) in environ_of(path)]


def environ_of(process: Path) -> str:
    try:
        return (process / "environ").read_text(errors="replace")
    except OSError:
        return ""


def rows_of(count: int, text: str = "a text") -> list[Row]:
    return [
        Row(f"{i * 7919 % 10_007:05}", text, "rare" if i < 30 else "usual") for i in range(count)
    ]


def test_sample_of_many_rows_keeps_rare_labels_and_is_always_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = rows_of(5_000)
    monkeypatch.setattr(baseline, "MAX_ROWS", 1_000)

    chosen = sample(rows)

    labels = [row.label for row in chosen]
    assert (labels.count("rare"), labels.count("usual")) == (20, 994)
    assert chosen == sample(list(reversed(rows)))
    assert set(chosen) <= set(rows)


def test_sample_counts_characters_and_labels_too(monkeypatch: pytest.MonkeyPatch) -> None:
    labelled = [Row(f"{i:05}", "a text", str(i % 50)) for i in range(5_000)]
    assert len(sample(labelled)) == 4_000
    monkeypatch.setattr(baseline, "MAX_CHARACTERS", 100_000)

    assert len(sample(rows_of(1_000, "x" * 200))) < 520
    assert len(sample(rows_of(1_000, "x" * 100))) == 1_000


def test_fit_stands_still_while_requests_are_timed(prepared_tabular: Path, tmp_path: Path) -> None:
    rows = read_rows(prepared_tabular, "train")
    fit = BaselineFit(KINDS["gradient_boosting"], rows, tmp_path / "baseline")
    state = Path(f"/proc/{fit._process.pid}/stat")

    with fit.paused():
        deadline = time.monotonic() + 5
        while state.read_text().rsplit(")", 1)[1].split()[0] != "T":
            assert time.monotonic() < deadline
    seconds = fit.wait()

    assert 0 < seconds < 60
    assert (fit.model / "model.json").is_file()


def test_fit_that_takes_too_long_is_ended(prepared_tabular: Path, tmp_path: Path) -> None:
    rows = read_rows(prepared_tabular, "train")
    fit = BaselineFit(KINDS["gradient_boosting"], rows, tmp_path / "baseline")

    with pytest.raises(JobError, match=r"not fitted within 0 s"):
        fit.wait(0)

    with pytest.raises(ProcessLookupError):
        os.kill(fit._process.pid, 0)


def test_every_baseline_is_a_recipe_with_hyperparameters_it_knows() -> None:
    for kind in KINDS.values():
        recipe = read_json(TRAINING / "recipes" / kind.recipe / "recipe.json")
        assert kind.hyperparameters.keys() <= recipe["hyperparameters"].keys()
        assert json.dumps(kind.hyperparameters)


def fit_ahead(root: Path, rows: Path, kind: str) -> Job:
    job = Job(root, {"train": rows, "test": rows})
    status, _, stderr = job.run("fit_baseline.py", {"baseline": kind})
    assert status == 0, stderr
    return job


def test_baseline_that_is_ready_is_not_fitted_again(
    prepared_text: Path, tfidf_model: Job, tmp_path: Path
) -> None:
    ahead = fit_ahead(tmp_path / "ahead", prepared_text, "tfidf")
    fitted = evaluate(tmp_path / "fitted", prepared_text, tfidf_model.model, "tfidf")
    # What says how long it took, so that it can be recognised.
    file = ahead.output_data / "baseline.json"
    file.write_text(json.dumps({**read_json(file), "seconds": 1234.5}))

    rows = {"test": prepared_text, "train": prepared_text}
    job = Job(tmp_path, {**rows, "candidate": tfidf_model.model, "baseline": ahead.output_data})
    status, _, stderr = job.run("evaluate_model.py", {"baseline": "tfidf"})

    assert status == 0, stderr
    found, expected = (
        read_json(each.output_data / "evaluation.json")["baseline"] for each in (job, fitted)
    )
    assert found.pop("fitted") == {**expected.pop("fitted"), "seconds": 1234.5}
    assert found == expected
    columns = [[(row["id"], row["baseline_score"]) for row in answers(e)] for e in (job, fitted)]
    assert columns[0] == columns[1]


@pytest.mark.parametrize("damage", ["other rows", "torn", "missing", "other kind"])
def test_baseline_of_something_else_is_fitted_again(
    prepared_text: Path, prepared_tabular: Path, tfidf_model: Job, tmp_path: Path, damage: str
) -> None:
    kind = "gradient_boosting" if damage == "other kind" else "tfidf"
    fitted_rows = prepared_text if kind == "tfidf" else prepared_tabular
    ahead = fit_ahead(tmp_path / "ahead", fitted_rows, kind)
    file = ahead.output_data / "baseline.json"
    match damage:
        case "other rows":
            lines = (prepared_text / "train.jsonl").read_text().splitlines(keepends=True)
            rows = tmp_path / "rows"
            rows.mkdir()
            (rows / "train.jsonl").write_text("".join(lines[1:]))
            (rows / "test.jsonl").write_bytes((prepared_text / "test.jsonl").read_bytes())
        case "torn":
            rows = prepared_text
            file.write_text(file.read_text()[:200])
        case "missing":
            rows = prepared_text
            file.unlink()
        case _:
            rows = prepared_text
    job = Job(
        tmp_path / "job",
        {"test": rows, "train": rows, "candidate": tfidf_model.model, "baseline": file.parent},
    )

    status, _, stderr = job.run("evaluate_model.py", {"baseline": "tfidf"})

    assert status == 0, stderr
    assert "fitted again" in stderr
    found = read_json(job.output_data / "evaluation.json")["baseline"]
    assert found["name"] == "TF-IDF + logistic regression"
    assert found["rows"]["used"] == len(read_json_lines(rows / "train.jsonl"))
    assert found["fitted"]["seconds"] > 0
