"""When the next checkpoint is due, by the clock: a step takes 10 ms here and 10 s there.

A checkpoint is due once the job has trained 20 times as long as the last one took to write. So
writing takes less than 5 % of the time, whether a checkpoint has 2 MB or 2 GB, and losing a machine
costs little where checkpoints are cheap. SageMaker, which copies each one to S3, has time to finish
before it is rotated out. The first is written after one second, to measure how long writing takes;
that is also the shortest interval. The longest is `longest_seconds`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

TRAINING_PER_WRITING = 20
SHORTEST_SECONDS = 1.0


class CheckpointSchedule:
    """Counts seconds from its creation, then from the end of each `writing`."""

    def __init__(
        self, longest_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._longest_seconds = longest_seconds
        self._clock = clock
        self._trained_since = clock()
        self._seconds_to_write = 0.0

    def is_due(self) -> bool:
        """Return whether a checkpoint should be written now."""
        worthwhile = max(SHORTEST_SECONDS, TRAINING_PER_WRITING * self._seconds_to_write)
        return self._clock() - self._trained_since >= min(worthwhile, self._longest_seconds)

    @contextmanager
    def writing(self) -> Generator[None]:
        """Measure what a checkpoint costs while the body writes one."""
        started = self._clock()
        yield
        self._trained_since = self._clock()
        self._seconds_to_write = self._trained_since - started
