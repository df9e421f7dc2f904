#!/usr/bin/env python3
r"""Validate a labelled dataset, remove duplicates and split it into train, validation and test.

Examples:
    python training/prepare_data.py --input mails.csv --output-dir prepared \
        --task text-classification
    python training/prepare_data.py --input tickets.jsonl --output-dir prepared \
        --task text-classification --text-column body --label-column team
    python training/prepare_data.py --input tumours.csv --output-dir prepared \
        --task tabular-classification --label-column diagnosis
    python training/prepare_data.py --append-to mails-1.csv --append-to mails-2.csv \
        --input mails-3.csv --output-dir prepared --task text-classification

Input: CSV (delimiter "," ";" or tab, a header, quoted line breaks, with or without a byte order
mark) or JSON Lines, both UTF-8. Text classification reads a text and a label column and ignores all
others. Tabular classification takes every other column as a feature: numbers, or at most 50
different texts, which are categories. Several files are one dataset (--append-to); tables then need
the same columns.

Output, all written under a temporary name and renamed:
    train.jsonl, validation.jsonl, test.jsonl
        {"id": "9f86d081884c7d65", "text": "...", "label": "spam"}   or, tabular,
        {"id": "9f86d081884c7d65", "features": {"radius": 17.99, "site": "left"}, "label": "benign"}
        with --slice-column in test.jsonl also "slices": {"country": "DE"}
    seen.json
        {"versions": {"3": ["9f86d081884c7d65"]}}: the held-out rows that version 3 was trained on,
        exactly or nearly (--earlier); a version of which that is not known is left out
    prepare-report.json
        always written, also for a refused dataset; see schemas/prepare-report.schema.json

A hash of the salt and its normalised content decides the side of a row. No row changes sides when
the dataset grows, so two versions of a model are compared on rows that neither was trained on.
Near-duplicates and rows of one group (--group-column) share a side; with --time-column the newest
rows are held out. Rows with the same content and different labels are kept and reported, unless
--on-conflict says otherwise.

Exit status: 0 the dataset is ready, 2 the dataset is invalid (the report says why, row by row),
1 anything else.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from prepare.checks import Limits
from prepare.examples import Columns, Example
from prepare.files import SourceFile, write_atomically
from prepare.pipeline import Progress, Settings, prepare
from prepare.problems import InvalidDataError, Problems
from prepare.profile import profile_of
from prepare.seen import Earlier
from prepare.sources import Source
from prepare.splitting import SIDES, SplitRule

EXIT_OK, EXIT_UNEXPECTED, EXIT_INVALID = 0, 1, 2
REPORT_NAME = "prepare-report.json"
SEEN_NAME = "seen.json"
# What the next stages read.
OUTPUT_NAMES = (*(f"{side}.jsonl" for side in SIDES), SEEN_NAME)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    output_dir: Path = options.output_dir
    output_dir.mkdir(parents=True, exist_ok=True)
    # The files of an earlier run must not be mistaken for the result of this one.
    for name in (REPORT_NAME, *OUTPUT_NAMES):
        (output_dir / name).unlink(missing_ok=True)

    problems = Problems()
    progress = Progress(
        [Source(SourceFile(path.name)) for path in (*options.append_to, options.input)]
    )
    status = EXIT_OK
    try:
        prepare(_settings(options), progress, problems)
        for side in SIDES:
            lines = _to_json_lines(progress.sides[side], with_slices=side == "test")
            write_atomically(output_dir / f"{side}.jsonl", lines)
        write_atomically(output_dir / SEEN_NAME, _seen_to_json(progress))
    except InvalidDataError:
        status = EXIT_INVALID
    except Exception as error:
        traceback.print_exc()
        problems.error("unexpected", f"{type(error).__name__}: {error}"[:500])
        status = EXIT_UNEXPECTED

    progress.say_what_is_not_listed(problems)
    report = {
        "schemaVersion": 1,
        "status": "ok" if status == EXIT_OK else "invalid",
        **progress.to_json(),
        "warnings": problems.warnings_to_json(),
        "errors": problems.errors_to_json(),
        **_profile(status, progress),
        "seconds": round(time.monotonic() - started, 3),
    }
    write_atomically(output_dir / REPORT_NAME, json.dumps(report, indent=2) + "\n")
    _summarise(progress, problems)
    return status


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Exit with 1: argparse's own 2 would mean that the dataset is invalid."""
        self.print_usage(sys.stderr)
        self.exit(EXIT_UNEXPECTED, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--input", type=Path, required=True, metavar="FILE", help="the dataset")
    add(
        "--append-to",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="an earlier file of the dataset, oldest first; may be repeated",
    )
    add("--output-dir", type=Path, required=True, metavar="DIR", help="created when missing")
    add("--task", required=True, choices=["text-classification", "tabular-classification"])
    add("--label-column", default="label", metavar="NAME", help="default: %(default)s")
    add("--text-column", default="text", metavar="NAME", help="text only; default: %(default)s")
    add("--max-bytes", type=int, default=100 * 1024 * 1024, metavar="N", help="default: 100 MiB")
    add("--min-rows", type=int, default=50, metavar="N", help="default: %(default)s")
    add("--min-rows-per-class", type=int, default=5, metavar="N", help="default: %(default)s")
    add("--max-classes", type=int, default=200, metavar="N", help="default: %(default)s")
    add("--validation-fraction", type=float, default=0.1, metavar="F", help="default: %(default)s")
    add("--test-fraction", type=float, default=0.2, metavar="F", help="default: %(default)s")
    add("--salt", default="mlops", help="another salt is another split; default: %(default)s")
    add(
        "--earlier",
        action="append",
        default=[],
        type=_earlier,
        metavar="VERSION=DIR",
        help="an earlier version and what this script wrote for it; may be repeated",
    )
    add("--group-column", metavar="NAME", help="rows with the same value stay on one side")
    add("--time-column", metavar="NAME", help="ISO 8601 or a number: the newest rows are held out")
    add(
        "--slice-column",
        action="append",
        default=[],
        metavar="NAME",
        help="no feature: held-out rows keep its value, so that each is judged; may be repeated",
    )
    add(
        "--on-conflict",
        default="keep",
        choices=["keep", "drop", "newest"],
        help="rows with the same content and different labels: keep and report them, drop them, or"
        " let the newest file decide; default: %(default)s",
    )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        input=options.input,
        append_to=options.append_to,
        task=options.task,
        columns=Columns(
            options.label_column,
            options.text_column,
            options.group_column,
            options.time_column,
            tuple(options.slice_column),
        ),
        on_conflict=options.on_conflict,
        earlier=options.earlier,
        max_bytes=options.max_bytes,
        limits=Limits(options.min_rows, options.min_rows_per_class, options.max_classes),
        split=SplitRule(options.validation_fraction, options.test_fraction, options.salt),
    )


