"""Several files as one dataset: --append-to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import prepare, read_json_lines, text_rows, write_csv

HEADER = ("text", "label")
SIDES = ("train", "validation", "test")


def sides_of(folder: Path) -> dict[str, str]:
    return {row["id"]: side for side in SIDES for row in read_json_lines(folder / f"{side}.jsonl")}


def test_files_are_one_dataset_and_each_says_what_it_brought(tmp_path: Path) -> None:
    rows = text_rows(260)
    first = write_csv(tmp_path / "one.csv", HEADER, rows[:200])
    second = write_csv(tmp_path / "two.csv", HEADER, rows[190:230])
    # Another format and another order of columns.
    third = tmp_path / "three.jsonl"
    lines = [json.dumps({"label": label, "text": text}) for text, label in rows[230:]]
    third.write_text("\n".join([*lines, lines[0]]), encoding="utf-8")

    status, report = prepare(
        third, tmp_path / "out", "--append-to", str(first), "--append-to", str(second)
    )

    assert status == 0
    assert report["rows"]["kept"] == 260
    assert report["rows"]["exactDuplicates"] == 11
    assert [(each["name"], each["rows"]) for each in report["sources"]] == [
        ("one.csv", {"read": 200, "kept": 200}),
        ("two.csv", {"read": 40, "kept": 30}),
        ("three.jsonl", {"read": 31, "kept": 30}),
    ]
    assert report["input"]["name"] == "three.jsonl"
    assert report["input"]["sha256"] == report["sources"][2]["sha256"] != ""
    # Lines of the file that was dropped: the others were accepted before.
    copies = next(each for each in report["warnings"] if "exact" in each["code"])
    assert copies["rows"] == [31]


def test_rows_stay_on_their_side_when_files_are_appended(tmp_path: Path) -> None:
    rows = text_rows(400, seed=3)
    first = write_csv(tmp_path / "one.csv", HEADER, rows[:250])
    prepare(first, tmp_path / "before")
    files = [first]
    for number, start in enumerate((250, 300, 350)):
        file = write_csv(tmp_path / f"more-{number}.csv", HEADER, rows[start : start + 50])
        earlier = [option for each in files for option in ("--append-to", str(each))]
        status, _ = prepare(file, tmp_path / "after", *earlier)
        assert status == 0
        files.append(file)

    before, after = sides_of(tmp_path / "before"), sides_of(tmp_path / "after")

    assert len(after) == 400
    assert {row: after[row] for row in before} == before


def test_appended_rows_split_as_in_one_file_with_all_of_them(tmp_path: Path) -> None:
    rows = text_rows(300, seed=5)
    whole = write_csv(tmp_path / "whole.csv", HEADER, rows)
    first = write_csv(tmp_path / "one.csv", HEADER, rows[:180])
    second = write_csv(tmp_path / "two.csv", HEADER, rows[180:])

    prepare(whole, tmp_path / "whole")
    prepare(second, tmp_path / "parts", "--append-to", str(first))

    for side in SIDES:
        name = f"{side}.jsonl"
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize(
    ("policy", "labels", "code"),
    [
        ("keep", ["food", "sport"], "conflicting_labels"),
        ("drop", [], "conflicting_labels_dropped"),
        ("newest", ["food"], "labels_replaced"),
    ],
)
def test_a_label_that_a_later_file_corrects_goes_by_the_policy(
    tmp_path: Path, policy: str, labels: list[str], code: str
) -> None:
    rows = text_rows(200)
    text = rows[0][0]
    first = write_csv(tmp_path / "one.csv", HEADER, rows)
    # The last one is confirmed.
    second = write_csv(tmp_path / "two.csv", HEADER, [(text, "food"), rows[2]])

    _, report = prepare(
        second, tmp_path / "out", "--append-to", str(first), "--on-conflict", policy
    )

    found = [
        row["label"]
        for side in SIDES
        for row in read_json_lines(tmp_path / "out" / f"{side}.jsonl")
        if row["text"] == text
    ]
    assert sorted(found) == labels
    assert code in {warning["code"] for warning in report["warnings"]}
    assert report["rows"]["read"] == 202 == sum(report["rows"].values()) - 202
    dropped = {"keep": 0, "drop": 2, "newest": 1}[policy]
    assert report["rows"]["conflicting"] == dropped


def test_rows_that_disagree_within_the_newest_file_are_kept_and_reported(tmp_path: Path) -> None:
    rows = text_rows(200)
    text = rows[0][0]
    first = write_csv(tmp_path / "one.csv", HEADER, rows)
    second = write_csv(tmp_path / "two.csv", HEADER, [(text, "food"), (text, "sport")])

    _, report = prepare(
        second, tmp_path / "out", "--append-to", str(first), "--on-conflict", "newest"
    )

    assert report["rows"]["kept"] == 201
    assert [each["code"] for each in report["warnings"]][:2] == [
        "exact_duplicates_dropped",
        "conflicting_labels",
    ]


def tumours(folder: Path, name: str, header: tuple[str, ...], rows: int = 60) -> Path:
    values = [
        [
            *(round(column + index / 7, 3) for column in range(len(header) - 1)),
            ("a", "b")[index % 2],
        ]
        for index in range(rows)
    ]
    return write_csv(folder / name, header, values)


@pytest.mark.parametrize(
    ("header", "column", "said"),
    [
        (("size", "colour", "label"), "color", 'Did you mean "colour"?'),
        (("size", "label"), "color", "Appended files need the same columns."),
        (("size", "color", "age", "label"), "age", "Leave it out."),
    ],
)
def test_features_that_do_not_agree_are_named(
    tmp_path: Path, header: tuple[str, ...], column: str, said: str
) -> None:
    first = tumours(tmp_path, "one.csv", ("size", "color", "label"))
    second = tumours(tmp_path, "two.csv", header)

    status, report = prepare(
        second, tmp_path / "out", "--append-to", str(first), "--task", "tabular-classification"
    )

    error = report["errors"][0]
    assert status == 2
    assert error["column"] == column
    assert error["message"].startswith("two.csv: ")
    assert '"one.csv"' in error["message"]
    assert said in error["hint"]


def test_a_missing_label_column_names_its_file(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "one.csv", HEADER, text_rows(200))
    second = write_csv(tmp_path / "two.csv", ("text", "class"), text_rows(60, seed=1))

    _, report = prepare(second, tmp_path / "out", "--append-to", str(first))

    assert [error["message"] for error in report["errors"]] == [
        'two.csv: There is no label column "label"; the columns are "text", "class".'
    ]
    assert [each["rows"] for each in report["sources"]] == [
        {"read": 200, "kept": 0},
        {"read": 60, "kept": 0},
    ]


def test_an_earlier_file_that_is_gone_is_named(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "one.csv", HEADER, text_rows(200))
    second = write_csv(tmp_path / "two.csv", HEADER, text_rows(60, seed=1))

    status, report = prepare(
        second, tmp_path / "out", "--append-to", str(first), "--append-to", str(tmp_path / "no.csv")
    )

    assert status == 2
    assert [(error["code"], error["message"]) for error in report["errors"]] == [
        (
            "earlier_file_gone",
            'The file "no.csv", which the new rows are appended to, is no longer stored.',
        )
    ]
    assert "drop one file with all rows" in report["errors"][0]["hint"]


def test_the_limit_of_bytes_counts_all_files(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "one.csv", HEADER, text_rows(200))
    second = write_csv(tmp_path / "two.csv", HEADER, text_rows(200, seed=1))
    limit = str(first.stat().st_size + 1000)

    status, report = prepare(
        second, tmp_path / "out", "--append-to", str(first), "--max-bytes", limit
    )

    assert status == 2
    assert report["errors"][0]["code"] == "file_too_large"
    assert report["errors"][0]["message"].startswith("The 2 files have ")


def test_one_file_has_no_list_of_sources(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", HEADER, text_rows(200))

    _, report = prepare(source, tmp_path / "out")

    assert "sources" not in report
