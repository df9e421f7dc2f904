"""The sample datasets, made from a miniature of the package they come from."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import TRAINING, prepare, read_json_lines, text_rows

MAIL = "From: a@example.com\nSubject: [List] {subject}\n\n<html><b>{body}</b></html>\n"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the three versions of 300 made-up mails."""
    root = tmp_path_factory.mktemp("samples")
    for number, (text, label) in enumerate(text_rows(300)):
        folder = root / "data" / ("spam-2" if label == "food" else "easy-ham-1")
        folder.mkdir(parents=True, exist_ok=True)
        mail = MAIL.format(subject=text[:10], body=text)
        (folder / f"{number:05}.txt").write_text(mail, encoding="utf-8")
    subprocess.run(
        [
            sys.executable,
            str(TRAINING / "samples" / "spam_assassin.py"),
            *("--source", str(root / "data"), "--output-dir", str(root)),
        ],
        check=True,
        capture_output=True,
    )
    return root


def rows_of(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["text"]: row["label"] for row in csv.DictReader(file)}


def test_mails_are_stripped_of_markup_and_list_tags(samples: Path) -> None:
    for text in rows_of(samples / "spam-2-more.csv"):
        assert "<" not in text
        assert "[List]" not in text


def test_first_version_is_a_part_of_the_second(samples: Path) -> None:
    first, second = (rows_of(samples / f"spam-{name}.csv") for name in ("1-first", "2-more"))

    assert first.items() < second.items()
    assert 0.25 < len(first) / len(second) < 0.45


def test_mislabelled_version_tells_the_truth_on_held_out_rows_only(
    samples: Path, tmp_path: Path
) -> None:
    truth = rows_of(samples / "spam-2-more.csv")
    _, report = prepare(samples / "spam-3-mislabelled.csv", tmp_path)

    wrong = {
        side: [
            row["text"]
            for row in read_json_lines(tmp_path / f"{side}.jsonl")
            if truth[row["text"]] != row["label"]
        ]
        for side in ("train", "test")
    }
    true_train_spam = report["splitLabels"]["train"]["spam"] + len(wrong["train"])
    assert wrong["test"] == []
    assert 0.5 < len(wrong["train"]) / true_train_spam < 0.9
