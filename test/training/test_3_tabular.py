"""The tabular recipe: jobs, evaluation and serving that take a second each."""

from __future__ import annotations

import csv
import http.client
import json
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TRAINING, Job, read_json, read_json_lines
from test_3_schemas import validate

TRAIN = "recipes/tabular/train.py"
SERVE = TRAINING / "serve.py"
JSON = {"Content-Type": "application/json"}


def test_job_leaves_a_model_and_its_metrics_in_both_places(tabular_model: Job) -> None:
    folder = tabular_model.model
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}

    assert files == {"model.json", "metrics.json", "code/inference.py"}
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


def test_model_that_cannot_read_the_rows_fails_with_its_role(
    prepared_text: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"test": prepared_text, "candidate": tabular_model.model})

    status, _, _ = job.run("evaluate_model.py")

    assert status == 1
    assert "The candidate model cannot answer the test rows" in job.failure


class Server:
    """serve.py on a free port, and one kept-alive connection to it."""

    def __init__(self, model: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVE), "--model-dir", str(model), "--exit-with-parent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        assert ready["event"] == "ready"
        self.connection = http.client.HTTPConnection("127.0.0.1", ready["port"], timeout=20)

    def request(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] = JSON
    ) -> tuple[int, object]:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def close(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def server(tabular_model: Job) -> Iterator[Server]:
    server = Server(tabular_model.model)
    yield server
    server.close()


def test_server_answers_ping_and_invocations_over_one_connection(server: Server) -> None:
    body = json.dumps({"inputs": [{"size": 4, "noise": 0}, {"size": 0, "noise": 0}]})

    assert server.request("GET", "/ping") == (200, {})
    status, answers = server.request("POST", "/invocations", body)

    assert status == 200
    assert isinstance(answers, list)
    assert [answer["label"] for answer in answers] == ["high", "low"]
    assert all(0.5 <= answer["score"] <= 1 for answer in answers)


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "message"),
    [
        ("/invocations", "{", JSON, 400, "The body is not JSON"),
        ("/invocations", "{}", JSON, 400, '"inputs"'),
        ("/invocations", '{"inputs": []}', JSON, 400, "at least one"),
        ("/invocations", '{"inputs": {"size": 1}}', JSON, 400, "lacks features: noise"),
        ("/invocations", '{"inputs": {"size": 1, "noise": "x"}}', JSON, 400, "not a finite"),
        ("/invocations", '{"inputs": {"size": 1, "noise": 0, "x": 0}}', JSON, 400, "unknown"),
        ("/invocations", "a,b", {"Content-Type": "text/csv"}, 415, "text/csv"),
        ("/invocations", " " * (4 * 1024 * 1024 + 1), JSON, 413, "at most 4,194,304"),
        ("/nowhere", "{}", JSON, 404, "/nowhere"),
    ],
    ids=[
        "not JSON",
        "no inputs",
        "no rows",
        "missing feature",
        "text feature",
        "unknown feature",
        "not JSON content type",
        "too large",
        "unknown path",
    ],
)
def test_server_refuses_bad_requests_with_a_reason(
    server: Server, path: str, body: str, headers: dict[str, str], status: int, message: str
) -> None:
    answered, content = server.request("POST", path, body, headers)

    assert answered == status
    assert isinstance(content, dict)
    assert message in content["error"]


def test_server_keeps_internal_failures_to_itself(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "inference.py").write_text(
        "def model_fn(model_dir): return None\n"
        "def input_fn(body, content_type): return body\n"
        "def predict_fn(data, model): raise KeyError('secret')\n"
        "def output_fn(prediction, accept): return ''\n"
    )
    server = Server(tmp_path)

    status, content = server.request("POST", "/invocations", "{}")
    server.close()

    assert (status, content) == (500, {"error": "The model failed."})


def test_server_drains_on_sigterm(server: Server) -> None:
    server.request("GET", "/ping")

    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait(timeout=10) == 0


def test_server_exits_with_its_parent(server: Server) -> None:
    assert server.process.stdin is not None

    server.process.stdin.close()

    assert server.process.wait(timeout=10) == 0


def test_deployed_model_reproduces_the_recorded_smoke_requests(
    prepared_tabular: Path, tabular_model: Job, server: Server, tmp_path: Path
) -> None:
    job = evaluate(tmp_path, prepared_tabular, tabular_model.model)
    smoke = read_json(job.output_data / "smoke.json")["requests"]

    assert len(smoke) == 8
    assert {answer["label"] for request in smoke for answer in request["expected"]} == {
        "low",
        "high",
    }
    for request in smoke:
        headers = {"Content-Type": request["contentType"]}
        status, answers = server.request("POST", "/invocations", request["body"], headers)
        assert status == 200
        assert isinstance(answers, list)
        for answer, expected in zip(answers, request["expected"], strict=True):
            assert answer["label"] == expected["label"]
            assert answer["score"] == pytest.approx(expected["score"], abs=1e-3)
