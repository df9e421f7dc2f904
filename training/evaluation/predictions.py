"""predictions.csv: what the models answered to each held-out row, and what the row belongs to."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.judging import Judgement
from job.rows import Row

PREDICTIONS_HEADER = (
    "id",
    "label",
    "candidate",
    "candidate_score",
    "production",
    "production_score",
)
# Their columns are written only where they were asked.
OPTIONAL_COLUMNS = ("anchor", "baseline")
# Before the name of a column of the dataset by whose values the rows are compared.
SLICE_PREFIX = "slice:"


def write_predictions(
    path: Path, rows: Sequence[Row], answered: Mapping[str, Judgement | None]
) -> None:
    """Write one line per test row, in their order; a model without answers has empty cells.

    Scores have 6 decimals. What the rows belong to follows, where that is known.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        optional = [name for name in OPTIONAL_COLUMNS if name in answered]
        extra = [column for name in optional for column in (name, f"{name}_score")]
        slices = sorted({name for row in rows for name in row.slices})
        writer.writerow([*PREDICTIONS_HEADER, *extra, *(SLICE_PREFIX + name for name in slices)])
        for index, row in enumerate(rows):
            cells = [row.id, row.label]
            for judgement in answered.values():
                answer = judgement.answers[index] if judgement else None
                cells += [answer.label, f"{answer.score:.6f}"] if answer else ["", ""]
            writer.writerow([*cells, *(row.slices.get(name, "") for name in slices)])
