"""Held-out rows that an earlier version was trained on are found, also after cleaning."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import prepare, read_json, read_json_lines, text_rows, write_csv
from prepare.examples import content_id, text_key

Row = tuple[str, str]


def letters(count: int) -> list[Row]:
    """Return letters no two of which are alike, each with addresses and numbers."""
    choose = random.Random(6)
    rows = []
    for index, (text, label) in enumerate(text_rows(count, seed=3)):
        more = " ".join(text for text, _ in text_rows(3, seed=100 + index))
        sender = f"{choose.choice(['Ann', 'Bob', 'Cy'])}.{index}@mail.example"
        rows.append(
            (
                f"{text}. Write to {sender}, or see https://shop.example/{index}?q={index * 7}:"
                f" well-known offer no. {index * 31}; {more}!",
                label,
            )
        )
    return rows


def prepared(
    folder: Path, rows: list[Row], *options: str, header: tuple[str, ...] = ("text", "label")
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the report and the content of seen.json by version."""
    folder.mkdir(parents=True)
    source = write_csv(folder / "rows.csv", header, rows)
    status, report = prepare(source, folder, *options)
    assert status == 0, report["errors"]
    return report, read_json(folder / "seen.json")["versions"]


def held_out_ids(folder: Path) -> list[str]:
    return [row["id"] for row in read_json_lines(folder / "test.jsonl")]


def trained_ids(folder: Path) -> set[str]:
    return {
        row["id"]
        for side in ("train", "validation")
        for row in read_json_lines(folder / f"{side}.jsonl")
    }


def masked(text: str) -> str:
    text = re.sub(r"\S+@[\w.]+", "<EMAIL>", text)
    text = re.sub(r"https?://\S+", "<URL>", text)
    return re.sub(r"\d+", "0", text)


CLEANED: dict[str, Callable[[str], str]] = {
    "masked": masked,
    "masked by words": lambda text: masked(text).replace("<", "").replace(">", ""),
    "upper case and white space": lambda text: text.upper().replace(" ", "\n "),
    "without punctuation": lambda text: re.sub(r"[^\w\s]", "", masked(text)),
    "punctuation as spaces": lambda text: re.sub(r"[^\w\s]", " ", masked(text)),
}


@pytest.mark.parametrize("clean", CLEANED.values(), ids=CLEANED.keys())
def test_cleaned_rows_are_found(tmp_path: Path, clean: Callable[[str], str]) -> None:
    rows = letters(600)
    cleaned = [(clean(text), label) for text, label in rows]
    prepared(tmp_path / "old", rows)

    report, seen = prepared(tmp_path / "new", cleaned, f"--earlier=3={tmp_path / 'old'}")

    origin = {
        content_id(text_key(new)): content_id(text_key(old))
        for (old, _), (new, _) in zip(rows, cleaned, strict=True)
    }
    trained = trained_ids(tmp_path / "old")
    expected = [row_id for row_id in held_out_ids(tmp_path / "new") if origin[row_id] in trained]
    assert seen["3"] == expected
    assert report["seen"] == [{"version": 3, "rows": len(expected)}]


def test_the_same_dataset_has_held_out_none_that_was_trained_on(tmp_path: Path) -> None:
    rows = letters(300)
    prepared(tmp_path / "old", rows)

    report, seen = prepared(tmp_path / "new", rows, f"--earlier=1={tmp_path / 'old'}")

    assert seen == {"1": []}
    assert report["seen"] == [{"version": 1, "rows": 0}]


def test_a_copy_that_draws_a_trained_row_into_test_is_found(tmp_path: Path) -> None:
    old = [(f"{text} copy{index % 3}", label) for index, (text, label) in enumerate(letters(300))]
    copies = [(f"{text} once more", label) for text, label in old]
    prepared(tmp_path / "old", old)

    _, seen = prepared(tmp_path / "new", old + copies, f"--earlier=1={tmp_path / 'old'}")

    trained = trained_ids(tmp_path / "old")
    held_out = held_out_ids(tmp_path / "new")
    assert set(held_out) & trained
    assert set(held_out) & trained <= set(seen["1"])
    # Its copy is nearly the same.
    assert len(seen["1"]) == 2 * len(set(held_out) & trained)


