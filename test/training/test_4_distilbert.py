"""The distilbert recipe, above all that an interruption leaves no trace in the weights."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import TINY_DISTILBERT, TRAINING, Job, parse_events, read_json
from test_3_schemas import validate

TRAIN = "recipes/distilbert/train.py"


def new_job(tmp_path: Path, prepared: Path) -> Job:
    return Job(tmp_path, {"train": prepared, "validation": prepared})


def read_until(process: subprocess.Popen[str], event: str) -> dict[str, object]:
    """Return the next event of this name."""
    assert process.stdout is not None
    for line in process.stdout:
        found = json.loads(line)
        if found["event"] == event:
            return dict(found)
    raise AssertionError(f"the job ended without {event}: {process.communicate()[1]}")


def weights(job: Job) -> str:
    return str(read_json(job.model / "metrics.json")["weightsSha256"])


def test_job_leaves_a_deployable_model_that_has_learned(text_model: Job) -> None:
    files = {str(path.relative_to(text_model.model)) for path in text_model.model.rglob("*.*")}

    assert files == {
        "config.json",
        "model.safetensors",
        "model.onnx",
        "tokenizer.json",
        "tokenizer_config.json",
        "metrics.json",
        "code/inference.py",
        "code/ngrams.py",
        "code/recipe_inference.py",
        "code/input_counts.py",
        "code/input_bins.json",
    }
    assert read_json(text_model.model / "config.json")["id2label"] == {"0": "food", "1": "sport"}
    assert read_json(text_model.model / "metrics.json")["metrics"]["accuracy"] > 0.8


def test_progress_runs_from_the_first_to_the_last_step(text_model: Job) -> None:
    progress = [event for event in text_model.events if event["event"] == "progress"]

    assert progress[0]["step"] == 1
    assert progress[-1]["step"] == progress[-1]["total"]
    assert set(progress[0]) == {"event", "step", "total", "epoch", "loss", "samples_per_second"}


def test_checkpoints_are_written_by_the_clock_and_after_the_last_step(text_model: Job) -> None:
    events = text_model.events
    steps = [event["step"] for event in events if event["event"] == "checkpoint"]
    total = next(event["total"] for event in events if event["event"] == "progress")

    assert 2 < len(steps) < total
    assert steps[-1] == total
    assert steps == sorted(set(steps))


def test_interrupted_and_resumed_job_ends_with_identical_weights(
    prepared_text: Path, text_model: Job, tmp_path: Path
) -> None:
    job = new_job(tmp_path, prepared_text)
    process = job.start(TRAIN, TINY_DISTILBERT)
    read_until(process, "checkpoint")
    process.send_signal(signal.SIGTERM)
    stdout, _ = process.communicate(timeout=60)
    interrupted = parse_events(stdout)[-1]
    published = job.model.exists()

    status, events, stderr = job.run(TRAIN, TINY_DISTILBERT)

    assert process.returncode == 143
    assert interrupted["event"] == "interrupted"
    assert not published
    assert status == 0, stderr
    assert events[0] == {"event": "resumed", "step": interrupted["step"]}
    assert read_json(job.model / "metrics.json")["resumedFromSteps"] == [interrupted["step"]]
    assert weights(job) == weights(text_model)
    for name in ("model.safetensors", "model.onnx"):
        assert (job.model / name).read_bytes() == (text_model.model / name).read_bytes()


def test_killed_job_resumes_from_the_newest_intact_checkpoint_with_identical_weights(
    prepared_text: Path, text_model: Job, tmp_path: Path
) -> None:
    job = new_job(tmp_path, prepared_text)
    process = job.start(TRAIN, TINY_DISTILBERT)
    read_until(process, "checkpoint")
    read_until(process, "checkpoint")
    process.kill()
    process.communicate(timeout=60)
    newest = max(job.checkpoints.glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))
    torn = newest / "optimizer.pt"
    torn.write_bytes(torn.read_bytes()[: torn.stat().st_size // 2])

    status, events, stderr = job.run(TRAIN, TINY_DISTILBERT)

    assert process.returncode == -signal.SIGKILL
    assert status == 0, stderr
    assert events[0]["event"] == "resumed"
    assert events[0]["step"] < int(newest.name.split("-")[1])
    assert weights(job) == weights(text_model)


def test_job_that_finished_training_publishes_again_without_training(text_model: Job) -> None:
    before = weights(text_model)
    (text_model.model / "model.safetensors").unlink()

    status, events, stderr = text_model.run(TRAIN, TINY_DISTILBERT)

    assert status == 0, stderr
    assert [event["event"] for event in events] == ["resumed"]
    assert weights(text_model) == before


def test_sigterm_before_training_ends_the_job_at_once(prepared_text: Path, tmp_path: Path) -> None:
    job = new_job(tmp_path, prepared_text)
    process = job.start(TRAIN, TINY_DISTILBERT)
    # The run identity is written right before the heavy imports.
    while not (job.checkpoints / "run.json").exists():
        assert process.poll() is None
        time.sleep(0.01)

    process.send_signal(signal.SIGTERM)
    stdout, _ = process.communicate(timeout=5)

    assert (process.returncode, stdout) == (143, "")


@pytest.mark.parametrize("through", ["hyperparameter", "channel"])
def test_fine_tuning_starts_from_a_model_that_is_there(
    prepared_text: Path, text_model: Job, tmp_path: Path, through: str
) -> None:
    job = new_job(tmp_path, prepared_text)
    named = str(text_model.model)
    if through == "channel":
        # As the pipeline does for training.baseModel: the setting is the name, the files are here.
        named = "base-models/tiny/"
        job.channels["base_model"] = text_model.model
    hyperparameters = {
        "base_model": named,
        "num_train_epochs": "1",
        "learning_rate": "0.0001",
        "max_length": "16",
    }

    status, events, stderr = job.run(TRAIN, hyperparameters)

    metrics = read_json(job.model / "metrics.json")
    assert status == 0, stderr
    assert metrics["baseModel"] == named
    # One gentle epoch on top of trained weights starts where they were, not at log 2.
    assert events[0]["loss"] < 0.5
    assert metrics["metrics"]["accuracy"] > 0.8
    assert (job.model / "model.onnx").exists()


@pytest.mark.parametrize(
    ("hyperparameters", "complaint"),
    [
        ({"dim": "30", "n_heads": "4"}, '"dim" is 30, but must be a multiple of "n_heads" (4)'),
        ({"base_model": "./nowhere"}, '"base_model" is "./nowhere", but there is no such folder'),
        (
            {"base_model_revision": "v1"},
            '"base_model_revision" is "v1", but only a base_model of the hub has revisions',
        ),
        ({"epochs": "3"}, 'Did you mean "num_train_epochs"'),
    ],
)
def test_unusable_settings_fail_before_the_heavy_imports(
    prepared_text: Path, tmp_path: Path, hyperparameters: dict[str, str], complaint: str
) -> None:
    job = new_job(tmp_path, prepared_text)
    started = time.monotonic()

    status, _, _ = job.run(TRAIN, hyperparameters)

    assert status == 1
    assert complaint in job.failure
    assert time.monotonic() - started < 3


def test_text_candidate_is_compared_with_itself_through_its_inference_code(
    prepared_text: Path, text_model: Job, tmp_path: Path
) -> None:
    channels = {
        "test": prepared_text,
        "candidate": text_model.model,
        "production": text_model.model,
    }
    job = Job(tmp_path, channels)

    status, _, stderr = job.run("evaluate_model.py")

    evaluation = read_json(job.output_data / "evaluation.json")
    assert status == 0, stderr
    validate("evaluation", evaluation)
    assert evaluation["candidate"]["metrics"] == evaluation["production"]["metrics"]
    assert evaluation["candidate"]["metrics"]["accuracy"] > 0.8


def test_saved_tokenizer_agrees_with_autotokenizer(text_model: Job) -> None:
    script = (
        "import sys; from transformers import AutoTokenizer; from tokenizers import Tokenizer;"
        "folder = sys.argv[1]; text = 'Goal! The striker' * 9;"
        "auto = AutoTokenizer.from_pretrained(folder)(text, truncation=True)['input_ids'];"
        "ours = Tokenizer.from_file(folder + '/tokenizer.json').encode(text).ids;"
        "assert auto == ours and len(ours) == 16, (auto, ours)"
    )

    completed = subprocess.run(
        [sys.executable, "-c", script, str(text_model.model)], capture_output=True, text=True
    )

    assert completed.returncode == 0, completed.stderr


def test_tokenizer_is_the_same_in_every_process() -> None:
    script = (
        "import pathlib, sys; training = pathlib.Path(sys.argv[1]);"
        "sys.path[:0] = [str(training), str(training / 'recipes/distilbert')];"
        "from tokenization import train_tokenizer;"
        "texts = [path.read_text() for path in sorted(training.rglob('*.py'))];"
        "print(train_tokenizer(texts, 3000).to_str())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script, str(TRAINING)],
            capture_output=True,
            text=True,
            check=True,
        )
        for _ in range(3)
    ]

    assert len(runs[0].stdout) > 30_000
    assert len({run.stdout for run in runs}) == 1
