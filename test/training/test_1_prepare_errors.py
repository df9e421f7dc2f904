"""Every way in which a dataset is refused, with the place that its owner has to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import prepare, text_rows


def csv_text(rows: list[tuple[str, str]], header: str = "text,label") -> str:
    return header + "\n" + "".join(f"{text},{label}\n" for text, label in rows)


VALID = text_rows(60)
INVALID = {
    "empty file": (b"", "empty_file", None),
    "white space": (b" \n\n", "empty_file", None),
    "header only": (b"text,label\n", "no_rows", None),
    "no label column": (csv_text(VALID, "text,Label").encode(), "missing_label_column", None),
    "no text column": (csv_text(VALID, "txt,label").encode(), "missing_text_column", None),
    "duplicate column": (csv_text(VALID, "label,label").encode(), "duplicate_column", 1),
    "latin-1": (csv_text(VALID).encode() + b"caf\xe9,food\n", "wrong_encoding", 62),
    "utf-16": ("text,label\n".encode("utf-16"), "wrong_encoding", 1),
    "nul byte": (csv_text(VALID).encode() + b"a\0b,food\n", "nul_byte", 62),
    "open quote": (csv_text(VALID).encode() + b'"never closed,food\n', "malformed_csv", 62),
    "ragged row": (csv_text([*VALID, ("a,b", "food")]).encode(), "ragged_row", 62),
    "one class": (csv_text([(text, "x") for text, _ in VALID]).encode(), "one_class", None),
    "too few rows": (csv_text(VALID[:20]).encode(), "too_few_rows", None),
    "small class": (csv_text([*VALID, ("hapax", "rare")]).encode(), "class_too_small", 62),
    "empty texts": (csv_text([*VALID, *[("", "food")] * 9]).encode(), "too_many_empty", 62),
    "long label": (csv_text([*VALID, ("a", "x" * 65)]).encode(), "label_too_long", 62),
    "label with control character": (
        csv_text([*VALID, ("a", "x\x07y")]).encode(),
        "label_control_character",
        62,
    ),
    "too many classes": (
        csv_text([(f"text {n}", f"label {n}") for n in range(300)]).encode(),
        "too_many_classes",
        None,
    ),
}


@pytest.mark.parametrize(("content", "code", "row"), INVALID.values(), ids=INVALID.keys())
def test_invalid_csv_is_refused_with_code_and_row(
    tmp_path: Path, content: bytes, code: str, row: int | None
) -> None:
    (tmp_path / "rows.csv").write_bytes(content)

    status, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    assert status == 2
    assert report["status"] == "invalid"
    assert (report["errors"][0]["code"], report["errors"][0]["row"]) == (code, row)
    # Whoever drops a file into the inbox cannot set an option of the command line.
    assert all("--" not in error["message"] + error["hint"] for error in report["errors"])
    assert not list((tmp_path / "out").glob("*.jsonl"))


INVALID_JSON_LINES = {
    "malformed": ('{"text": "a" "label": "b"}', "malformed_json", 1),
    "not an object": ("[1]\n", "json_array", 1),
    "a number": ('{"text": "a", "label": "b"}\n7\n', "not_an_object", 2),
    "repeated key": ('{"text": "a", "text": "b", "label": "c"}', "malformed_json", 1),
    "text is a number": ('{"text": 3, "label": "b"}', "text_not_string", 1),
    "label is a fraction": ('{"text": "a", "label": 0.5}', "label_not_text", 1),
    "lone surrogate": ('{"text": "\\ud800", "label": "b"}', "invalid_unicode", 1),
}


@pytest.mark.parametrize(
    ("content", "code", "row"), INVALID_JSON_LINES.values(), ids=INVALID_JSON_LINES.keys()
)
def test_invalid_json_lines_are_refused_with_code_and_row(
    tmp_path: Path, content: str, code: str, row: int
) -> None:
    (tmp_path / "rows.jsonl").write_text(content, encoding="utf-8")

    status, report = prepare(tmp_path / "rows.jsonl", tmp_path / "out")

    assert status == 2
    assert (report["errors"][0]["code"], report["errors"][0]["row"]) == (code, row)


def test_malformed_json_names_the_column(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "a" "label": "b"}', encoding="utf-8")

    _, report = prepare(tmp_path / "rows.jsonl", tmp_path / "out")

    assert "column 14" in report["errors"][0]["message"]


def test_encoding_error_names_byte_and_offset(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"\xef\xbb\xbftext,label\ncaf\xe9,x\n")

    _, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    assert "0xe9 at byte offset 17, line 2" in report["errors"][0]["message"]


def test_misspelt_column_is_answered_with_a_guess(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(csv_text(VALID, "text,lable"), encoding="utf-8")

    _, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    error = report["errors"][0]
    assert '"text", "lable"' in error["message"]
    assert error["hint"] == (
        'Did you mean "lable"? Rename the column in the file, or set columns.label of the model in'
        " mlops.config.ts."
    )


def test_non_numeric_feature_names_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("size,label\n1.5,a\nwide,b\nnan,a\n", encoding="utf-8")

    status, report = prepare(
        tmp_path / "rows.csv", tmp_path / "out", "--task", "tabular-classification"
    )

    places = [(error["code"], error["row"], error["column"]) for error in report["errors"]]
    assert status == 2
    assert places == [("not_a_number", 3, "size"), ("not_a_number", 4, "size")]


def test_too_large_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(csv_text(VALID), encoding="utf-8")

    status, report = prepare(tmp_path / "rows.csv", tmp_path / "out", "--max-bytes", "100")

    assert status == 2
    assert report["errors"][0]["code"] == "file_too_large"
    assert report["errors"][0]["hint"].startswith("Make the file smaller")
    assert report["input"]["sha256"] == ""


def test_missing_file_is_reported(tmp_path: Path) -> None:
    status, report = prepare(tmp_path / "none.csv", tmp_path / "out")

    assert status == 2
    assert report["errors"][0]["code"] == "input_not_found"


def test_only_twenty_errors_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    content = csv_text(VALID) + "ragged\n" * 50
    (tmp_path / "rows.csv").write_text(content, encoding="utf-8")

    _, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    assert len(report["errors"]) == 21
    assert report["errors"][-1]["message"] == "and 30 more: 30 x ragged_row"


def test_header_larger_than_a_cell_may_be_is_refused_with_a_sentence(tmp_path: Path) -> None:
    content = csv_text(VALID, f"text,label{'x' * (16 * 1024 * 1024)}")
    (tmp_path / "rows.csv").write_text(content, encoding="utf-8")

    status, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    error = report["errors"][0]
    assert (status, error["code"], error["row"]) == (2, "malformed_csv", 1)
    assert "at most 16,777,216 characters" in error["hint"]
