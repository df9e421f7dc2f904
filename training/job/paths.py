"""Where a SageMaker training job finds its input and leaves its output.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from job.errors import JobError


@dataclass(frozen=True, slots=True)
class JobPaths:
    """The folders of one job; made by `from_environment`."""

    environment: Mapping[str, str]
    input_config: Path
    model: Path
    output: Path
    output_data: Path
    checkpoints: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> JobPaths:
        """Return the /opt/ml tree with every folder that an SM_ variable names replaced."""

        def folder(variable: str, default: str) -> Path:
            return Path(environment.get(variable) or f"/opt/ml/{default}")

        return cls(
            environment,
            input_config=folder("SM_INPUT_CONFIG_DIR", "input/config"),
            model=folder("SM_MODEL_DIR", "model"),
            output=folder("SM_OUTPUT_DIR", "output"),
            output_data=folder("SM_OUTPUT_DATA_DIR", "output/data"),
            checkpoints=folder("SM_CHECKPOINT_DIR", "checkpoints"),
        )

    def channel(self, name: str) -> Path:
        """Return the folder of an input channel.

        Raises:
            JobError: the job has no such channel.
        """
        folder = self.optional_channel(name)
        if folder is None:
            raise JobError(
                f'The job has no input channel "{name}": neither SM_CHANNEL_{name.upper()} nor'
                f" /opt/ml/input/data/{name} is a folder."
            )
        return folder

    def optional_channel(self, name: str) -> Path | None:
        """Return the folder of an input channel, or None when the job has none of that name."""
        named = self.environment.get(f"SM_CHANNEL_{name.upper()}")
        folder = Path(named or f"/opt/ml/input/data/{name}")
        return folder if folder.is_dir() else None
