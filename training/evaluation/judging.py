"""Send all test rows to one model as real requests, and time it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from job.classification import Scores, score
from job.errors import JobError
from job.rows import Row
from serving.served_model import Answer, ServedModel, parse_answers

ROWS_PER_REQUEST = 32
# Enough for three rows above the 95th percentile; the warm-up fills caches.
TIMED_REQUESTS = 60
WARM_UP_REQUESTS = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answers of one model in row order, their scores, and milliseconds per timed request."""

    answers: list[Answer]
    scores: Scores
    latencies: list[float]

    def to_json(self) -> dict[str, object]:
        """Return the shape of `candidate` and `production` in evaluation.schema.json."""
        return {
            "metrics": metrics_of(self.scores),
            "perClass": {
                label: scores.to_json() for label, scores in self.scores.per_class.items()
            },
            "latency": {
                "p50Milliseconds": round(percentile(self.latencies, 50), 3),
                "p95Milliseconds": round(percentile(self.latencies, 95), 3),
            },
        }


def metrics_of(scores: Scores) -> dict[str, float]:
    """Return the shape of `metrics` in evaluation.schema.json."""
    return {
        "accuracy": scores.accuracy,
        "macro_f1": scores.macro_f1,
        "weighted_f1": scores.weighted_f1,
    }


def judge(
    model: ServedModel,
    name: str,
    rows: Sequence[Row],
    on_progress: Callable[[int], None],
    quiet: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Judgement:
    """Send every row in batches, then some rows one by one to time them.

    Args:
        model: answers the requests.
        name: of the role, for error messages.
        rows: at least one.
        on_progress: called with the number of rows just answered.
        quiet: entered while requests are timed.

    Raises:
        JobError: the model refuses a row or breaks the response contract.
    """
    answers = ask_all(model, name, rows, on_progress)
    scores = score([row.label for row in rows], [answer.label for answer in answers])
    with quiet():
        latencies = _time_single_requests(model, rows)
    return Judgement(answers, scores, latencies)


def ask_all(
    model: ServedModel,
    name: str,
    rows: Sequence[Row],
    on_progress: Callable[[int], None] = lambda _: None,
) -> list[Answer]:
    """Return the answers to requests with some of the rows each.

    Raises:
        JobError: the model refuses a row or breaks the response contract.
    """
    answers: list[Answer] = []
    for start in range(0, len(rows), ROWS_PER_REQUEST):
        batch = rows[start : start + ROWS_PER_REQUEST]
        answers += ask(model, name, batch)
        on_progress(len(batch))
    return answers


def ask(model: ServedModel, name: str, rows: Sequence[Row]) -> list[Answer]:
    """Return the answers to one request with these rows.

    Raises:
        JobError: the model refuses the request or breaks the response contract.
    """
    try:
        return parse_answers(model.invoke(request_body(rows)), len(rows))
    except Exception as error:
        raise JobError(
            f"The {name} model cannot answer the test rows from {rows[0].id} on:"
            f" {type(error).__name__}: {error}"
        ) from error


def request_body(rows: Sequence[Row]) -> str:
    """Return the JSON body that asks about these rows."""
    return json.dumps({"inputs": [row.content for row in rows]}, ensure_ascii=False)


def _time_single_requests(model: ServedModel, rows: Sequence[Row]) -> list[float]:
    bodies = [request_body([row]) for row in rows[:TIMED_REQUESTS]]
    for body in bodies[:WARM_UP_REQUESTS]:
        model.invoke(body)
    latencies = []
    for body in bodies:
        started = time.perf_counter()
        model.invoke(body)
        latencies.append((time.perf_counter() - started) * 1000)
    return latencies


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of at least one value."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]
