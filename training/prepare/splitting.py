"""Which side of the split a row belongs to, decided by its content, its group or its time.

The side of a row is a hash of its normalised content, so it is the same in every version of a
dataset: rows can be added, removed, reordered and relabelled, and no row that was ever held out is
trained on later. A random split loses that property with the first new row.

Rows that belong together (near-duplicates, or the same value in the group column) are a unit and go
to one side: that of the member whose name has the smallest hash. So a unit of k rows changes sides
only when one of its new rows happens to come first, with a chance below 1 in k + 1.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")

# A unit of at most so many rows, or of at most this share of all rows, goes where its hash says.
SMALL_ROWS = 10
SMALL_SHARE = 0.01
# A larger one goes there too, unless it gives the side more than this part of its share of a label.
MOST_OF_SHARE = 1.25


@dataclass(frozen=True, slots=True)
class SplitRule:
    """Fractions in (0, 1) and the salt of the hash.

    Keep all of them for the life of a model: another salt means another test set, and scores that
    cannot be compared with earlier ones.
    """

    validation_fraction: float = 0.1
    test_fraction: float = 0.2
    salt: str = "mlops"

    def __post_init__(self) -> None:
        """Refuse fractions that leave no room for a side."""
        for name in ("validation_fraction", "test_fraction"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, must be between 0 and 1")
        if self.validation_fraction + self.test_fraction > 0.9:
            raise ValueError("validation and test together take more than 0.9 of the rows")

    def side_of(self, name: str) -> Side:
        """Return the side of the row with this normalised content, or of this group."""
        position = self.position(name)
        if position < self.test_fraction:
            return "test"
        if position < self.test_fraction + self.validation_fraction:
            return "validation"
        return "train"

    def position(self, name: str) -> float:
        """Return where the name lies in [0, 1): the test side begins at 0."""
        return unit_interval(f"{self.salt}\0{name}")

    def share_of(self, side: Side) -> float:
        """Return the part of all rows that a side should have."""
        if side == "test":
            return self.test_fraction
        if side == "validation":
            return self.validation_fraction
        return 1 - self.test_fraction - self.validation_fraction


def unit_interval(text: str) -> float:
    """Return a number in [0, 1) that is uniform over different texts and fixed for one."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8]) / 2**64


@dataclass(frozen=True, slots=True)
class Unit:
    """Rows that stay together, by number; `leader` is the name that decides their side."""

    rows: list[int]
    leader: str
    labels: Counter[str]


@dataclass(frozen=True, slots=True)
class Split:
    """The side of each row; `torn` counts the rows of units that had to be on several sides."""

    sides: list[Side]
    torn: int = 0


def to_units(
    groups: Iterable[list[int]], names: Sequence[str], labels: Sequence[str]
) -> list[Unit]:
    """Return a unit for each group of rows; row n has name n and label n."""
    return [
        Unit(rows, _leader(names[row] for row in rows), Counter(labels[row] for row in rows))
        for rows in groups
    ]


def _leader(names: Iterable[str]) -> str:
    different = set(names)
    return min(different, key=_order) if len(different) > 1 else different.pop()


def _order(name: str) -> tuple[float, str]:
    # Not the position, or large units would lead to the test side.
    return unit_interval(f"order\0{name}"), name


def split_by_content(
    units: Sequence[Unit], names: Sequence[str], rule: SplitRule, *, may_tear: bool
) -> Split:
    """Give each unit a side, so that no side has too much of a label where units are large.

    Args:
        units: together all rows.
        names: of the rows.
        rule: where the hash of a name lies.
        may_tear: whether a unit may be on several sides where a side would be empty otherwise.
    """
    sides = _sides_of_units(units, rule)
    _give_labels_to_train(units, sides)
    torn = 0
    of_row: list[Side] = ["train"] * len(names)
    for empty in ("test", "validation"):
        if empty not in sides and not _give_a_unit_to(empty, units, sides) and may_tear:
            torn += _tear(empty, units, sides, of_row, names, rule)
    for unit, side in zip(units, sides, strict=True):
        if side != "torn":
            for row in unit.rows:
                of_row[row] = side
    return Split(of_row, torn)


