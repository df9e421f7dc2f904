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
from batching import EncodedRow, EncodedRows, LengthGroupedSampler
from callbacks import (
    EpochOrder,
    Report,
    SaveWhenDue,
    StopOnInterruption,
    StopWithoutImprovement,
)
from classifier import classify, ngram_layer_of
from safetensors.torch import load_file
from scoring import Validation, not_finite
from settings import Settings
from training_arguments import training_arguments
from transformers.modeling_utils import PreTrainedModel
from transformers.trainer import TRAINER_STATE_NAME, Trainer
from transformers.trainer_callback import PrinterCallback, TrainerState
from transformers.utils import SAFE_WEIGHTS_NAME

from job.checkpoint_schedule import CheckpointSchedule
from job.checkpoints import CheckpointStore, find_damage
from job.classification import Scores
from job.errors import JobError
from job.events import emit, log
from job.interruption import Interruption

# With fewer, which epoch is the best one is chance.
FEWEST_VALIDATION_ROWS = 50
# Peak rate of weights whose inputs are vectors of length 1.
NGRAM_LEARNING_RATE = 0.05


class ResumableTrainer(Trainer):
    """Trains on encoded rows, groups them by length, and saves through a CheckpointStore."""

    def __init__(
        self,
        network: PreTrainedModel,
        rows: Sequence[EncodedRow],
        validation: Validation,
        settings: Settings,
        store: CheckpointStore,
        interruption: Interruption,
    ) -> None:
        self.network = network
        self.rows = rows
        self._validation = validation
        self._settings = settings
        self._store = store
        self._output_dir = str(store.root)
        self._losses: list[torch.Tensor] = []
        # Scores and loss on the validation rows, by the step after which they were measured.
        self.measured: dict[int, tuple[Scores, float]] = {}
        self._schedule = CheckpointSchedule(settings.save_seconds)
        steps_per_epoch = -(-len(rows) // settings.per_device_train_batch_size)
        self._early_stop = StopWithoutImprovement(settings.early_stopping_patience, steps_per_epoch)
        super().__init__(
            model=network,
            args=training_arguments(
                settings, store.root, steps_per_epoch, evaluates=self._chooses_an_epoch()
            ),
            train_dataset=EncodedRows(rows),
            eval_dataset=EncodedRows(validation.rows),
            data_collator=validation.collate,
            callbacks=[
                EpochOrder(lambda epoch: self.sampler.set_epoch(epoch)),
                Report(self._mean_loss_since_last_report),
                SaveWhenDue(self._schedule),
                StopOnInterruption(interruption),
                self._early_stop,
            ],
        )
        self.remove_callback(PrinterCallback)

    def _chooses_an_epoch(self) -> bool:
        wanted = self._settings.load_best_model_at_end or self._settings.early_stopping_patience > 0
        count = len(self._validation.rows)
        if wanted and count < FEWEST_VALIDATION_ROWS:
            log(
                f"{count} validation rows are too few to choose an epoch by"
                f" ({FEWEST_VALIDATION_ROWS} are needed): the last one is kept"
            )
        return wanted and count >= FEWEST_VALIDATION_ROWS

    def run(self, checkpoint: Path | None) -> None:
        """Train to the end or an interruption, from the checkpoint if there is one.

        A training that early stopping has ended is not taken up again.
        """
        if checkpoint is not None:
            state = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME))
            if self._early_stop.is_over(state):
                self.state = state
                self._load_weights(checkpoint)
                return
        self.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)

    def load_best(self) -> int:
        """Take the weights of the best epoch, if they are wanted; return the step they are of.

        Raises:
            JobError: the checkpoint that holds them is damaged.
        """
        best = self.state.best_global_step
        if not best or not self._settings.load_best_model_at_end:
            return self.state.global_step
        if best != self.state.global_step:
            checkpoint = self._store.root / f"checkpoint-{best}"
            damage = find_damage(checkpoint)
            if damage is not None:
                raise JobError(
                    f"The checkpoint of the best epoch, {checkpoint.name}, cannot be read"
                    f" ({damage}). Train again with an empty folder of checkpoints."
                )
            self._load_weights(checkpoint)
        return best

    def _load_weights(self, checkpoint: Path) -> None:
        self.network.load_state_dict(load_file(checkpoint / SAFE_WEIGHTS_NAME))

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:  # noqa: ANN401
        """Return what the Trainer may choose the best epoch by."""
        scores, loss = self._validation.evaluate(self.network)
        self.measured[self.state.global_step] = scores, loss
        log(f"step {self.state.global_step}: validation loss {loss:.4f}, F1 {scores.macro_f1:.4f}")
        metrics = {
            "eval_loss": loss,
            "eval_accuracy": scores.accuracy,
            "eval_macro_f1": scores.macro_f1,
        }
        # Takes back the request, which the Trainer would find again at the end of the epoch.
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def _get_train_sampler(self, train_dataset: object = None) -> LengthGroupedSampler:
        """Return our own sampler in place of a random one; the name is the Trainer's hook."""
        lengths = [len(row.input_ids) for row in self.rows]
        batch_size = self._settings.per_device_train_batch_size
        self.sampler = LengthGroupedSampler(lengths, batch_size, self._settings.seed)
        return self.sampler

    def floating_point_ops(self, inputs: object) -> int:
        """Return 0 for every batch: an estimate takes 2 % of a step, and nothing reads it."""
        return 0

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

    def _mean_loss_since_last_report(self) -> float:
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
            self._store.commit(
                staging / f"checkpoint-{step}", step, best=self.state.best_global_step
            )
            staging.rmdir()
        emit("checkpoint", step=step)

    def _get_output_dir(self, trial: object) -> str:
        return self._output_dir
