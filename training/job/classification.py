"""Classification metrics in plain Python; importing scikit-learn for them costs a second.

Definitions as in scikit-learn's classification_report: a ratio with a denominator of 0 is 0.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The loss of a row that got probability 0, as in scikit-learn's log_loss for double precision.
SMALLEST_PROBABILITY = sys.float_info.epsilon


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Scores in [0, 1] of one label, and the number of its rows."""

    precision: float
    recall: float
    f1: float
    support: int

    def to_json(self) -> dict[str, float | int]:
        """Return the shape of `perClass` in metrics.schema.json and evaluation.schema.json."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "support": self.support,
        }


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one model on one set of rows.

    Averages are over the labels that occur in the true rows, so that two models with different
    label sets are averaged over the same classes.
    """

    accuracy: float
    macro_f1: float
    weighted_f1: float
    per_class: dict[str, ClassScores]


def score(truth: Sequence[str], predicted: Sequence[str]) -> Scores:
    """Compare two lists of labels of the same length, which must not be empty."""
    pairs = list(zip(truth, predicted, strict=True))
    correct = Counter(true for true, guess in pairs if true == guess)
    supports, guesses = Counter(truth), Counter(predicted)
    per_class: dict[str, ClassScores] = {}
    for label in sorted(supports):
        precision = correct[label] / guesses[label] if guesses[label] else 0.0
        recall = correct[label] / supports[label]
        # 2TP / (2TP + FP + FN), which needs no case for precision + recall = 0.
        f1 = 2 * correct[label] / (supports[label] + guesses[label])
        per_class[label] = ClassScores(precision, recall, f1, supports[label])
    return Scores(
        accuracy=correct.total() / len(pairs),
        macro_f1=mean(scores.f1 for scores in per_class.values()),
        weighted_f1=sum(s.f1 * s.support for s in per_class.values()) / len(pairs),
        per_class=per_class,
    )


def mean(values: Iterable[float]) -> float:
    """Return the arithmetic mean of at least one value."""
    numbers = list(values)
    return sum(numbers) / len(numbers)


def cross_entropy(
    probabilities: Sequence[Sequence[float]], truth: Sequence[str], labels: Sequence[str]
) -> float:
    """Return the mean negative log probability of the true label, in nats."""
    index = {label: position for position, label in enumerate(labels)}
    return mean(
        -math.log(max(row[index[label]] if label in index else 0.0, SMALLEST_PROBABILITY))
        for row, label in zip(probabilities, truth, strict=True)
    )
