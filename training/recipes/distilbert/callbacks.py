"""What happens after a step: its event, a checkpoint when one is due, the end of the training."""

from __future__ import annotations

from collections.abc import Callable

from transformers.trainer_callback import TrainerCallback, TrainerControl, TrainerState
from transformers.training_args import TrainingArguments

from job.checkpoint_schedule import CheckpointSchedule
from job.events import ProgressReporter
from job.interruption import Interruption


class EpochOrder(TrainerCallback):
    """Sets the epoch of the sampler, which not every version of accelerate does."""

    def __init__(self, set_epoch: Callable[[int], None]) -> None:
        self._set_epoch = set_epoch

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Set the epoch that begins."""
        self._set_epoch(int(state.epoch or 0))


class Report(TrainerCallback):
    """Turns steps into progress events; `mean_loss` is that of the steps since its last call."""

    def __init__(self, mean_loss: Callable[[], float]) -> None:
        self._mean_loss = mean_loss
        self._reporter: ProgressReporter | None = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Begin to count."""
        self._reporter = ProgressReporter(state.max_steps)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Emit an event when one is due."""
        if self._reporter is not None:
            self._reporter.update(
                state.global_step,
                samples=args.per_device_train_batch_size,
                epoch=state.epoch or 0.0,
                loss=self._mean_loss,
            )


class SaveWhenDue(TrainerCallback):
    """Requests a checkpoint after a step when one is due."""

    def __init__(self, schedule: CheckpointSchedule) -> None:
        self._schedule = schedule

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Ask for a checkpoint."""
        if self._schedule.is_due():
            control.should_save = True


class StopOnInterruption(TrainerCallback):
    """After SIGTERM: finish the step, save, stop."""

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Stop once a SIGTERM has come."""
        if self._interruption.requested:
            control.should_save = True
            control.should_training_stop = True


class StopWithoutImprovement(TrainerCallback):
    """Stops after an epoch when `patience` epochs in a row were no better than the best; 0: never.

    Unlike EarlyStoppingCallback it counts nothing itself: all it needs is in a checkpoint's state,
    so that a resumed run stops where an uninterrupted one does.
    """

    def __init__(self, patience: int, steps_per_epoch: int) -> None:
        self._patience = patience
        self._steps_per_epoch = steps_per_epoch

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Stop when there was no improvement; the step's evaluation is behind it."""
        if self.is_over(state):
            control.should_training_stop = True

    def is_over(self, state: TrainerState) -> bool:
        """Return whether a training in this state is not to go on."""
        if not self._patience or not state.best_global_step:
            return False
        epochs_since_best = (state.global_step - state.best_global_step) // self._steps_per_epoch
        return epochs_since_best >= self._patience
