"""SIGTERM: what a Spot interruption, StopTrainingJob and Ctrl-C of the local runner send.

SageMaker sends SIGKILL 120 seconds later (API reference, StoppingCondition). Exit status 143 is
128 + SIGTERM, by which the pipeline recognises an interruption.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

EXIT_INTERRUPTED = 143


class Interruption:
    """Install it before any heavy import; until work is `deferred`, SIGTERM ends the process."""

    def __init__(self) -> None:
        self.requested = False
        self._deferred = False

    def install(self) -> Interruption:
        """Handle SIGTERM from now on."""
        signal.signal(signal.SIGTERM, self._handle)
        return self

    @contextmanager
    def deferred(self) -> Generator[None]:
        """Only record a SIGTERM while the body runs, which checks `requested` where it can stop."""
        self._deferred = True
        try:
            yield
        finally:
            self._deferred = False

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        self.requested = True
        if not self._deferred:
            # Nothing to save: skip the interpreter's teardown, which takes torch a second.
            os._exit(EXIT_INTERRUPTED)
