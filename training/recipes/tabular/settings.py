"""The hyperparameters of this recipe as a typed value; recipe.json says what they mean."""

from __future__ import annotations

from dataclasses import dataclass

# Trees are grown in this many portions; progress is reported after each.
PORTIONS = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated hyperparameters; recipe.json says what they mean."""

    algorithm: str
    inverse_regularization: float
    max_iter: int
    learning_rate: float
    max_leaf_nodes: int
    n_estimators: int
    max_depth: int
    class_weight: str
    seed: int

    @property
    def sklearn_class_weight(self) -> str | None:
        """Return class_weight as scikit-learn spells it."""
        return None if self.class_weight == "none" else self.class_weight

    @property
    def total_steps(self) -> int:
        """Return how many steps `fit` reports."""
        return 1 if self.algorithm == "logistic_regression" else PORTIONS