def _earlier(text: str) -> Earlier:
    version, _, folder = text.partition("=")
    return Earlier(int(version), Path(folder))


def _seen_to_json(progress: Progress) -> str:
    versions = {str(version): ids for version, ids in progress.seen.items() if ids is not None}
    return json.dumps({"versions": versions}) + "\n"


def _profile(status: int, progress: Progress) -> dict[str, object]:
    """Return the profile of the rows that were written; nothing of a refused dataset."""
    if status != EXIT_OK:
        return {}
    return {"profile": profile_of([row for side in SIDES for row in progress.sides[side]])}


def _to_json_lines(examples: Sequence[Example], *, with_slices: bool) -> str:
    """Return the rows of one side sorted by id, whatever their order in the file."""
    lines = []
    for example in sorted(examples, key=lambda example: example.id):
        name = "text" if isinstance(example.content, str) else "features"
        row = {"id": example.id, name: example.content, "label": example.label}
        if with_slices and example.slices:
            row["slices"] = dict(example.slices)
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def _summarise(progress: Progress, problems: Problems) -> None:
    for warning in problems.warnings:
        print(f"warning: {warning.message}", file=sys.stderr)
    for error in problems.errors_to_json():
        place = f"row {error['row']}: " if error["row"] else ""
        print(f"error: {place}{error['message']} {error['hint']}".rstrip(), file=sys.stderr)
    sizes = ", ".join(f"{side} {len(progress.sides[side]):,}" for side in SIDES)
    print(f"{progress.read:,} rows read; {sizes}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
