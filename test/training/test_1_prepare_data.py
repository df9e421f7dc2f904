"""prepare_data.py from the outside: a file in, three sides and a report out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import TRAINING, prepare, read_json_lines, text_rows, write_csv
from prepare import profile
from prepare.examples import Example

HEADER = ("text", "label")


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


@pytest.mark.parametrize("policy", ["keep", "drop"])
def test_report_accounts_for_every_row_read(tmp_path: Path, policy: str) -> None:
    rows = text_rows(100)
    noise = [rows[0], (rows[1][0].upper(), rows[1][1]), (rows[2][0], "food"), (" ", "food")]
    source = write_csv(tmp_path / "rows.csv", HEADER, rows + noise)

    _, report = prepare(source, tmp_path / "out", "--on-conflict", policy)

    counts = report["rows"]
    read = counts.pop("read")
    assert read == 104 == sum(counts.values())
    assert counts["exactDuplicates"] == 2
    assert counts["conflicting"] == (2 if policy == "drop" else 0)
    assert counts["dropped"] == 1
    warnings = {warning["code"]: warning["rows"] for warning in report["warnings"]}
    assert warnings["exact_duplicates_dropped"] == [102, 103]
    conflict = "conflicting_labels_dropped" if policy == "drop" else "conflicting_labels"
    assert warnings[conflict] == [4, 104]
    assert warnings["empty_rows_dropped"] == [105]
    messages = {warning["code"]: warning["message"] for warning in report["warnings"]}
    assert messages["empty_rows_dropped"] == 'Left out 1 row: column "text" is empty.'
    assert messages["exact_duplicates_dropped"].startswith("Left out 2 rows: the same as")


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
    assert any('"zzfood" alone predicts the label "food"' in message for message in leaks)


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


def test_lines_may_end_with_a_carriage_return_alone(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", HEADER, text_rows(100))
    source.write_bytes(source.read_bytes().replace(b"\r\n", b"\r").replace(b"\n", b"\r"))

    status, report = prepare(source, tmp_path / "out")

    assert status == 0, report["errors"]
    assert report["rows"]["read"] == 100


def test_report_stays_small_whatever_the_data(tmp_path: Path) -> None:
    rows = [(f"text {n}", f"label {n} {'x' * 40}") for n in range(10_000)]
    many_labels = write_csv(tmp_path / "labels.csv", HEADER, [*rows, ("more", rows[9_999][1])])
    columns = [f"column {n} {'x' * 200}" for n in range(20_000)]
    numbers = [(*(n * 1.5 for _ in columns), ("a", "b")[n % 2]) for n in range(3)]
    many_columns = write_csv(tmp_path / "columns.csv", (*columns, "label"), numbers)

    _, by_labels = prepare(many_labels, tmp_path / "labels")
    _, by_columns = prepare(many_columns, tmp_path / "columns", "--task", "tabular-classification")

    assert (tmp_path / "labels" / "prepare-report.json").stat().st_size < 100_000
    assert (tmp_path / "columns" / "prepare-report.json").stat().st_size < 100_000
    assert len(by_labels["labels"]) == 200
    assert by_labels["labels"][rows[9_999][1]] == 2
    assert len(by_columns["columns"]) == 200
    said = {warning["code"]: warning["message"] for warning in by_labels["warnings"]}
    assert said["labels_not_listed"] == (
        "The report lists the 200 largest of 10,000 labels; the other 9,800 have 9,800 rows."
    )
    said = {warning["code"]: warning["message"] for warning in by_columns["warnings"]}
    assert said["columns_not_listed"] == "The report lists the first 200 of 20,001 columns."


def test_profile_lists_the_rows_by_label_without_their_content(tmp_path: Path) -> None:
    rows = text_rows(200)
    source = write_csv(tmp_path / "rows.csv", HEADER, rows)

    _, report = prepare(source, tmp_path / "out")

    listed = report["profile"]["sample"]
    assert listed["below"] is None
    assert {label: len(ids) for label, ids in listed["rows"].items()} == report["labels"]
    written = read_json_lines(tmp_path / "out" / "train.jsonl")
    assert all(row["id"][:12] in listed["rows"][row["label"]] for row in written)
    length = report["profile"]["textLength"]
    assert length["lower"] <= length["median"] <= length["upper"]


def test_profile_samples_rows_with_the_smallest_ids_of_a_large_dataset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(profile, "SAMPLE_ROWS", 2)
    examples = [
        Example(row, digit * 16, digit, label, {"x": 1.0})
        for row, (digit, label) in enumerate([("c", "ham"), ("a", "spam"), ("b", "ham")])
    ]

    found = profile.profile_of(examples)

    assert found == {
        "textLength": None,
        "missing": {},
        "sample": {"below": "c" * 12, "rows": {"ham": ["b" * 12], "spam": ["a" * 12]}},
    }


def test_profile_has_the_share_of_empty_cells_of_features() -> None:
    examples = [
        Example(row, f"{row:016x}", str(row), "ham", {"age": None if row < 3 else 1.0, "size": 2.0})
        for row in range(12)
    ]

    assert profile.profile_of(examples)["missing"] == {"age": 0.25}


def test_refused_dataset_has_no_profile(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", HEADER, text_rows(5))

    status, report = prepare(source, tmp_path / "out")

    assert status == 2
    assert "profile" not in report
