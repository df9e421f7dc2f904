"""The Hugging Face Trainer with checkpoints that survive a kill and a resume that is exact.

An interrupted and resumed run ends with the same bytes of weights as an uninterrupted one (on the
same kind of machine with the same number of threads), because rows come in an order that depends
only on (seed, epoch), and because a checkpoint is taken after an optimizer step: weights,
optimizer, schedule and random states of one moment. `enable_jit_checkpoint` saves before the step
and is not exact; the Trainer's own checkpoints are not atomic, and one torn by a kill fails every
retry.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from batching import EncodedRow, EncodedRows, LengthGroupedSampler, PaddingCollator
from classifier import classify, ngram_layer_of
from devices import mixed_precision
from settings import Settings
from transformers.modeling_utils import PreTrainedModel
from transformers.trainer import Trainer
from transformers.trainer_callback import (
    PrinterCallback,
    TrainerCallback,
    TrainerControl,
    TrainerState,
)
from transformers.training_args import TrainingArguments

from job.checkpoint_schedule import CheckpointSchedule
from job.checkpoints import CheckpointStore
from job.errors import JobError
from job.events import ProgressReporter, emit
from job.interruption import Interruption

# Peak rate of weights whose inputs are vectors of length 1.
NGRAM_LEARNING_RATE = 0.05


class ResumableTrainer(Trainer):
    """Trains on encoded rows, groups them by length, and saves through a CheckpointStore."""

    def __init__(
        self,
        model: PreTrainedModel,
        collate: PaddingCollator,
        rows: Sequence[EncodedRow],
        settings: Settings,
        store: CheckpointStore,
        interruption: Interruption,
    ) -> None:
        self.network = model
        self.rows = rows
        self._settings = settings
        self._store = store
        self._output_dir = str(store.root)
        self._losses: list[torch.Tensor] = []
        self._schedule = CheckpointSchedule(settings.save_seconds)
        super().__init__(
            model=model,
            args=_training_arguments(settings, store.root, len(rows)),
            train_dataset=EncodedRows(rows),
            data_collator=collate,
            callbacks=[
                _EpochOrder(self),
                _Report(self),
                _SaveWhenDue(self._schedule),
                _StopOnInterruption(interruption),
            ],
        )
        self.remove_callback(PrinterCallback)

    def _get_train_sampler(self, train_dataset: object = None) -> LengthGroupedSampler:
        """Return our own sampler in place of a random one; the name is the Trainer's hook."""
        lengths = [len(row.input_ids) for row in self.rows]
        batch_size = self._settings.per_device_train_batch_size
        self.sampler = LengthGroupedSampler(lengths, batch_size, self._settings.seed)
        return self.sampler

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:  # noqa: ANN401
        """Give the n-gram layer a learning rate of its own: it is linear, and begins at zero."""
        optimizer = super().create_optimizer(*args, **kwargs)
        layer = ngram_layer_of(self.network)
        if layer is not None:
            for group in optimizer.param_groups:
                group["params"] = [each for each in group["params"] if each is not layer.weight]
            optimizer.add_param_group({"params": [layer.weight], "lr": NGRAM_LEARNING_RATE})
        return optimizer

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, torch.Tensor],
        *_: Any,  # noqa: ANN401
        **__: Any,  # noqa: ANN401
    ) -> torch.Tensor:
        """Return the mean cross-entropy of a batch in nats."""
        labels = inputs.pop("labels")
        return torch.nn.functional.cross_entropy(classify(model, inputs), labels)

    def training_step(self, *args: Any, **kwargs: Any) -> torch.Tensor:  # noqa: ANN401
        """Run one step and remember its loss for the next progress event.

        Raises:
            JobError: the loss is not a finite number, so the weights are of no use.
        """
        loss = super().training_step(*args, **kwargs)
        if not torch.isfinite(loss):
            raise not_finite(f"of step {self.state.global_step + 1}")
        self._losses.append(loss.detach())
        return loss

    def mean_loss_since_last_report(self) -> float:
        """Return the mean training loss of the steps since the last call."""
        loss = torch.stack(self._losses).mean().item()
        self._losses.clear()
        return loss

    def _save_checkpoint(self, model: torch.nn.Module, trial: object) -> None:
        """Write where `_get_output_dir` says, then commit; never leaves a half-written one."""
        step = self.state.global_step
        with self._schedule.writing():
            staging = self._store.staging_folder()
            self._output_dir = str(staging)
            super()._save_checkpoint(model, trial)
            self._store.commit(staging / f"checkpoint-{step}", step)
            staging.rmdir()
        emit("checkpoint", step=step)

    def _get_output_dir(self, trial: object) -> str:
        return self._output_dir


def not_finite(where: str) -> JobError:
    """Return the failure of a run whose loss, `where` says which, is NaN or infinite."""
    return JobError(
        f"The loss {where} is not a finite number, so training has diverged and no model is"
        " published. Lower learning_rate."
    )


def _training_arguments(settings: Settings, folder: Path, row_count: int) -> TrainingArguments:
    steps_per_epoch = -(-row_count // settings.per_device_train_batch_size)
    total_steps = steps_per_epoch * settings.num_train_epochs
    precision = mixed_precision()
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=settings.num_train_epochs,
        per_device_train_batch_size=settings.per_device_train_batch_size,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        # As a number of steps: warmup_ratio is on its way out of transformers 5.
        warmup_steps=int(settings.warmup_ratio * total_steps),
        lr_scheduler_type="linear",
        seed=settings.seed,
        data_seed=settings.seed,
        save_strategy="steps",
        # Only the last step; CheckpointSchedule decides on all others.
        save_steps=total_steps,
        # CheckpointStore drops old ones, after the new one is safe.
        save_total_limit=None,
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        dataloader_pin_memory=torch.cuda.is_available(),
    )


class _EpochOrder(TrainerCallback):
    """Sets the epoch of the sampler, which not every version of accelerate does."""

    def __init__(self, trainer: ResumableTrainer) -> None:
        self._trainer = trainer

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        self._trainer.sampler.set_epoch(int(state.epoch or 0))


class _Report(TrainerCallback):
    """Turns steps into progress events."""

    def __init__(self, trainer: ResumableTrainer) -> None:
        self._trainer = trainer
        self._reporter: ProgressReporter | None = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        self._reporter = ProgressReporter(state.max_steps)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        if self._reporter is not None:
            self._reporter.update(
                state.global_step,
                samples=args.per_device_train_batch_size,
                epoch=state.epoch or 0.0,
                loss=self._trainer.mean_loss_since_last_report,
            )


class _SaveWhenDue(TrainerCallback):
    """Requests a checkpoint after a step when one is due."""

    def __init__(self, schedule: CheckpointSchedule) -> None:
        self._schedule = schedule

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        if self._schedule.is_due():
            control.should_save = True


class _StopOnInterruption(TrainerCallback):
    """After SIGTERM: finish the step, save, stop."""

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        if self._interruption.requested:
            control.should_save = True
            control.should_training_stop = True
