"""A baseline that has answered before there was a candidate, handed on as a file.

fit_baseline.py writes it beside a training on this machine; the evaluation reads it in its channel
`baseline` and fits nothing. It holds answers, not a model: both read the same rows with the same
code, or the fingerprint differs and the evaluation fits its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from evaluation.baseline import RECIPES, Baseline, Kind, Used
from evaluation.judging import Judgement
from job.classification import score
from job.events import log
from job.paths import JobPaths
from job.rows import Row
from serving.served_model import Answer

FILE = "baseline.json"


def write_ready(paths: JobPaths, kind: Kind, rows: Sequence[Row], baseline: Baseline) -> None:
    """Write what the baseline answered to these rows; the file is whole or not there."""
    if baseline.judgement is None:
        return
    content = {
        "fingerprint": _fingerprint(paths, kind),
        "rows": asdict(baseline.rows),
        "seconds": baseline.seconds,
        "answers": {
            row.id: [answer.label, answer.score]
            for row, answer in zip(rows, baseline.judgement.answers, strict=True)
        },
    }
    paths.output_data.mkdir(parents=True, exist_ok=True)
    temporary = paths.output_data / f"{FILE}.tmp"
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(paths.output_data / FILE)


def read_ready(paths: JobPaths, kind: Kind, rows: Sequence[Row]) -> Baseline | None:
    """Return what it answered to these rows; None where there is none, or one of something else."""
    channel = paths.optional_channel("baseline")
    if channel is None:
        return None
    try:
        content = json.loads((channel / FILE).read_text(encoding="utf-8"))
        if content["fingerprint"] != _fingerprint(paths, kind):
            log("The baseline that is ready is of other rows or other code; it is fitted again.")
            return None
        answers = [Answer(*content["answers"][row.id]) for row in rows]
        used, seconds = Used(**content["rows"]), float(content["seconds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        log(f"The baseline that is ready cannot be read, so it is fitted again: {error!r}")
        return None
    scores = score([row.label for row in rows], [answer.label for answer in answers])
    return Baseline(kind.name, used, Judgement(answers, scores, []), seconds, None)


def _fingerprint(paths: JobPaths, kind: Kind) -> str:
    """Return a digest of the rows, of what is fitted to them, and of the code that does."""
    digest = hashlib.sha256(repr(kind).encode())
    rows = [paths.channel(name) / f"{name}.jsonl" for name in ("train", "test")]
    for path in (*rows, *sorted((RECIPES / kind.recipe).glob("*.py"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
