"""The baseline that a job asks for: fitted while something else goes on, then asked for answers."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evaluation.baseline import KINDS, MAJORITY_ONLY, Baseline, BaselineFit, Kind
from evaluation.judging import Judgement, ask_all
from job.classification import score
from job.errors import InterruptedJob, JobError
from job.events import log
from job.paths import JobPaths
from job.rows import Row
from serving.served_model import load_model

# A reason is shown in a Slack message.
MOST_REASON_CHARACTERS = 500


def asked_kind(paths: JobPaths) -> Kind | None:
    """Return what the hyperparameter `baseline` names; None for the majority class alone.

    Raises:
        JobError: there is none of that name.
    """
    file = paths.input_config / "hyperparameters.json"
    given = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    name = given.get("baseline", MAJORITY_ONLY)
    if name == MAJORITY_ONLY:
        return None
    if name not in KINDS:
        raise JobError(f'There is no baseline "{name}"; known: {", ".join(KINDS)}.')
    return KINDS[name]


@contextmanager
def fitting(kind: Kind, train: Sequence[Row], folder: Path) -> Generator[BaselineFit]:
    """Fit it in a process of its own while the body runs, and end that then."""
    fit = BaselineFit(kind, train, folder)
    try:
        yield fit
    finally:
        fit.end()


def finish(fit: BaselineFit, rows: Sequence[Row], scratch: Path) -> Baseline:
    """Wait for the baseline and let it answer; a failure is a reason."""
    try:
        seconds = fit.wait()
        answers = ask_all(load_model(fit.model, "baseline", scratch), "baseline", rows)
    except InterruptedJob:
        raise
    except Exception as error:
        log(f"baseline: {reason_of(error)}")
        return Baseline(fit.kind.name, fit.rows, None, 0, reason_of(error))
    scores = score([row.label for row in rows], [answer.label for answer in answers])
    return Baseline(fit.kind.name, fit.rows, Judgement(answers, scores, []), seconds, None)


def reason_of(error: Exception) -> str:
    """Return why a model did not answer, for people."""
    reason = str(error) if isinstance(error, JobError) else repr(error)
    return reason[:MOST_REASON_CHARACTERS]