def test_texts_without_spaces_are_found(tmp_path: Path) -> None:
    choose = random.Random(8)
    rows = [
        (
            "".join(chr(0x4E00 + choose.randrange(3000)) for _ in range(40)) + f",编号{index}。",
            ("a", "b")[index % 2],
        )
        for index in range(300)
    ]
    prepared(tmp_path / "old", rows)
    cleaned = [(re.sub(r"[\d,。]+", "", text), label) for text, label in rows]

    _, seen = prepared(tmp_path / "new", cleaned, f"--earlier=1={tmp_path / 'old'}")

    assert len(seen["1"]) > 0.5 * len(held_out_ids(tmp_path / "new"))


def measured(rows: int, columns: int) -> list[tuple[float | str, ...]]:
    choose = random.Random(5)
    return [
        (*(choose.gauss(0, 100) for _ in range(columns)), ("a", "b")[row % 2])
        for row in range(rows)
    ]


TABULAR = ("--task", "tabular-classification")


def table(folder: Path, rows: list[Any], names: str, *options: str) -> dict[str, Any]:
    header = (*names, "label")
    report, _ = prepared(folder, rows, *TABULAR, *options, header=header)
    return report


def expected_share(folder: Path, report: dict[str, Any]) -> float:
    return report["seen"][0]["rows"] / len(held_out_ids(folder))


def test_a_table_with_one_column_more_is_recognised(tmp_path: Path) -> None:
    rows = measured(500, 3)
    choose = random.Random(1)
    wider = [(choose.random(), *row) for row in rows]
    table(tmp_path / "old", rows, "xyz")

    report = table(tmp_path / "new", wider, "wxyz", f"--earlier=2={tmp_path / 'old'}")

    # 80 % of all rows trained version 2, and its sides say nothing about the new ones.
    assert 0.7 < expected_share(tmp_path / "new", report) < 0.9


def test_a_table_with_a_column_less_and_rounded_numbers_is_recognised(tmp_path: Path) -> None:
    rows = measured(500, 3)
    rounded = [(round(float(x), 2), f"{float(y):.3f}", label) for x, y, _, label in rows]
    table(tmp_path / "old", rows, "xyz")

    report = table(tmp_path / "new", rounded, "xy", f"--earlier=2={tmp_path / 'old'}")

    assert 0.7 < expected_share(tmp_path / "new", report) < 0.9


def test_a_table_with_missing_cells_is_recognised(tmp_path: Path) -> None:
    rows = [
        (x, "" if index % 5 == 0 else y, z, label)
        for index, (x, y, z, label) in enumerate(measured(500, 3))
    ]
    choose = random.Random(1)
    table(tmp_path / "old", rows, "xyz")

    report = table(
        tmp_path / "new",
        [(choose.random(), *row) for row in rows],
        "wxyz",
        f"--earlier=2={tmp_path / 'old'}",
    )

    assert 0.7 < expected_share(tmp_path / "new", report) < 0.9


def test_new_rows_of_a_table_are_unseen(tmp_path: Path) -> None:
    rows = measured(800, 3)
    table(tmp_path / "old", rows[:400], "xyz")

    report = table(tmp_path / "new", rows, "xyz", f"--earlier=2={tmp_path / 'old'}")

    assert report["seen"] == [{"version": 2, "rows": 0}]


def test_columns_that_many_rows_share_tell_nothing(tmp_path: Path) -> None:
    choose = random.Random(1)
    rows = [(index % 3, ("a", "b")[index % 2]) for index in range(400)]
    wider = [(choose.random(), *row) for row in rows]
    kept = [(index % 3 + index / 7, label) for index, (_, label) in enumerate(rows)]
    table(tmp_path / "old", kept, "x")

    report = table(
        tmp_path / "new",
        [(noise, round(x), label) for noise, x, label in wider],
        "wx",
        f"--earlier=2={tmp_path / 'old'}",
    )

    assert report["seen"] == [{"version": 2, "rows": None}]


def test_a_version_whose_rows_are_gone_is_not_known(tmp_path: Path) -> None:
    report, seen = prepared(
        tmp_path / "new",
        letters(100),
        f"--earlier=4={tmp_path / 'nowhere'}",
        f"--earlier=5={tmp_path / 'nowhere either'}",
    )

    assert seen == {}
    assert report["seen"] == [{"version": 4, "rows": None}, {"version": 5, "rows": None}]
