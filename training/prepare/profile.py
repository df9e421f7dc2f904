"""What a dataset looks like, so that another version's data can be compared with it."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

from prepare.examples import Example

# Up to here every row is listed; of more rows, those with the smallest ids, which are hashes.
SAMPLE_ROWS = 20_000
# Of the 16 digits of an id: two of 20,000 rows share these with a chance of 1 in a million.
ID_DIGITS = 12
# Of more columns with empty cells, those with the most are listed.
MAX_COLUMNS = 200


def profile_of(examples: Sequence[Example]) -> dict[str, object]:
    """Return the field `profile` of the report, see prepare-report.schema.json."""
    return {
        "textLength": _text_length(examples),
        "missing": _missing(examples),
        "sample": _sample(examples),
    }


def _text_length(examples: Sequence[Example]) -> dict[str, int] | None:
    lengths = [len(row.content) for row in examples if isinstance(row.content, str)]
    if len(lengths) < 2:
        return None
    lower, median, upper = statistics.quantiles(lengths, n=4, method="inclusive")
    return {"lower": round(lower), "median": round(median), "upper": round(upper)}


def _missing(examples: Sequence[Example]) -> dict[str, float] | None:
    """Return the share of empty cells of each feature that has any; None for texts."""
    counts = Counter[str]()
    for row in examples:
        if isinstance(row.content, str):
            return None
        counts.update(name for name, value in row.content.items() if value is None)
    most = sorted(counts, key=lambda name: (-counts[name], name))[:MAX_COLUMNS]
    return {name[:100]: round(counts[name] / len(examples), 4) for name in sorted(most)}


def _sample(examples: Sequence[Example]) -> dict[str, object]:
    """Return the labels of the rows whose id begins with less than `below`; null means all."""
    ordered = sorted((row.id[:ID_DIGITS], row.label) for row in examples)
    below = ordered[SAMPLE_ROWS][0] if len(ordered) > SAMPLE_ROWS else None
    rows: dict[str, list[str]] = defaultdict(list)
    for row_id, label in ordered:
        if below is None or row_id < below:
            rows[label].append(row_id)
    return {"below": below, "rows": dict(sorted(rows.items()))}
