"""What a finished training job leaves behind: a deployable model folder and metrics.json."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from job.checkpoints import digest
from job.classification import Scores
from job.errors import JobError
from job.hyperparameters import Value
from job.input_bins import make_bins
from job.paths import JobPaths
from job.rows import read_rows
from serving import input_counts, toolkit_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """The fields of metrics.json that a recipe decides; the defaults fit one without iterations.

    Attributes:
        scores: on the validation rows.
        loss: mean cross-entropy on the validation rows, in nats.
        train_rows: number of rows trained on.
        validation_rows: number of rows measured on.
        train_seconds: wall-clock time of the training alone, in this process.
        total_seconds: wall-clock time since the first line of the script.
        weights: the files whose digest becomes weightsSha256.
        hyperparameters: every declared one, with the value that was used.
        steps: optimizer steps, or whatever the progress events count.
        epochs: passes over the training rows.
        best_epoch: the pass whose weights are published, None for the last.
        text_read: how much of the training texts the model reads, None where nothing is cut.
        resumed_from_steps: one step per interruption that a checkpoint was resumed after.
        seed: 0 when nothing is random.
        base_model: the pretrained model that training started from, None for none.
        packages: names of installed packages whose versions are recorded.
    """

    scores: Scores
    loss: float
    train_rows: int
    validation_rows: int
    train_seconds: float
    total_seconds: float
    weights: Sequence[Path]
    hyperparameters: Mapping[str, Value]
    steps: int = 1
    epochs: float = 1.0
    best_epoch: float | None = None
    text_read: Mapping[str, float] | None = None
    resumed_from_steps: Sequence[int] = ()
    seed: int = 0
    base_model: str | None = None
    packages: Iterable[str] = ()


def publish_inference_code(
    paths: JobPaths, recipe_folder: Path, helpers: Sequence[str] = ()
) -> None:
    """Copy inference.py to where our serving entry finds it, and that to where SageMaker's do.

    Helpers are other files of the recipe that inference.py imports when it is imported itself.
    Beside them comes what counts requests, with the bins that the training rows give.

    Raises:
        JobError: the train channel has no rows.
    """
    code = paths.model / "code"
    code.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(recipe_folder / "inference.py", code / toolkit_entry.RECIPE_FILE)
    for helper in helpers:
        shutil.copyfile(recipe_folder / helper, code / helper)
    shutil.copyfile(toolkit_entry.__file__, code / "inference.py")
    shutil.copyfile(input_counts.__file__, code / toolkit_entry.COUNTS_FILE)
    rows = read_rows(paths.channel("train"), "train", incomplete=True)
    bins = make_bins([row.content for row in rows], [row.label for row in rows])
    (code / input_counts.BINS_FILE).write_text(json.dumps(bins) + "\n", encoding="utf-8")


def publish_metrics(paths: JobPaths, result: TrainingResult) -> None:
    """Write metrics.json into the model and the output folder; the last act of a job.

    Raises:
        JobError: a figure is NaN or infinite, which JSON has no word for.
    """
    scores = result.scores
    metrics = {
        "schemaVersion": 1,
        "metrics": {
            "accuracy": scores.accuracy,
            "macro_f1": scores.macro_f1,
            "loss": result.loss,
        },
        "perClass": {label: scores.to_json() for label, scores in scores.per_class.items()},
        "rows": {"train": result.train_rows, "validation": result.validation_rows},
        "steps": result.steps,
        "epochs": result.epochs,
        **({} if result.best_epoch is None else {"bestEpoch": round(result.best_epoch, 3)}),
        **({} if result.text_read is None else {"textRead": dict(result.text_read)}),
        "seconds": {
            "train": round(result.train_seconds, 3),
            "total": round(result.total_seconds, 3),
        },
        "resumedFromSteps": list(result.resumed_from_steps),
        "seed": result.seed,
        "weightsSha256": digest_of_all(result.weights),
        "baseModel": result.base_model,
        "hyperparameters": dict(result.hyperparameters),
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in result.packages},
        },
    }
    try:
        text = json.dumps(metrics, indent=2, allow_nan=False) + "\n"
    except ValueError as error:
        raise JobError(
            f"A figure of the trained model is not a finite number (loss {result.loss},"
            f" macro-F1 {scores.macro_f1}); no model is published."
        ) from error
    for folder in (paths.model, paths.output_data):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "metrics.json").write_text(text, encoding="utf-8")


def digest_of_all(files: Sequence[Path]) -> str:
    """Return the SHA-256 of one file, or of the digests of several in the order of their names."""
    digests = [digest(path) for path in sorted(files, key=lambda path: path.name)]
    return (
        digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    )
