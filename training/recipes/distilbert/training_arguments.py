"""The settings of a run in the words of the Hugging Face Trainer."""

from __future__ import annotations

from pathlib import Path

import torch
from devices import mixed_precision
from settings import Settings
from transformers.training_args import TrainingArguments


def training_arguments(
    settings: Settings, folder: Path, steps_per_epoch: int, *, evaluates: bool
) -> TrainingArguments:
    """Return arguments that save, and if wanted evaluate before, after the last step of an epoch.

    In one step, not at the end of the epoch: after an interruption the Trainer would take the
    middle of an epoch for its end.
    """
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
        eval_strategy="steps" if evaluates else "no",
        eval_steps=steps_per_epoch,
        metric_for_best_model=settings.metric_for_best_model,
        greater_is_better=settings.metric_for_best_model != "loss",
        # ResumableTrainer does so, from the checkpoints of its store.
        load_best_model_at_end=False,
        save_strategy="steps",
        # CheckpointSchedule decides on all others.
        save_steps=steps_per_epoch,
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
