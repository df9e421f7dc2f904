#!/usr/bin/env python3
r"""Compare a candidate with the model in production on the same held-out rows.

SageMaker runs it through run_script.py in the serving image. By hand:

    SM_CHANNEL_TEST=prepared SM_CHANNEL_CANDIDATE=job/model SM_CHANNEL_PRODUCTION=old/model \
    SM_OUTPUT_DIR=evaluated SM_OUTPUT_DATA_DIR=evaluated python training/evaluate_model.py

Reads the channels test (test.jsonl), candidate and, optionally, production and anchor (the best
version so far); a model is a folder with its files or with model.tar.gz. Each is loaded through its
own code/inference.py and answers real JSON requests, so what is evaluated is what will be served.

With a channel train (train.jsonl), a baseline is fitted on those rows in the meantime and answers
too: the hyperparameter baseline says which (evaluation/baseline.py). With a channel baseline, what
fit_baseline.py has written for the same rows, nothing is fitted.

Only the candidate has to answer: why another model could not stands in evaluation.json.

Writes to SM_OUTPUT_DATA_DIR: evaluation.json (schemas/evaluation.schema.json), predictions.csv (the
answers of the models row by row, for paired statistics, and what each row belongs to), smoke.json
(requests that a deployed endpoint must answer the same) and reference.json (histograms of the rows,
which those of requests are compared with; schemas/reference.schema.json), unless the candidate's
recipe counts nothing.

Exit status: 0 done, 143 interrupted, 1 failed (see output/failure).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from job.interruption import Interruption

# Nothing to save: a SIGTERM ends the job at once, and it starts over elsewhere.
Interruption().install()

from collections.abc import Mapping
from contextlib import nullcontext

from evaluation.baseline import majority_alone
from evaluation.fitting import asked_kind, finish, fitting, reason_of
from evaluation.judging import Judgement, ask, judge
from evaluation.predictions import write_predictions
from evaluation.ready_baseline import read_ready
from evaluation.smoke import record_smoke_requests
from job.errors import InterruptedJob, JobError
from job.events import MIN_SECONDS_BETWEEN_PROGRESS, emit, log
from job.lifecycle import run_job
from job.paths import JobPaths
from job.rows import Row, read_rows
from serving.input_counts import MAX_REFERENCE_ROWS
from serving.served_model import load_model


def main(paths: JobPaths) -> None:
    """Evaluate the candidate, then those it is compared with, and write what they answered."""
    # A model may read its files as late as it answers.
    with tempfile.TemporaryDirectory(prefix="evaluation-") as scratch:
        evaluate(paths, Path(scratch))


def evaluate(paths: JobPaths, scratch: Path) -> None:
    """Do so with the models extracted below the scratch folder."""
    rows = read_rows(paths.channel("test"), "test", incomplete=True)
    train_channel = paths.optional_channel("train")
    train = [] if train_channel is None else read_rows(train_channel, "train", incomplete=True)
    others = {
        name: folder
        for name in ("production", "anchor")
        if (folder := paths.optional_channel(name)) is not None
    }
    rows = answerable(rows, {"candidate": paths.channel("candidate"), **others}, scratch)
    progress = _RowProgress(len(rows) * (1 + len(others)))
    answered: dict[str, Judgement | None] = {}
    unanswered: dict[str, str] = {}

    kind = asked_kind(paths) if train else None
    ready = kind and read_ready(paths, kind, rows)
    to_fit = kind if ready is None else None

    with nullcontext() if to_fit is None else fitting(to_fit, train, scratch / "baseline") as fit:
        quiet = nullcontext if fit is None else fit.paused
        candidate_model = load_model(paths.channel("candidate"), "candidate", scratch)
        candidate = judge(candidate_model, "candidate", rows, progress.advance, quiet)
        smoke = record_smoke_requests(candidate_model, rows, candidate.answers)
        for name, folder in others.items():
            try:
                model = load_model(folder, name, scratch)
                answered[name] = judge(model, name, rows, progress.advance, quiet)
            except InterruptedJob:
                raise
            except Exception as error:
                # The gate leaves it to people: a broken old model must not block a new one.
                answered[name], unanswered[name] = None, reason_of(error)
                log(f"{name}: {unanswered[name]}")
        baseline = ready if fit is None else finish(fit, rows, scratch)
        if baseline is None and train:
            baseline = majority_alone(len(train))

    answered = {"candidate": candidate, "production": None, **answered}
    evaluation = {
        "schemaVersion": 1,
        "rows": len(rows),
        "labels": sorted({row.label for row in rows}),
        **{name: judgement and judgement.to_json() for name, judgement in answered.items()},
        **({"unanswered": unanswered} if unanswered else {}),
        **({"baseline": baseline.to_json(train, rows)} if baseline else {}),
    }
    if baseline and baseline.judgement:
        answered["baseline"] = baseline.judgement
    paths.output_data.mkdir(parents=True, exist_ok=True)
    write_predictions(paths.output_data / "predictions.csv", rows, answered)
    _write_json(paths.output_data / "smoke.json", smoke)
    if candidate_model.counter is not None:
        step = -(-len(rows) // MAX_REFERENCE_ROWS)
        for row, answer in list(zip(rows, candidate.answers, strict=True))[::step]:
            candidate_model.counter.add(row.content, answer.label, answer.score)
        _write_json(paths.output_data / "reference.json", candidate_model.counter.reference())
    _write_json(paths.output_data / "evaluation.json", evaluation)
    for name, judgement in answered.items():
        if judgement is not None:
            scores = judgement.scores
            log(f"{name}: accuracy {scores.accuracy:.4f}, macro-F1 {scores.macro_f1:.4f}")


def answerable(rows: list[Row], models: Mapping[str, Path], scratch: Path) -> list[Row]:
    """Return the rows that lack no feature where a model refuses one that does, otherwise all.

    All must answer the same rows, and models of earlier versions know no missing values.
    """
    complete = [row for row in rows if row.is_complete()]
    if len(complete) in (0, len(rows)):
        return rows
    incomplete = next(row for row in rows if not row.is_complete())
    for name, folder in models.items():
        try:
            model = load_model(folder, name, scratch)
            ask(model, name, [complete[0]])
        except JobError:
            # It answers nothing at all, which is said where it is judged.
            continue
        try:
            ask(model, name, [incomplete])
        except JobError:
            left_out = len(rows) - len(complete)
            log(f"Left out {left_out:,} of {len(rows):,} rows with empty cells: {name} needs all.")
            return complete
    return rows


class _RowProgress:
    """Emits progress events that count the rows of all models; there is no loss to report."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._started = time.monotonic()
        self._last_emitted = float("-inf")

    def advance(self, rows: int) -> None:
        """Record that this many more rows were answered."""
        self._done += rows
        now = time.monotonic()
        if now - self._last_emitted < MIN_SECONDS_BETWEEN_PROGRESS and self._done < self._total:
            return
        self._last_emitted = now
        rate = self._done / max(now - self._started, 1e-6)
        emit("progress", step=self._done, total=self._total, samples_per_second=round(rate, 1))


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_job(main)
