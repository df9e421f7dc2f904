"""serve.py as SageMaker calls a container, with a tabular model because it starts at once."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from conftest import TRAINING, Job, read_json

SERVE = TRAINING / "serve.py"
JSON = {"Content-Type": "application/json"}


class Server:
    """serve.py on a free port, and one kept-alive connection to it."""

    def __init__(self, model: Path, stderr: IO[bytes] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVE), "--model-dir", str(model), "--exit-with-parent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
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
        (
            "/invocations",
            r'{"inputs": {"size": 1, "noise": 0, "a\ud83d": 0}}',
            JSON,
            400,
            "surrogate",
        ),
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
        "half an emoji",
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


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ("raise ValueError('another shape')", "ValueError: another shape"),
        ("raise SystemExit('no labels')", "SystemExit: no labels"),
    ],
)
def test_server_that_cannot_load_its_model_ends_with_the_reason(
    tmp_path: Path, failure: str, reason: str
) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "inference.py").write_text(
        f"def model_fn(model_dir): {failure}\ninput_fn = predict_fn = output_fn = None\n"
    )

    with subprocess.Popen(
        [sys.executable, str(SERVE), "--model-dir", str(tmp_path), "--exit-with-parent"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        stderr = server.stderr.read()

    assert server.returncode == 1
    assert stderr == f"The served model cannot be loaded: {reason}\n"


@pytest.mark.parametrize(
    ("input_fn", "predict_fn", "output_fn", "expected"),
    [
        ("[][0]", "data", "prediction", (400, "The request cannot be read: IndexError")),
        ("body", "body", "prediction", (500, "The model failed.")),
        ("body", "data", "int('x')", (500, "The model failed.")),
        ("body", "data", '\'[{"label": "a", "score": NaN}]\'', (500, "The model failed.")),
        ("body", "data", '\'[{"label": "NaN", "score": 1}]\'', (200, "")),
    ],
    ids=["input_fn", "predict_fn", "output_fn", "NaN", "a label called NaN"],
)
def test_server_blames_the_client_for_its_request_only(
    tmp_path: Path, input_fn: str, predict_fn: str, output_fn: str, expected: tuple[int, str]
) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "inference.py").write_text(
        "def model_fn(model_dir): return None\n"
        f"def input_fn(body, content_type): return {input_fn}\n"
        f"def predict_fn(data, model): return {predict_fn}\n"
        f"def output_fn(prediction, accept): return {output_fn}\n"
    )
    server = Server(tmp_path)

    status, content = server.request("POST", "/invocations", "{}")
    server.close()

    assert status == expected[0]
    assert isinstance(content, list) or content["error"].startswith(expected[1])  # type: ignore[index]


def test_server_refuses_half_an_emoji_for_every_recipe(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "inference.py").write_text(
        "import json\n"
        "def model_fn(model_dir): return None\n"
        "def input_fn(body, content_type): return json.loads(body)['inputs']\n"
        "def predict_fn(data, model): return {'length': len(data.encode())}\n"
        "def output_fn(prediction, accept): return json.dumps(prediction)\n"
    )
    server = Server(tmp_path)

    half = server.request("POST", "/invocations", r'{"inputs": "hello \ud83d"}')
    whole = server.request("POST", "/invocations", r'{"inputs": "hello \ud83d\ude00"}')
    server.close()

    assert half[0] == 400
    assert "lone surrogate" in str(half[1])
    assert whole == (200, {"length": 10})


def test_server_prints_nothing_about_a_client_that_goes_away(
    tabular_model: Job, tmp_path: Path
) -> None:
    printed = tmp_path / "stderr.txt"
    with printed.open("wb") as stderr:
        server = Server(tabular_model.model, stderr)
        address = (server.connection.host, server.connection.port)
        with socket.create_connection(address) as client:
            client.sendall(b"POST /invocations HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
            # Closes with a reset instead of an orderly end.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server.request("GET", "/ping")
        # Draining waits for every request that has begun.
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=10)
        server.close()

    assert printed.read_text() == ""


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
    job = Job(tmp_path, {"test": prepared_tabular, "candidate": tabular_model.model})
    job.run("evaluate_model.py")
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
