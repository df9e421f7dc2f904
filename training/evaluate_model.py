#!/usr/bin/env python3
r"""Compare a candidate with the model in production on the same held-out rows.

SageMaker runs it through run_script.py in the serving image. By hand:

    SM_CHANNEL_TEST=prepared SM_CHANNEL_CANDIDATE=job/model SM_CHANNEL_PRODUCTION=old/model \
    SM_OUTPUT_DIR=evaluated SM_OUTPUT_DATA_DIR=evaluated python training/evaluate_model.py

Reads the channels test (test.jsonl), candidate and, optionally, production and anchor (the best
version so far); a model is a folder with its files or with model.tar.gz. Each is loaded through its
own code/inference.py and answers real JSON requests, so what is evaluated is what will be served.

Only the candidate has to answer: why another model could not stands in evaluation.json.

Writes to SM_OUTPUT_DATA_DIR: evaluation.json (schemas/evaluation.schema.json), predictions.csv (the
answers of the models row by row, for paired statistics), smoke.json (requests that a deployed
endpoint must answer the same) and reference.json (histograms of the rows, which those of requests
are compared with; schemas/reference.schema.json), unless the candidate's recipe counts nothing.

Exit status: 0 done, 143 interrupted, 1 failed (see output/failure).
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from job.interruption import Interruption

# Nothing to save: a SIGTERM ends the job at once, and it starts over elsewhere.
Interruption().install()

from collections.abc import Mapping, Sequence

from evaluation.judging import Judgement, judge
from evaluation.smoke import record_smoke_requests
from job.errors import InterruptedJob, JobError
from job.events import MIN_SECONDS_BETWEEN_PROGRESS, emit, log
from job.lifecycle import run_job
from job.paths import JobPaths
from job.rows import Row, read_rows
from serving.input_counts import MAX_REFERENCE_ROWS
from serving.served_model import load_model

PREDICTIONS_HEADER = (
    "id",
    "label",
    "candidate",
    "candidate_score",
    "production",
    "production_score",
)
# A reason is shown in a Slack message.
MOST_REASON_CHARACTERS = 500
# Its columns are written only where it was asked.
ANCHOR_HEADER = ("anchor", "anchor_score")


def main(paths: JobPaths) -> None:
    """Evaluate the candidate, then those it is compared with, and write what they answered."""
    # A model may read its files as late as it answers.
    with tempfile.TemporaryDirectory(prefix="evaluation-") as scratch:
        evaluate(paths, Path(scratch))


def evaluate(paths: JobPaths, scratch: Path) -> None:
    """Do so with the models extracted below the scratch folder."""
    rows = read_rows(paths.channel("test"), "test")
    others = {
        name: folder
        for name in ("production", "anchor")
        if (folder := paths.optional_channel(name)) is not None
    }
    progress = _RowProgress(len(rows) * (1 + len(others)))

    candidate_model = load_model(paths.channel("candidate"), "candidate", scratch)
    candidate = judge(candidate_model, "candidate", rows, progress.advance)
    smoke = record_smoke_requests(candidate_model, rows, candidate.answers)
    compared: dict[str, Judgement] = {}
    unanswered: dict[str, str] = {}
    for name, folder in others.items():
        try:
            compared[name] = judge(load_model(folder, name, scratch), name, rows, progress.advance)
        except InterruptedJob:
            raise
        except Exception as error:
            # What the gate makes of it is people's: a broken old model must not block a new one.
            reason = str(error) if isinstance(error, JobError) else repr(error)
            unanswered[name] = reason[:MOST_REASON_CHARACTERS]
            log(f"{name}: {reason}")
    production = compared.get("production")
    anchor = compared.get("anchor")

    evaluation = {
        "schemaVersion": 1,
        "rows": len(rows),
        "labels": sorted({row.label for row in rows}),
        "candidate": candidate.to_json(),
        "production": production.to_json() if production else None,
    }
    if "anchor" in others:
        evaluation["anchor"] = anchor.to_json() if anchor else None
    if unanswered:
        evaluation["unanswered"] = unanswered
    paths.output_data.mkdir(parents=True, exist_ok=True)
    answered = {"candidate": candidate, "production": production}
    if "anchor" in others:
        answered["anchor"] = anchor
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


def write_predictions(
    path: Path, rows: Sequence[Row], answered: Mapping[str, Judgement | None]
) -> None:
    """Write one line per test row, in their order; a model without answers has empty cells.

    Scores have 6 decimals.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PREDICTIONS_HEADER + (ANCHOR_HEADER if "anchor" in answered else ()))
        for index, row in enumerate(rows):
            cells = [row.id, row.label]
            for judgement in answered.values():
                answer = judgement.answers[index] if judgement else None
                cells += [answer.label, f"{answer.score:.6f}"] if answer else ["", ""]
            writer.writerow(cells)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_job(main)
