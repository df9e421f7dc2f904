"""The tfidf recipe: its models answer what scikit-learn's own pipeline would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from conftest import Job, read_json, read_json_lines
from serving.served_model import load_model
from test_3_schemas import validate
from test_3_serve import JSON, Server

TRAIN = "recipes/tfidf/train.py"
ODD_TEXTS = ["", "a", "  \n ", "Goal! goal? GOAL", "十分に長い文章です。", "x" * 100_000, "ß İ ǆ"]


@pytest.fixture
def server(tfidf_model: Job) -> Iterator[Server]:
    server = Server(tfidf_model.model)
    yield server
    server.close()


def test_job_leaves_a_model_without_code_but_its_own(tfidf_model: Job) -> None:
    folder = tfidf_model.model
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}

    assert files == {
        "model.json",
        "idf.npy",
        "coefficients.npy",
        "metrics.json",
        "code/inference.py",
        "code/recipe_inference.py",
        "code/input_counts.py",
        "code/input_bins.json",
    }
    metrics = read_json(folder / "metrics.json")
    validate("metrics", metrics)
    validate("job-events", tfidf_model.events)
    assert metrics["metrics"]["accuracy"] > 0.9


@pytest.mark.parametrize(("words", "labels"), [(1, 2), (3, 2), (2, 3)])
def test_model_answers_what_scikit_learns_pipeline_answers(
    prepared_text: Path, tmp_path: Path, words: int, labels: int
) -> None:
    for name in ("train", "validation"):
        lines = read_json_lines(prepared_text / f"{name}.jsonl")
        named = [
            {**line, "label": line["label"] if labels == 2 else f"{len(line['text']) % 3}"}
            for line in lines
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, named)))
    job = Job(tmp_path / "job", {"train": tmp_path, "validation": tmp_path})
    status, _, stderr = job.run(TRAIN, {"word_ngrams": str(words), "character_ngrams": "3"})
    assert status == 0, stderr
    train = read_json_lines(tmp_path / "train.jsonl")
    texts = [row["text"] for row in read_json_lines(prepared_text / "test.jsonl")] + ODD_TEXTS[:-2]
    reference = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, words), sublinear_tf=True, min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True, min_df=2),
        ),
        OneVsRestClassifier(
            LogisticRegression(C=10, solver="liblinear", dual=True, max_iter=1_000, random_state=0)
        ),
    ).fit([row["text"] for row in train], [row["label"] for row in train])

    answers = json.loads(load_model(job.model, "candidate").invoke(json.dumps({"inputs": texts})))

    expected = reference.predict_proba(texts)
    assert [answer["label"] for answer in answers] == [
        str(reference.classes_[row.argmax()]) for row in expected
    ]
    assert [answer["score"] for answer in answers] == pytest.approx(expected.max(axis=1), abs=1e-3)


def test_three_labels_and_few_terms_are_learned(tmp_path: Path) -> None:
    colours = ["red rose", "blue sky", "green grass"]
    rows = [
        {"id": str(index), "text": f"{colours[index % 3]} {index}", "label": colours[index % 3][:3]}
        for index in range(90)
    ]
    for name in ("train", "validation"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    job = Job(tmp_path / "job", {"train": tmp_path, "validation": tmp_path})

    status, _, stderr = job.run(
        TRAIN, {"min_rows": "1", "max_terms": "100", "class_weight": "balanced"}
    )

    assert status == 0, stderr
    content = read_json(job.model / "model.json")
    assert content["labels"] == ["blu", "gre", "red"]
    assert len(content["characters"]) == 100
    coefficients = np.load(job.model / "coefficients.npy", allow_pickle=False)
    assert coefficients.shape == (len(content["words"]) + 100, 3)
    assert read_json(job.model / "metrics.json")["metrics"]["accuracy"] == 1


def test_same_rows_give_identical_weights(
    prepared_text: Path, tfidf_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"train": prepared_text, "validation": prepared_text})

    assert job.run(TRAIN)[0] == 0

    digests = [
        read_json(each.model / "metrics.json")["weightsSha256"] for each in (job, tfidf_model)
    ]
    assert digests[0] == digests[1]


def test_any_text_gets_an_answer_and_a_bad_request_its_reason(server: Server) -> None:
    status, answers = server.request("POST", "/invocations", json.dumps({"inputs": ODD_TEXTS}))
    refused = [
        server.request("POST", "/invocations", body, JSON)
        for body in ("{", "{}", '{"inputs": []}', '{"inputs": [1]}', r'{"inputs": "\ud83d"}')
    ]

    assert status == 200
    assert isinstance(answers, list)
    assert {answer["label"] for answer in answers} <= {"food", "sport"}
    assert all(0.5 <= answer["score"] <= 1 for answer in answers)
    assert [status for status, _ in refused] == [400] * 5


@pytest.mark.parametrize("rows", ["one label", "features"])
def test_rows_it_cannot_learn_from_are_refused_in_a_sentence(
    prepared_text: Path, prepared_tabular: Path, tmp_path: Path, rows: str
) -> None:
    folder = prepared_tabular
    if rows == "one label":
        folder = tmp_path
        lines = read_json_lines(prepared_text / "train.jsonl")[:20]
        for name in ("train", "validation"):
            (tmp_path / f"{name}.jsonl").write_text(
                "\n".join(json.dumps({**line, "label": "food"}) for line in lines)
            )
    job = Job(tmp_path / "job", {"train": folder, "validation": folder})

    status, _, _ = job.run(TRAIN)

    assert status == 1
    assert ("same label" if rows == "one label" else "have no text") in job.failure
