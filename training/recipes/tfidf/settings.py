"""The hyperparameters of this recipe as a typed value; recipe.json says what they mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated hyperparameters; recipe.json says what they mean."""

    word_ngrams: int
    character_ngrams: int
    min_rows: int
    max_terms: int
    max_characters: int
    inverse_regularization: float
    max_iter: int
    class_weight: str

    @property
    def sklearn_class_weight(self) -> str | None:
        """Return class_weight as scikit-learn spells it."""
        return None if self.class_weight == "none" else self.class_weight
