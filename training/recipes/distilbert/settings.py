"""The hyperparameters of this recipe as a typed value; recipe.json says what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from job.errors import JobError
from job.hyperparameters import BASE_MODEL
from job.paths import JobPaths


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated hyperparameters; the names are those of TrainingArguments and DistilBertConfig."""

    base_model: str
    base_model_revision: str
    max_length: int
    num_train_epochs: int
    per_device_train_batch_size: int
    learning_rate: float
    weight_decay: float
    warmup_ratio: float
    load_best_model_at_end: bool
    metric_for_best_model: str
    early_stopping_patience: int
    seed: int
    save_seconds: float
    n_layers: int
    dim: int
    n_heads: int
    vocab_size: int
    dropout: float
    ngrams: bool

    def __post_init__(self) -> None:
        """Check what a single hyperparameter's limits cannot say."""
        if self.dim % self.n_heads:
            raise JobError(
                f'Hyperparameter "dim" is {self.dim}, but must be a multiple of "n_heads"'
                f" ({self.n_heads})."
            )


@dataclass(frozen=True, slots=True)
class BaseModel:
    """The pretrained model to start from.

    Attributes:
        source: a folder, or an id of the hub.
        revision: branch, tag or commit of the hub; None for a folder, or the newest.
    """

    source: str
    revision: str | None = None


def find_base_model(paths: JobPaths, settings: Settings) -> BaseModel | None:
    """Return the model to start from, or None to start from scratch.

    Raises:
        JobError: `base_model` looks like a path but no such folder exists, or a revision is given
            of what has none.
    """
    channel = paths.optional_channel(BASE_MODEL)
    source = str(channel or settings.base_model)
    is_folder = Path(source).is_dir() and source != ""
    if source.startswith((".", "/")) and not is_folder:
        raise JobError(f'Hyperparameter "base_model" is "{source}", but there is no such folder.')
    if settings.base_model_revision and (is_folder or not source):
        raise JobError(
            f'Hyperparameter "base_model_revision" is "{settings.base_model_revision}", but only a'
            " base_model of the hub has revisions."
        )
    return BaseModel(source, settings.base_model_revision or None) if source else None
