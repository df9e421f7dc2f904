"""The hyperparameters of this recipe as a typed value; recipe.json says what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from job.errors import JobError
from job.paths import JobPaths


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated hyperparameters; the names are those of TrainingArguments and DistilBertConfig."""

    base_model: str
    max_length: int
    num_train_epochs: int
    per_device_train_batch_size: int
    learning_rate: float
    weight_decay: float
    warmup_ratio: float
    seed: int
    save_seconds: float
    n_layers: int
    dim: int
    n_heads: int
    vocab_size: int
    dropout: float

    def __post_init__(self) -> None:
        """Check what a single hyperparameter's limits cannot say."""
        if self.dim % self.n_heads:
            raise JobError(
                f'Hyperparameter "dim" is {self.dim}, but must be a multiple of "n_heads"'
                f" ({self.n_heads})."
            )


def find_base_model(paths: JobPaths, settings: Settings) -> str | None:
    """Return the folder or hub id to start from, or None to start from scratch.

    Raises:
        JobError: `base_model` looks like a path but no such folder exists.
    """
    channel = paths.optional_channel("base_model")
    if channel is not None:
        return str(channel)
    name = settings.base_model
    if name.startswith((".", "/")) and not Path(name).is_dir():
        raise JobError(f'Hyperparameter "base_model" is "{name}", but there is no such folder.')
    return name or None
