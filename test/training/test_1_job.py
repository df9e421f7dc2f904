"""The parts that every script shares."""

from __future__ import annotations

import io
import json
import math
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from job import events
from job.checkpoints import MANIFEST_NAME, CheckpointStore
from job.classification import score
from job.errors import JobError
from job.hyperparameters import Declaration, validate_hyperparameters
from job.paths import JobPaths
from job.rows import Row, features_of, read_rows, texts_of
from job.run_identity import claim_checkpoints
from serving.served_model import load_model, parse_answers

DECLARED: dict[str, Declaration] = {
    "learning_rate": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 1},
    "epochs": {"type": "integer", "default": 3, "minimum": 1},
    "algorithm": {"type": "string", "default": "a", "enum": ["a", "b"]},
    "shuffle": {"type": "boolean", "default": True},
}


def test_hyperparameters_are_parsed_from_strings_and_defaulted() -> None:
    given = {"learning_rate": "1e-3", "epochs": "5", "shuffle": "False"}

    values = validate_hyperparameters(DECLARED, given)

    assert values == {"learning_rate": 0.001, "epochs": 5, "algorithm": "a", "shuffle": False}


@pytest.mark.parametrize(("has_base_model", "rate"), [(False, 0.002), (True, 5e-5)])
def test_default_may_depend_on_whether_there_is_a_base_model(
    has_base_model: bool, rate: float
) -> None:
    rule: Declaration = {"type": "number", "default": 0.002, "defaultWithBaseModel": 5e-5}
    declared = {"rate": rule, "typed": rule}

    values = validate_hyperparameters(declared, {"typed": "0.1"}, has_base_model=has_base_model)

    assert values == {"rate": rate, "typed": 0.1}


def test_event_has_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        events.emit("progress", step=1, total=2, loss=float("nan"))


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        (
            "learnig_rate",
            "1",
            'Unknown hyperparameter "learnig_rate". Did you mean "learning_rate"',
        ),
        ("zzz", "1", 'Unknown hyperparameter "zzz". Known: algorithm, epochs'),
        ("learning_rate", "2", '"learning_rate" is "2", but must be between 0 and 1'),
        ("learning_rate", "nan", '"learning_rate" is "nan", but must be a finite number'),
        ("epochs", "2.5", '"epochs" is "2.5", but must be a whole number'),
        ("epochs", "0", '"epochs" is "0", but must be at least 1'),
        ("algorithm", "c", '"algorithm" is "c", but must be one of a, b'),
        ("shuffle", "1", '"shuffle" is "1", but must be true or false'),
    ],
)
def test_unusable_hyperparameter_is_named_with_value_and_limits(
    key: str, value: str, complaint: str
) -> None:
    with pytest.raises(JobError) as error:
        validate_hyperparameters(DECLARED, {key: value})

    assert complaint in str(error.value)


def test_paths_follow_sagemaker_unless_a_variable_says_otherwise(tmp_path: Path) -> None:
    paths = JobPaths.from_environment({"SM_MODEL_DIR": "/m", "SM_CHANNEL_TRAIN": str(tmp_path)})

    assert paths.model == Path("/m")
    assert paths.checkpoints == Path("/opt/ml/checkpoints")
    assert paths.channel("train") == tmp_path
    with pytest.raises(JobError, match='no input channel "test"'):
        paths.channel("test")


def test_progress_is_thinned_but_never_misses_first_and_last_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(events, "_EVENT_STREAM", stream)
    now = iter(range(0, 1000))
    reporter = events.ProgressReporter(20, clock=lambda: next(now) / 10)

    for step in range(1, 21):
        reporter.update(step, samples=4, epoch=step / 20, loss=lambda: 0.5)

    emitted = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["step"] for event in emitted] == [1, 6, 11, 16, 20]
    assert emitted[0] == {
        "event": "progress",
        "step": 1,
        "total": 20,
        "epoch": 0.05,
        "loss": 0.5,
        "samples_per_second": 40.0,
    }


def test_scores_match_a_worked_example() -> None:
    truth = ["a", "a", "a", "b", "b", "c"]
    predicted = ["a", "a", "b", "b", "x", "a"]

    scores = score(truth, predicted)

    assert scores.accuracy == pytest.approx(3 / 6)
    assert scores.per_class["a"].precision == pytest.approx(2 / 3)
    assert scores.per_class["b"].recall == pytest.approx(1 / 2)
    assert scores.per_class["c"].f1 == 0
    assert scores.macro_f1 == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert scores.weighted_f1 == pytest.approx((3 * 2 / 3 + 2 * 1 / 2) / 6)