def _sides_of_units(units: Sequence[Unit], rule: SplitRule) -> list[Side | Literal["torn"]]:
    total = sum(len(unit.rows) for unit in units)
    most = max(SMALL_ROWS, SMALL_SHARE * total)
    sides: list[Side | Literal["torn"]] = [rule.side_of(unit.leader) for unit in units]
    large = [index for index, unit in enumerate(units) if len(unit.rows) > most]
    if not large:
        return sides
    of_label = Counter[str]()
    given = Counter[tuple[str, str]]()
    for unit, side in zip(units, sides, strict=True):
        of_label.update(unit.labels)
        if len(unit.rows) <= most:
            given.update({(side, label): count for label, count in unit.labels.items()})

    def fullness(side: Side, unit: Unit) -> float:
        label, _ = max(unit.labels.items(), key=lambda item: (item[1], item[0]))
        rows = given[side, label] + unit.labels[label]
        return rows / (rule.share_of(side) * of_label[label])

    for index in sorted(large, key=lambda index: _order(units[index].leader)):
        unit = units[index]
        side = rule.side_of(unit.leader)
        if fullness(side, unit) > MOST_OF_SHARE:
            side = min(SIDES, key=lambda side: fullness(side, unit))
        sides[index] = side
        given.update({(side, label): count for label, count in unit.labels.items()})
    return sides


def _give_labels_to_train(units: Sequence[Unit], sides: list[Side | Literal["torn"]]) -> None:
    """Move the largest unit of each label that is only held out; single rows stay."""
    trained = {
        label
        for unit, side in zip(units, sides, strict=True)
        if side == "train"
        for label in unit.labels
    }
    for label in sorted({label for unit in units for label in unit.labels} - trained):
        of_label = [
            index for index, unit in enumerate(units) if label in unit.labels and len(unit.rows) > 1
        ]
        if of_label:
            largest = max(of_label, key=lambda index: (units[index].labels[label], -index))
            sides[largest] = "train"


def _give_a_unit_to(
    empty: Side, units: Sequence[Unit], sides: list[Side | Literal["torn"]]
) -> bool:
    """Move the smallest unit that leaves rows of all its labels in train; tell whether there is."""
    trained = Counter[str]()
    for unit, side in zip(units, sides, strict=True):
        if side == "train":
            trained.update(unit.labels)
    movable = [
        index
        for index, unit in enumerate(units)
        if sides[index] == "train"
        and len(unit.rows) > 1
        and all(trained[label] > count for label, count in unit.labels.items())
    ]
    if not movable:
        return False
    sides[min(movable, key=lambda index: (len(units[index].rows), index))] = empty
    return True


def _tear(
    empty: Side,
    units: Sequence[Unit],
    sides: list[Side | Literal["torn"]],
    of_row: list[Side],
    names: Sequence[str],
    rule: SplitRule,
) -> int:
    """Let the rows of all units of several rows in train go where each row's own hash says."""
    torn = 0
    for index, unit in enumerate(units):
        if len(unit.rows) < 2 or sides[index] not in ("train", "torn"):
            continue
        for row in unit.rows:
            if (own := rule.side_of(names[row])) == empty:
                of_row[row] = own
        if sides[index] == "train":
            sides[index] = "torn"
            torn += len(unit.rows)
    return torn


def split_by_time(units: Sequence[Unit], times: Sequence[float], rule: SplitRule) -> Split:
    """Hold out the newest rows: those of the units whose oldest row is the newest.

    So every held-out row belongs to something that began after what was trained on, and a group
    that goes on for long is trained on as a whole. Row n has time n.
    """
    total = len(times)
    sides: list[Side] = ["train"] * total
    before = 0
    validation_from = (1 - rule.test_fraction - rule.validation_fraction) * total
    test_from = (1 - rule.test_fraction) * total
    for unit in sorted(
        units, key=lambda unit: (min(times[row] for row in unit.rows), _order(unit.leader))
    ):
        side: Side = "test"
        if before < validation_from:
            side = "train"
        elif before < test_from:
            side = "validation"
        for row in unit.rows:
            sides[row] = side
        before += len(unit.rows)
    return Split(sides)
