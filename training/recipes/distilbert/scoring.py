"""How well a network does on the validation rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from batching import EncodedRow, PaddingCollator
from classifier import classify

from job.classification import Scores, score
from job.errors import JobError

BATCH_SIZE = 64


@dataclass(frozen=True, slots=True)
class Validation:
    """The validation rows, encoded and as they are labelled, and the names of the labels."""

    rows: Sequence[EncodedRow]
    truth: Sequence[str]
    labels: Sequence[str]
    collate: PaddingCollator

    def evaluate(self, network: torch.nn.Module) -> tuple[Scores, float]:
        """Return the scores and the mean cross-entropy in nats; draws no random number.

        Raises:
            JobError: the loss is not a finite number, so the weights are of no use.
        """
        network.eval()
        device = next(network.parameters()).device
        by_length = sorted(range(len(self.rows)), key=lambda i: len(self.rows[i].input_ids))
        predicted: list[str] = [""] * len(self.rows)
        total_loss = 0.0
        for start in range(0, len(self.rows), BATCH_SIZE):
            indices = by_length[start : start + BATCH_SIZE]
            batch = self.collate([self.rows[index] for index in indices])
            batch = {name: tensor.to(device) for name, tensor in batch.items()}
            targets = batch.pop("labels")
            with torch.inference_mode():
                logits = classify(network, batch).float()
            loss = torch.nn.functional.cross_entropy(logits, targets, reduction="sum")
            total_loss += loss.item()
            for index, best in zip(indices, logits.argmax(dim=-1).tolist(), strict=True):
                predicted[index] = self.labels[int(best)]
        if not math.isfinite(total_loss):
            raise not_finite("on the validation rows")
        return score(self.truth, predicted), total_loss / len(self.rows)


def not_finite(where: str) -> JobError:
    """Return the failure of a run whose loss, `where` says which, is NaN or infinite."""
    return JobError(
        f"The loss {where} is not a finite number, so training has diverged and no model is"
        " published. Lower learning_rate."
    )