TEXT = '{"id": "1", "text": "a", "label": "x"}\n'
FEATURES = '{"id": "2", "features": {"size": 1.5}, "label": "x"}\n'


def test_rows_are_read_with_their_text_or_their_features(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(TEXT + FEATURES, encoding="utf-8")

    rows = read_rows(tmp_path, "train")

    assert rows == [Row("1", "a", "x"), Row("2", {"size": 1.5}, "x")]
    assert texts_of(rows[:1]) == ["a"]
    assert features_of(rows[1:]) == [{"size": 1.5}]
    with pytest.raises(JobError, match="have no text"):
        texts_of(rows)
    with pytest.raises(JobError, match="have no features"):
        features_of(rows)


def test_rows_that_lack_a_feature_are_left_out_unless_the_recipe_takes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hole = FEATURES.replace("1.5", "null")
    (tmp_path / "train.jsonl").write_text(FEATURES + hole, encoding="utf-8")

    assert len(read_rows(tmp_path, "train")) == 1
    assert "left out 1 of 2 rows with empty cells" in capsys.readouterr().err
    kept = read_rows(tmp_path, "train", incomplete=True)
    assert [math.isnan(each["size"]) for each in features_of(kept)] == [False, True]

    (tmp_path / "train.jsonl").write_text(hole, encoding="utf-8")
    with pytest.raises(JobError, match="Every row"):
        read_rows(tmp_path, "train")


@pytest.mark.parametrize(
    "line",
    ["{", "7", "{}", TEXT.replace('"1"', "1"), TEXT.replace('"x"', "null"), '{"text": 1}'],
)
def test_line_that_is_no_prepared_row_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "train.jsonl").write_text(TEXT + line, encoding="utf-8")

    with pytest.raises(JobError, match=r"train\.jsonl line 2"):
        read_rows(tmp_path, "train")


def save(store: CheckpointStore, step: int) -> Path:
    staging = store.staging_folder()
    (staging / "model.safetensors").write_bytes(b"w" * 100 + str(step).encode())
    (staging / "optimizer.pt").write_bytes(b"o" * 50)
    return store.commit(staging, step)


def test_newest_checkpoint_is_taken_and_older_ones_rotate(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path, keep=2)

    for step in (9, 10, 100):
        save(store, step)

    opened = CheckpointStore(tmp_path).open()
    assert opened == tmp_path / "checkpoint-100"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-10", "checkpoint-100"]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.pt", MANIFEST_NAME])
@pytest.mark.parametrize("damage", [truncate, Path.unlink, flip])
def test_damaged_checkpoint_is_never_picked_up(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    store = CheckpointStore(tmp_path)
    save(store, 10)
    damage(save(store, 20) / name)

    assert CheckpointStore(tmp_path).open() == tmp_path / "checkpoint-10"


def test_half_written_checkpoint_is_removed(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path)
    (store.staging_folder() / "model.safetensors").write_bytes(b"half")

    assert CheckpointStore(tmp_path).open() is None
    assert list(tmp_path.iterdir()) == []


def test_checkpoints_of_another_run_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "train.jsonl"
    data.write_text("rows")
    claim_checkpoints(tmp_path / "c", {"seed": 1}, [data]).resumed_from(40)

    again = claim_checkpoints(tmp_path / "c", {"seed": 1}, [data])
    with pytest.raises(JobError, match="other hyperparameters"):
        claim_checkpoints(tmp_path / "c", {"seed": 2}, [data])

    assert again.resumed_from_steps == (40,)


def test_model_archive_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("../escaped.txt")
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))

    with pytest.raises(JobError, match="cannot be read"):
        load_model(tmp_path, "candidate")

    assert not (tmp_path.parent / "escaped.txt").exists()


def test_two_models_with_helpers_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        code = tmp_path / name / "code"
        code.mkdir(parents=True)
        (code / "helper.py").write_text(f"LABEL = {name!r}")
        (code / "inference.py").write_text(
            "import json, helper\n"
            "def model_fn(model_dir): return helper.LABEL\n"
            "def input_fn(body, content_type): return json.loads(body)['inputs']\n"
            "def predict_fn(data, model): return [{'label': model, 'score': 1} for _ in data]\n"
            "def output_fn(prediction, accept): return json.dumps(prediction), accept\n"
        )

    models = [load_model(tmp_path / name, name) for name in ("one", "two")]

    labels = [parse_answers(model.invoke('{"inputs": ["x"]}'), 1)[0].label for model in models]
    assert labels == ["one", "two"]
