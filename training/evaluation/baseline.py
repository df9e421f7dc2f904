"""What every candidate should beat: a model fitted in seconds on the same training rows.

A recipe of this repository is trained in a process of its own, beside the evaluation, and its model
then answers the same requests as the others. Whatever goes wrong with it is a sentence in
evaluation.json and never ends the evaluation.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.judging import Judgement, metrics_of
from job.classification import score
from job.errors import JobError
from job.rows import Row

RECIPES = Path(__file__).resolve().parents[1] / "recipes"
# What keeps a fit in seconds, and below 1 GB; of more training rows, a sample is taken.
MAX_ROWS = 20_000
MAX_CHARACTERS = 10_000_000
# Each label is fitted against the rest.
MAX_ROWS_TIMES_LABELS = 200_000
# Fewer rows than this of a label are all kept.
MIN_ROWS_OF_LABEL = 20
# A recipe wants rows to measure on; what it finds is not used.
MEASURED_ROWS = 50
# After the models have answered; a fit takes seconds.
MAX_WAIT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Kind:
    """A baseline: its name for people, and the recipe with the hyperparameters that make it."""

    name: str
    recipe: str
    hyperparameters: dict[str, str]


KINDS = {
    "tfidf": Kind("TF-IDF + logistic regression", "tfidf", {}),
    "gradient_boosting": Kind("Gradient boosting", "tabular", {"algorithm": "gradient_boosting"}),
}
# For a candidate that is such a model itself.
MAJORITY_ONLY = "majority"


@dataclass(frozen=True, slots=True)
class Used:
    """Training rows that a baseline was fitted on, and how many there are."""

    used: int
    available: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """What evaluation.json says; a judgement, or the reason why there is none."""

    name: str
    rows: Used
    judgement: Judgement | None
    seconds: float
    reason: str | None

    def to_json(self, train: Sequence[Row], test: Sequence[Row]) -> dict[str, object]:
        """Return the shape of `baseline` in evaluation.schema.json."""
        fitted = self.judgement and {
            "metrics": metrics_of(self.judgement.scores),
            "seconds": round(self.seconds, 2),
        }
        return {
            "name": self.name,
            "rows": asdict(self.rows),
            "fitted": fitted,
            **({} if self.reason is None else {"reason": self.reason}),
            "majority": majority(train, test),
        }


def majority_alone(available: int) -> Baseline:
    """Return a baseline that fits nothing to so many training rows."""
    return Baseline("Majority class", Used(available, available), None, 0, None)


def majority(train: Sequence[Row], test: Sequence[Row]) -> dict[str, object]:
    """Return the most frequent label of the training rows, and what always answering it scores."""
    counts = Counter(row.label for row in train)
    label = min(counts, key=lambda each: (-counts[each], each))
    scores = score([row.label for row in test], [label] * len(test))
    return {"label": label, "metrics": metrics_of(scores)}


def sample(rows: Sequence[Row]) -> list[Row]:
    """Return all rows, or those with the lowest ids of every label where there are too many.

    An id is a hash of the row's content, so this is a random sample, and always the same.
    """
    characters = sum(len(row.content) for row in rows if isinstance(row.content, str))
    labels = len({row.label for row in rows})
    share = min(
        1,
        MAX_ROWS / len(rows),
        MAX_ROWS_TIMES_LABELS / (labels * len(rows)),
        MAX_CHARACTERS / max(1, characters),
    )
    if share == 1:
        return list(rows)
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        by_label[row.label].append(row)
    return [
        row
        for _, of_label in sorted(by_label.items())
        for row in of_label[: max(MIN_ROWS_OF_LABEL, math.ceil(len(of_label) * share))]
    ]


class BaselineFit:
    """The training of a baseline, which goes on beside the evaluation until `wait`."""

    def __init__(self, kind: Kind, rows: Sequence[Row], folder: Path) -> None:
        used = sample(rows)
        self.kind = kind
        self.rows = Used(len(used), len(rows))
        self.model = folder / "model"
        self._seconds = 0.0
        self._output = folder / "output"
        self._log = folder / "log.txt"
        folder.mkdir()
        _write_rows(folder / "train.jsonl", used)
        _write_rows(folder / "validation.jsonl", used[:MEASURED_ROWS])
        (folder / "hyperparameters.json").write_text(json.dumps(kind.hyperparameters))
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a script of this repository
                [sys.executable, str(RECIPES / kind.recipe / "train.py")],
                env={
                    **os.environ,
                    "SM_CHANNEL_TRAIN": str(folder),
                    "SM_CHANNEL_VALIDATION": str(folder),
                    "SM_INPUT_CONFIG_DIR": str(folder),
                    "SM_MODEL_DIR": str(self.model),
                    "SM_OUTPUT_DIR": str(self._output),
                    "SM_OUTPUT_DATA_DIR": str(self._output),
                    # So that processor time is the time it would take alone.
                    "OMP_NUM_THREADS": "1",
                    "OPENBLAS_NUM_THREADS": "1",
                    "MKL_NUM_THREADS": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A group of its own, which can be paused.
                start_new_session=True,
            )

    @contextmanager
    def paused(self) -> Generator[None]:
        """Stand still while something is timed."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def wait(self, seconds: float = MAX_WAIT_SECONDS) -> float:
        """Wait for the model and return the processor time that it took, in seconds.

        Raises:
            JobError: it could not be fitted, with the reason, or not in so many seconds.
        """
        deadline = time.monotonic() + seconds
        while not self._has_ended() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._process.returncode is None:
            self.end()
            raise JobError(f"It was not fitted within {seconds:g} s of the others' answers.")
        if self._process.returncode != 0:
            raise JobError(self._failure())
        return self._seconds

    def end(self) -> None:
        """End it, if it still goes on."""
        if self._has_ended():
            return
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _has_ended(self) -> bool:
        if self._process.returncode is None:
            # Not Popen.poll, which would throw away what it used.
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid != 0:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self._seconds = usage.ru_utime + usage.ru_stime
        return self._process.returncode is not None

    def _failure(self) -> str:
        with suppress(OSError):
            return (self._output / "failure").read_text(encoding="utf-8")
        printed = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = printed[-1] if printed else "it printed nothing"
        return f"The training ended with status {self._process.returncode}: {last}"

    def _signal(self, number: signal.Signals) -> None:
        if not self._has_ended():
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


def _write_rows(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            name = "text" if isinstance(row.content, str) else "features"
            record = {"id": row.id, name: row.content, "label": row.label}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
