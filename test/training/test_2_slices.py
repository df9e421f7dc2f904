"""Columns by whose values held-out rows are compared, from the dataset to predictions.csv."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from conftest import Job, prepare, read_json_lines, text_rows, write_csv

COUNTRIES = ("DE", "  New \n Zealand ", "", "x" * 80)


def test_held_out_rows_keep_their_values_and_no_feature_is_made_of_them(tmp_path: Path) -> None:
    rows = [(index, index % 7, COUNTRIES[index % 4], "ab"[index % 2]) for index in range(400)]
    source = write_csv(tmp_path / "rows.csv", ("size", "noise", "country", "label"), rows)

    status, report = prepare(
        source,
        tmp_path / "out",
        "--task",
        "tabular-classification",
        "--slice-column",
        "country",
    )

    assert status == 0, report["errors"]
    assert report["columns"] == ["size", "noise", "label"]
    held_out = read_json_lines(tmp_path / "out" / "test.jsonl")
    assert {row["slices"]["country"] for row in held_out} == {"DE", "New Zealand", "", "x" * 64}
    assert all(set(row["features"]) == {"size", "noise"} for row in held_out)
    assert all("slices" not in row for row in read_json_lines(tmp_path / "out" / "train.jsonl"))


def test_a_slice_column_that_is_missing_is_named(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", ("text", "label"), text_rows(100))

    status, report = prepare(source, tmp_path / "out", "--slice-column", "txet")

    assert status == 2
    assert report["errors"][0]["code"] == "missing_slice_column"
    assert 'Did you mean "text"?' in report["errors"][0]["hint"]
    assert "gate.slices" in report["errors"][0]["hint"]


@pytest.mark.parametrize("names", [(), ("country",), ("country", "group")])
def test_predictions_say_what_a_row_belongs_to(
    tfidf_model: Job, tmp_path: Path, names: tuple[str, ...]
) -> None:
    rows = [(text, label, f"c{i % 3}", "a, b") for i, (text, label) in enumerate(text_rows(400, 5))]
    source = write_csv(tmp_path / "rows.csv", ("text", "label", "country", "group"), rows)
    options = [part for name in names for part in ("--slice-column", name)]
    prepare(source, tmp_path / "out", *options)
    job = Job(tmp_path, {"test": tmp_path / "out", "candidate": tfidf_model.model})

    status, _, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    with (job.output_data / "predictions.csv").open(encoding="utf-8", newline="") as file:
        predictions = list(csv.DictReader(file))
    slices = [name for name in predictions[0] if name.startswith("slice:")]
    assert slices == [f"slice:{name}" for name in names]
    by_id = {
        row["id"]: row.get("slices", {}) for row in read_json_lines(tmp_path / "out/test.jsonl")
    }
    assert all(
        row[f"slice:{name}"] == by_id[row["id"]][name] for row in predictions for name in names
    )
