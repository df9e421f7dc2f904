"""Events on stdout, one JSON object per line, for the pipeline (schemas/job-events.schema.json)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

# Taken before anything else can print, see `reserve_stdout`.
_EVENT_STREAM = sys.stdout
# More than two points a second are of no use in a Slack card.
MIN_SECONDS_BETWEEN_PROGRESS = 0.5


def reserve_stdout() -> None:
    """Send every later print to stderr, so that a chatty library cannot garble the events."""
    sys.stdout = sys.stderr


def emit(event: str, **fields: object) -> None:
    """Write one event and flush, so that it survives a SIGKILL right after.

    Raises:
        ValueError: a number is NaN or infinite, which JSON has no word for.
    """
    _EVENT_STREAM.write(json.dumps({"event": event, **fields}, allow_nan=False) + "\n")
    _EVENT_STREAM.flush()


def log(message: str) -> None:
    """Write a line for humans to stderr."""
    print(message, file=sys.stderr, flush=True)


class ProgressReporter:
    """Emits progress at most twice a second, and always for the first and the last step."""

    def __init__(self, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._started = clock()
        self._last_emitted: float | None = None
        self._samples = 0

    def update(self, step: int, *, samples: int, epoch: float, loss: Callable[[], float]) -> None:
        """Record that `step` is done with `samples` more rows; `loss` is called only to emit."""
        self._samples += samples
        now = self._clock()
        due = self._last_emitted is None or now - self._last_emitted >= MIN_SECONDS_BETWEEN_PROGRESS
        if not due and step < self._total:
            return
        self._last_emitted = now
        emit(
            "progress",
            step=step,
            total=self._total,
            epoch=round(epoch, 3),
            loss=round(loss(), 5),
            samples_per_second=round(self._samples / max(now - self._started, 1e-6), 1),
        )
