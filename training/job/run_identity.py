"""Which run a folder of checkpoints belongs to: its data, hyperparameters and resumes so far."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from job.checkpoints import digest
from job.errors import JobError

FILE_NAME = "run.json"


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """The run that a folder of checkpoints belongs to, kept in it as run.json."""

    path: Path
    fingerprint: str
    resumed_from_steps: tuple[int, ...]

    def resumed_from(self, step: int) -> RunIdentity:
        """Record that this run resumes from the checkpoint of `step`."""
        resumed = RunIdentity(self.path, self.fingerprint, (*self.resumed_from_steps, step))
        resumed.write()
        return resumed

    def write(self) -> None:
        """Write run.json atomically."""
        content = {"fingerprint": self.fingerprint, "resumedFromSteps": self.resumed_from_steps}
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text(json.dumps(content), encoding="utf-8")
        temporary.replace(self.path)


def claim_checkpoints(
    root: Path, hyperparameters: Mapping[str, object], inputs: Sequence[Path]
) -> RunIdentity:
    """Return the identity of this run; write it on the first start.

    Raises:
        JobError: the folder holds the checkpoints of another run; resuming from them would give
            wrong weights without an error.
    """
    root.mkdir(parents=True, exist_ok=True)
    path = root / FILE_NAME
    parts = json.dumps(dict(hyperparameters), sort_keys=True), *(digest(path) for path in inputs)
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        identity = RunIdentity(path, known["fingerprint"], tuple(known["resumedFromSteps"]))
    except (FileNotFoundError, ValueError, KeyError):
        identity = RunIdentity(path, fingerprint, ())
        identity.write()
    if identity.fingerprint != fingerprint:
        raise JobError(
            "The checkpoint folder belongs to a run with other hyperparameters or other training"
            " data. Give every run its own CheckpointConfig.S3Uri (locally: SM_CHECKPOINT_DIR)."
        )
    return identity
