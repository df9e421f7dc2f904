"""prepare_data.py from the outside: a file in, three sides and a report out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import TRAINING, prepare, read_json_lines, text_rows, write_csv

HEADER = ("text", "label")


def csv_text(rows: list[tuple[str, str]], header: str = "text,label") -> str:
    return header + "\n" + "".join(f"{text},{label}\n" for text, label in rows)


def test_valid_csv_is_split_into_three_disjoint_sides(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", HEADER, text_rows(200))

    status, report = prepare(source, tmp_path / "out")

    sides = {
        side: read_json_lines(tmp_path / "out" / f"{side}.jsonl")
        for side in ("train", "validation", "test")
    }
    ids = [row["id"] for rows in sides.values() for row in rows]
    assert status == 0
    assert report["status"] == "ok"
    assert report["split"] == {side: len(rows) for side, rows in sides.items()}
    assert len(ids) == len(set(ids)) == report["rows"]["kept"] == sum(report["labels"].values())
    assert set(sides["train"][0]) == {"id", "text", "label"}


def test_report_accounts_for_every_row_read(tmp_path: Path) -> None:
    rows = text_rows(100)
    noise = [rows[0], (rows[1][0].upper(), rows[1][1]), (rows[2][0], "food"), (" ", "food")]
    source = write_csv(tmp_path / "rows.csv", HEADER, rows + noise)

    _, report = prepare(source, tmp_path / "out")

    counts = report["rows"]
    read = counts.pop("read")
    assert read == 104 == sum(counts.values())
    assert counts["exactDuplicates"] == 2
    assert counts["conflicting"] == 2
    assert counts["dropped"] == 1
    warnings = {warning["code"]: warning["rows"] for warning in report["warnings"]}
    assert warnings["exact_duplicates_dropped"] == [102, 103]
    assert warnings["conflicting_labels_dropped"] == [4, 104]
    assert warnings["empty_rows_dropped"] == [105]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("prefix", ["", "\ufeff"])
def test_delimiters_and_byte_order_mark_are_recognised(
    tmp_path: Path, delimiter: str, prefix: str
) -> None:
    lines = [delimiter.join(HEADER)] + [delimiter.join(row) for row in text_rows(80)]
    (tmp_path / "rows.csv").write_text(prefix + "\r\n".join(lines), encoding="utf-8")

    status, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    assert status == 0
    assert report["columns"] == ["text", "label"]


def test_row_numbers_are_file_lines_even_after_quoted_line_breaks(tmp_path: Path) -> None:
    content = 'text,label\n"two\nlines",food\n\nragged\n'
    (tmp_path / "rows.csv").write_text(content, encoding="utf-8")

    _, report = prepare(tmp_path / "rows.csv", tmp_path / "out")

    assert [(error["code"], error["row"]) for error in report["errors"]] == [("ragged_row", 5)]


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
    assert 'Did you mean "lable"?' in error["hint"]


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


def test_unexpected_failure_still_writes_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path / "rows.csv", HEADER, VALID)

    def explode(*_: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr("prepare_data.prepare", explode)
    status, report = prepare(source, tmp_path / "out")

    assert status == 1
    assert report["errors"][0]["message"] == "RuntimeError: disk on fire"
    assert "Traceback" in capsys.readouterr().err


def test_refused_dataset_removes_the_files_of_an_earlier_run(tmp_path: Path) -> None:
    good = write_csv(tmp_path / "good.csv", HEADER, VALID)
    bad = write_csv(tmp_path / "bad.csv", HEADER, VALID[:3])
    prepare(good, tmp_path / "out")

    status, _ = prepare(bad, tmp_path / "out")

    assert status == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["prepare-report.json"]


def test_wrong_usage_does_not_look_like_invalid_data(tmp_path: Path) -> None:
    script = str(TRAINING / "prepare_data.py")

    wrong = subprocess.run([sys.executable, script, "--inptu", "x"], capture_output=True)
    manual = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True)

    assert wrong.returncode == 1
    assert "--task tabular-classification --label-column diagnosis" in manual.stdout


def test_word_that_gives_the_label_away_is_a_warning(tmp_path: Path) -> None:
    leaky = [(f"{text} zz{label}", label) for text, label in text_rows(200)]
    source = write_csv(tmp_path / "rows.csv", HEADER, leaky)

    _, report = prepare(source, tmp_path / "out")

    leaks = [w["message"] for w in report["warnings"] if w["code"] == "label_leak"]
    assert any('"zzfood" alone tells the label "food"' in message for message in leaks)


def test_feature_that_gives_the_label_away_is_a_warning(tmp_path: Path) -> None:
    rows = [(index, index * 7 % 13, "old" if index < 60 else "new") for index in range(120)]
    source = write_csv(tmp_path / "rows.csv", ("age", "noise", "label"), rows)

    _, report = prepare(source, tmp_path / "out", "--task", "tabular-classification")

    leaks = [w["message"] for w in report["warnings"] if w["code"] == "label_leak"]
    assert len(leaks) == 1
    assert '"age"' in leaks[0]


def test_labels_that_differ_in_case_only_are_a_warning(tmp_path: Path) -> None:
    rows = [
        (text, "Food" if index % 3 == 0 else label) for index, (text, label) in enumerate(VALID)
    ]
    source = write_csv(tmp_path / "rows.csv", HEADER, rows)

    _, report = prepare(source, tmp_path / "out")

    assert any(warning["code"] == "similar_labels" for warning in report["warnings"])


def test_file_name_is_reported_without_its_folder(tmp_path: Path) -> None:
    odd = tmp_path / "<!channel> *rows*.csv"
    write_csv(odd, HEADER, VALID)
    (tmp_path / "link.csv").symlink_to(odd)

    _, odd_report = prepare(odd, tmp_path / "odd")
    _, link_report = prepare(tmp_path / "link.csv", tmp_path / "link")

    assert odd_report["input"]["name"] == "<!channel> *rows*.csv"
    assert link_report["input"]["name"] == "link.csv"
    assert link_report["input"]["sha256"] == odd_report["input"]["sha256"]
