"""A few recorded requests that a freshly deployed endpoint must answer as the candidate did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from evaluation.judging import ask, request_body
from job.rows import Row
from serving.served_model import Answer, ServedModel
from serving.toolkit_entry import CONTENT_TYPE

MAX_REQUESTS = 8
# A deployment waits for the smoke test; long texts make it slow and prove no more.
PREFERRED_CHARACTERS = 4_000


def record_smoke_requests(
    model: ServedModel, rows: Sequence[Row], answers: Sequence[Answer]
) -> dict[str, object]:
    """Return the content of smoke.json: at most 8 requests that together cover every label."""
    chosen = choose_rows(rows, answers)
    requests = [chosen[start::MAX_REQUESTS] for start in range(min(MAX_REQUESTS, len(chosen)))]
    return {
        "requests": [
            {
                "contentType": CONTENT_TYPE,
                "body": request_body(batch),
                "expected": [
                    {"label": answer.label, "score": answer.score}
                    for answer in ask(model, "candidate", batch)
                ],
            }
            for batch in requests
        ]
    }


def choose_rows(rows: Sequence[Row], answers: Sequence[Answer]) -> list[Row]:
    """Return one row of every label, and more of each in turn until there are `MAX_REQUESTS`.

    Rows that the model gets right and that are not too long come first, so that the expected
    answers cover every label too.
    """
    by_label: dict[str, list[tuple[bool, bool, str, Row]]] = defaultdict(list)
    for row, answer in zip(rows, answers, strict=True):
        too_long = len(str(row.content)) > PREFERRED_CHARACTERS
        by_label[row.label].append((answer.label != row.label, too_long, row.id, row))
    queues = [[row for *_, row in sorted(by_label[label])] for label in sorted(by_label)]
    chosen = [queue[0] for queue in queues]
    turn = 1
    while len(chosen) < MAX_REQUESTS and any(len(queue) > turn for queue in queues):
        chosen += [queue[turn] for queue in queues if len(queue) > turn]
        turn += 1
    return chosen if len(queues) > MAX_REQUESTS else chosen[:MAX_REQUESTS]
