"""Groups of near-duplicates: a newsletter sent twice with other dates, the answers of a template.

They leak when they are on different sides: a model that saw one in training scores for recognising
the other in the test. So a whole group goes to one side (see splitting.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from prepare.sketches import Rarity, Sketch, are_near_duplicates

# Up to so many texts with a common element are compared with each other; of more, each is compared
# with one of each group, so that the time grows with the rows and not with their square.
MOST_COMPARED = 24
# Groups that a text is compared with among many texts with a common element.
MOST_GROUPS = 16
# Comparisons in vain per text among many, all elements together: what a small vocabulary costs.
MOST_IN_VAIN = 48


class Groups:
    """Rows by number, each in one group; at first on its own."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def find(self, row: int) -> int:
        """Return the number that all rows of this row's group share."""
        parents = self._parents
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    def join(self, one: int, other: int) -> None:
        """Make one group of the groups of two rows."""
        first, second = self.find(one), self.find(other)
        # The smaller number stays, so that the result does not depend on the order of joins.
        self._parents[max(first, second)] = min(first, second)

    def members(self) -> list[list[int]]:
        """Return the rows of each group in ascending order."""
        by_root: dict[int, list[int]] = {}
        for row in range(len(self._parents)):
            by_root.setdefault(self.find(row), []).append(row)
        return list(by_root.values())


def join_near_duplicates(sketches: Sequence[Sketch[int]], groups: Groups) -> None:
    """Join the groups of rows whose texts are near-duplicates; row n has sketch n.

    Two near-duplicates have an element of their prefixes in common, so only those are compared.
    """
    distinct: dict[bytes, int] = {}
    for row, elements in enumerate(sketches):
        first = distinct.setdefault(elements.tobytes(), row)
        if first != row:
            groups.join(first, row)
    compared: set[tuple[int, int]] = set()
    in_vain = [0] * len(sketches)

    def are_compared_and_joined(one: int, other: int) -> bool:
        pair = (one, other) if one < other else (other, one)
        if pair in compared:
            return False
        compared.add(pair)
        if not are_near_duplicates(sketches[one], sketches[other]):
            return False
        groups.join(one, other)
        return True

    for rows in _rows_by_element(sketches, distinct.values(), Rarity(sketches)):
        if len({groups.find(row) for row in rows}) == 1:
            continue
        if len(rows) <= MOST_COMPARED:
            for index, row in enumerate(rows):
                for other in rows[:index]:
                    if groups.find(row) != groups.find(other):
                        are_compared_and_joined(row, other)
            continue
        one_of_each: list[int] = []
        for row in rows:
            root = groups.find(row)
            if any(groups.find(other) == root for other in one_of_each):
                continue
            for other in one_of_each:
                if in_vain[row] >= MOST_IN_VAIN:
                    break
                if are_compared_and_joined(row, other):
                    break
                in_vain[row] += 1
            else:
                if len(one_of_each) < MOST_GROUPS:
                    one_of_each.append(row)


def _rows_by_element(
    sketches: Sequence[Sketch[int]], rows: Iterable[int], rarity: Rarity
) -> Iterator[list[int]]:
    """Yield the rows of each element that is in the prefix of several.

    Sorted numbers take a fifth of the memory of a dictionary of lists.
    """
    pairs = sorted(element << 32 | row for row in rows for element in rarity.prefix(sketches[row]))
    start = 0
    for end in range(1, len(pairs) + 1):
        if end < len(pairs) and pairs[end] >> 32 == pairs[start] >> 32:
            continue
        if end - start > 1:
            yield [pair & 0xFFFFFFFF for pair in pairs[start:end]]
        start = end
