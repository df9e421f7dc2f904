"""What is counted of requests, by the endpoint of this machine and in SageMaker's containers."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from conftest import TRAINING, Job, read_json, read_json_lines
from test_3_schemas import validate
from test_3_serve import Server

sys.path.insert(0, str(TRAINING))

from job.input_bins import make_bins
from serving import toolkit_entry
from serving.input_counts import InputCounter, figures_of
from serving.served_model import load_model

TEXTS = [f"Meeting number {index} at the office" + " soon" * index for index in range(100)]
LABELS = ["ham", "spam"] * 50


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def counter(clock: Clock | None = None) -> InputCounter:
    return InputCounter(make_bins(TEXTS, LABELS), clock or Clock())


def counted(count: InputCounter, name: str) -> list[int]:
    return next(each for each in count.reference()["features"] if each["name"] == name)["counts"]  # type: ignore[index, union-attr]


def answer(*labels: str) -> str:
    return json.dumps([{"label": label, "score": 0.97} for label in labels])


def test_figures_of_a_text_are_shares_and_lengths() -> None:
    figures = figures_of("WIN 100 Euro, привет!", frozenset())

    assert figures == {
        "characters": 21,
        "words": 4,
        "unfamiliar words": 1.0,
        "digits": 1 / 21,
        "capitals": 2 / 21,
        "punctuation": 2 / 21,
        "script": "latin",
    }


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("привет", "cyrillic"),
        ("你好", "han"),
        ("こんにちは", "kana"),
        ("12 !", "none"),
        ("", "none"),
    ],
)
def test_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert figures_of(text, frozenset())["script"] == script


def test_inputs_fall_into_the_deciles_of_the_training_rows() -> None:
    count = counter()

    for text, label in zip(TEXTS, LABELS, strict=True):
        count.add(text, label, 0.97)

    assert all(8 <= rows <= 12 for rows in counted(count, "words")[:-1])
    assert counted(count, "label") == [50, 50, 0]
    assert counted(count, "unfamiliar words")[0] == 100


def test_other_values_and_missing_features_have_a_bin() -> None:
    count = InputCounter(make_bins([{"size": 1.0}, {"size": 2.0}], ["low", "high"]))

    count.add({"size": float("nan")}, "gone", 0.5)
    count.add({}, "low", 0.5)
    count.add({"size": None}, "low", 0.5)

    assert counted(count, "column:size")[-1] == 3
    assert counted(count, "label") == [0, 2, 1]


def test_counts_are_taken_once_and_not_too_often() -> None:
    clock = Clock()
    count = counter(clock)
    count.count('{"inputs": ["hello", "you"]}', answer("ham", "spam"))

    early = count.take(60)
    clock.now = 60.0
    taken = count.take(60)

    assert early is None
    assert taken is not None
    assert taken["inputs"] == 2
    assert count.take() is None


def test_a_burst_is_counted_up_to_a_limit_for_each_second() -> None:
    clock = Clock()
    count = counter(clock)
    body = json.dumps({"inputs": ["hello"] * 70})

    for _ in range(3):
        count.count(body, answer(*["ham"] * 70))
    in_first_second = count.inputs
    clock.now = 1.0
    count.count(body, answer(*["ham"] * 70))

    assert (in_first_second, count.inputs) == (100, 170)


@pytest.mark.parametrize(
    "response", ["[]", "{}", '["ham"]', '{"label": "ham"}', "no JSON", "null", '[{"label": "a"}]']
)
def test_answers_of_another_contract_are_not_counted(response: str) -> None:
    count = counter()

    count.count('{"inputs": "hello"}', response)

    assert count.take() is None


def test_nothing_that_is_kept_can_be_read() -> None:
    kept = json.dumps(make_bins(["The password is swordfish"] * 3, ["ham"] * 3))

    assert "swordfish" not in kept
    assert "password" not in kept


def test_evaluation_counts_the_held_out_rows(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    job = Job(tmp_path, {"test": prepared_tabular, "candidate": tabular_model.model})

    status, _, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    reference = read_json(job.output_data / "reference.json")
    validate("reference", reference)
    rows = len(read_json_lines(prepared_tabular / "test.jsonl"))
    assert reference["rows"] == rows
    assert {sum(each["counts"]) for each in reference["features"]} == {rows}
    names = [each["name"] for each in reference["features"]]
    assert names == ["column:noise", "column:size", "label", "score"]


def without_counts(model: Path, folder: Path) -> Path:
    shutil.copytree(model, folder)
    for name in ("input_counts.py", "input_bins.json"):
        (folder / "code" / name).unlink()
    return folder


def test_model_from_before_counts_nothing(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path
) -> None:
    old = without_counts(tabular_model.model, tmp_path / "old")
    job = Job(tmp_path / "job", {"test": prepared_tabular, "candidate": old})

    status, _, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    assert not (job.output_data / "reference.json").exists()


def test_model_answers_although_its_bins_are_broken(
    tabular_model: Job, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(tabular_model.model, tmp_path / "model")
    (tmp_path / "model" / "code" / "input_bins.json").write_text("{")

    model = load_model(tmp_path / "model", "served")

    assert model.counter is None
    assert "are not counted" in capfd.readouterr().err
    assert "label" in model.invoke('{"inputs": {"size": 1, "noise": 0}}')


def test_server_of_this_machine_says_what_it_was_asked(tabular_model: Job) -> None:
    server = Server(tabular_model.model)

    server.request("POST", "/invocations", '{"inputs": [{"size": 1, "noise": 0}]}')
    server.request("POST", "/invocations", '{"inputs": [{"size": 1}]}')
    assert server.process.stdout is not None
    said = json.loads(server.process.stdout.readline())
    server.close()

    assert said["event"] == "inputs"
    assert said["inputs"] == 1
    assert sum(said["counts"]["column:size"]) == 1


def test_container_writes_counts_to_its_log_once_a_minute(
    tabular_model: Job, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("MLOPS_CONFIG", "tumour-v7-aaaaaaaa")
    clock = Clock()
    model = toolkit_entry.model_fn(str(tabular_model.model))
    assert model is not None
    model = model._replace(
        counter=InputCounter(read_json(tabular_model.model / "code" / "input_bins.json"), clock)
    )

    for now in (0.0, 59.0, 60.0, 61.0, 130.0):
        clock.now = now
        body = '{"inputs": [{"size": 1, "noise": 0}, {"size": 2, "noise": 0}]}'
        assert toolkit_entry.reply(model, body, "application/json").status == 200

    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(line["event"], line["config"], line["inputs"]) for line in lines] == [
        ("mlops.inputs", "tumour-v7-aaaaaaaa", 6),
        ("mlops.inputs", "tumour-v7-aaaaaaaa", 4),
    ]
