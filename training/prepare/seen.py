"""Which held-out rows an earlier version was trained on, exactly or nearly, also after cleaning.

The sides of two datasets agree as long as contents do. Rows that were cleaned, tables with another
column and units that moved have new ids and new sides, so a version may know what is held out now.
Its own prepared rows say so; validation rows count, because they chose its best checkpoint.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

from prepare.examples import Example, text_key
from prepare.near_duplicates import MOST_IN_VAIN
from prepare.sketches import Rarity, Sketch, are_near_duplicates, sketch

# With fewer of the rows distinct in the columns that both tables have, equal values are chance.
LEAST_DISTINCT = 0.9
# Rows whose numbers are looked at for how many decimals a column has.
SAMPLED_ROWS = 1_000
MOST_DECIMALS = 9

_ID = slice(8, 24)
_ID_FIRST = '{"id": "'

# None where a cell is missing.
Features = Mapping[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version and the folder with the train.jsonl and validation.jsonl that it was trained on."""

    version: int
    folder: Path

    def lines(self) -> Iterator[str]:
        """Yield its rows as prepare_data.py wrote them."""
        for name in ("train", "validation"):
            path = self.folder / f"{name}.jsonl"
            if path.is_file():
                with path.open(encoding="utf-8") as lines:
                    yield from lines

    def is_known(self) -> bool:
        """Return whether its training rows are still there."""
        return (self.folder / "train.jsonl").is_file()


class SeenTexts:
    """Finds held-out texts among those of earlier versions.

    Args:
        held_out: the rows of the test side.
        others: ids of rows on other sides, none of which is like a held-out row.
        sketches: by id, of all rows.
    """

    def __init__(
        self,
        held_out: Sequence[Example],
        others: Collection[str],
        sketches: Mapping[str, Sketch[int]],
    ) -> None:
        self._others = others
        self._sketches = sketches
        self._rows: dict[bytes, list[str]] = defaultdict(list)
        for row in held_out:
            # Either of the two datasets may be the cleaned one, and cleaned in either way.
            for elements in (sketches[row.id], sketch(row.key, joins_words=True)):
                self._rows[elements.tobytes()].append(row.id)
        self._distinct = [array("I", elements) for elements in self._rows]
        self._numbers = {elements: number for number, elements in enumerate(self._rows)}
        self._rarity = Rarity(self._distinct)
        self._index: dict[int, list[int]] = defaultdict(list)
        for number, elements in enumerate(self._distinct):
            for element in self._rarity.prefix(elements):
                self._index[element].append(number)

    def seen_by(self, earlier: Earlier) -> list[str]:
        """Return the ids of the held-out rows that the version was trained on, sorted."""
        seen: set[int] = set()
        looked_at: set[int] = set()
        for line in earlier.lines():
            for elements in self._sketches_of(line):
                raw = elements.tobytes()
                if hash(raw) in looked_at:
                    continue
                looked_at.add(hash(raw))
                if (number := self._numbers.get(raw)) is not None:
                    seen.add(number)
                self._search(elements, seen)
        groups = list(self._rows.values())
        return sorted({row_id for number in seen for row_id in groups[number]})

    def _sketches_of(self, line: str) -> Sequence[Sketch[int]]:
        """Return the sketches of a row; none of one that is like no held-out row."""
        row_id = line[_ID] if line.startswith(_ID_FIRST) else ""
        if row_id in self._others:
            return []
        if (known := self._sketches.get(row_id)) is not None:
            return [known]
        text = json.loads(line).get("text")
        if not isinstance(text, str):
            return []
        key = text_key(text)
        return [sketch(key), sketch(key, joins_words=True)]

    def _search(self, elements: Sketch[int], seen: set[int]) -> None:
        compared: set[int] = set()
        for element in self._rarity.prefix(elements):
            for number in self._index.get(element, ()):
                if number in seen or number in compared:
                    continue
                if len(compared) >= MOST_IN_VAIN:
                    return
                if are_near_duplicates(elements, self._distinct[number]):
                    seen.add(number)
                else:
                    compared.add(number)


def seen_features(
    held_out: Sequence[Example], examples: Sequence[Example], earlier: Earlier
) -> list[str] | None:
    """Return the ids of the held-out rows that the version was trained on, sorted.

    Rows are the same when they are in the columns that both tables have, with numbers rounded as in
    the coarser one. None when those columns do not tell rows apart.
    """
    now = [_features(row) for row in examples]
    before = [cast("Features", json.loads(line).get("features", {})) for line in earlier.lines()]
    common = sorted(set(now[0]).intersection(before[0])) if now and before else []
    if not common:
        return None
    decimals = [min(_decimals(now, name), _decimals(before, name)) for name in common]

    def key(features: Features) -> tuple[int | str | None, ...]:
        values = (features.get(name) for name in common)
        return tuple(
            value if value is None or isinstance(value, str) else round(value * 10**places)
            for value, places in zip(values, decimals, strict=True)
        )

    whole = {tuple(features.values()) for features in now}
    if len({key(features) for features in now}) < LEAST_DISTINCT * len(whole):
        return None
    known = {key(features) for features in before}
    return sorted(row.id for row in held_out if key(_features(row)) in known)


def _features(row: Example) -> Features:
    return {} if isinstance(row.content, str) else row.content


def _decimals(rows: Sequence[Features], name: str) -> int:
    values = [row.get(name) for row in rows[:SAMPLED_ROWS]]
    exponents = (
        Decimal(repr(value)).normalize().as_tuple().exponent
        for value in values
        if isinstance(value, int | float)
    )
    return min(MOST_DECIMALS, max((-int(exponent) for exponent in exponents), default=0))
