"""Which side of the split a row belongs to, decided by its content alone.

The side is a hash of the row's normalised content, so it is the same in every version of a
dataset: rows can be added, removed, reordered and relabelled, and no row that was ever held out is
trained on later. A random split loses that property with the first new row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class SplitRule:
    """Fractions in (0, 1) and the salt of the hash; rows in `pinned_test_ids` are always in test.

    Keep all of them for the life of a model: another salt means another test set, and scores that
    cannot be compared with earlier ones.
    """

    validation_fraction: float = 0.1
    test_fraction: float = 0.2
    salt: str = "mlops"
    pinned_test_ids: frozenset[str] = field(default=frozenset())

    def __post_init__(self) -> None:
        """Refuse fractions that leave no room for a side."""
        for name in ("validation_fraction", "test_fraction"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, must be between 0 and 1")
        if self.validation_fraction + self.test_fraction > 0.9:
            raise ValueError("validation and test together take more than 0.9 of the rows")

    def side_of(self, key: str, row_id: str) -> Side:
        """Return the side of the row with this normalised content and id."""
        if row_id in self.pinned_test_ids:
            return "test"
        position = unit_interval(f"{self.salt}\0{key}")
        if position < self.test_fraction:
            return "test"
        if position < self.test_fraction + self.validation_fraction:
            return "validation"
        return "train"


def unit_interval(text: str) -> float:
    """Return a number in [0, 1) that is uniform over different texts and fixed for one."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8]) / 2**64
