"""What must hold for every dataset: sides are disjoint, stable and free of near-duplicates."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import prepare, read_json_lines, text_rows, write_csv
from prepare.duplicates import NEAR_DUPLICATE_SIMILARITY, similarity, sketch
from prepare.examples import content_id, text_key
from prepare.splitting import SplitRule

# Any writing system; a letter in front, because an empty text is not a row.
TEXT = st.text(st.characters(exclude_categories=["C"]), max_size=40).map("a{}".format)
ROWS = st.lists(st.tuples(TEXT, st.sampled_from(["sport", "food"])), max_size=40)
BASE = text_rows(120, seed=5)


def sides_of(rows: list[tuple[str, str]], *options: str) -> dict[str, dict[str, str]]:
    """Return text to label by side, as prepare_data.py writes them."""
    with tempfile.TemporaryDirectory() as folder:
        source = write_csv(Path(folder) / "rows.csv", ("text", "label"), rows)
        status, report = prepare(source, Path(folder), *options)
        assert status == 0, report["errors"]
        return {
            side: {
                row["id"]: row["text"] for row in read_json_lines(Path(folder) / f"{side}.jsonl")
            }
            for side in ("train", "validation", "test")
        }


@settings(max_examples=40, deadline=None)
@given(first=ROWS, more=ROWS)
def test_growing_data_never_moves_a_row_to_another_side(
    first: list[tuple[str, str]], more: list[tuple[str, str]]
) -> None:
    before = sides_of(BASE + first)
    after = sides_of(more + BASE + first)

    side_before = {row_id: side for side, rows in before.items() for row_id in rows}
    side_after = {row_id: side for side, rows in after.items() for row_id in rows}
    moved = [
        row_id
        for row_id in side_before.keys() & side_after.keys()
        if side_before[row_id] != side_after[row_id]
    ]
    assert moved == []


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_no_row_is_on_two_sides(rows: list[tuple[str, str]]) -> None:
    sides = sides_of(BASE + rows + rows)

    texts = [text_key(text) for side in sides.values() for text in side.values()]
    assert len(texts) == len(set(texts))


@settings(max_examples=20, deadline=None)
@given(rows=ROWS, order=st.randoms())
def test_order_of_the_file_does_not_matter(
    rows: list[tuple[str, str]], order: random.Random
) -> None:
    shuffled = BASE + rows
    order.shuffle(shuffled)

    assert {side: set(ids) for side, ids in sides_of(BASE + rows).items()} == {
        side: set(ids) for side, ids in sides_of(shuffled).items()
    }


def circulars() -> list[tuple[str, str]]:
    """Return thirty letters, each in five copies that differ in a word."""
    letters = []
    for number in range(30):
        name = chr(97 + number // 26) + chr(97 + number % 26)
        words = (f"word{name}{chr(97 + position)}" for position in range(24))
        letters.append((" ".join(words), "a" if number % 2 else "b"))
    return [
        (f"{text} {copy}", label)
        for text, label in letters
        for copy in ("one", "two", "three", "four", "five")
    ]


def test_no_near_duplicate_of_a_held_out_row_is_trained_on() -> None:
    sides = sides_of(circulars())

    sketches = {
        side: [sketch(text_key(text)) for text in rows.values()] for side, rows in sides.items()
    }
    leaks = [
        similarity(one, other)
        for held_out, rest in (("test", "train"), ("test", "validation"), ("validation", "train"))
        for one in sketches[held_out]
        for other in sketches[rest]
        if similarity(one, other) >= NEAR_DUPLICATE_SIMILARITY
    ]
    assert leaks == []


def test_test_rows_are_never_dropped_for_a_neighbour() -> None:
    rows = circulars()
    rule = SplitRule()
    keys = {text_key(text): text for text, _ in rows}
    expected = {content_id(key) for key in keys if rule.side_of(key, content_id(key)) == "test"}

    assert set(sides_of(rows)["test"]) == expected


def test_previous_test_rows_stay_in_test_under_another_salt(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", ("text", "label"), BASE)
    prepare(source, tmp_path / "old")
    old = {row["id"] for row in read_json_lines(tmp_path / "old" / "test.jsonl")}

    without = sides_of(BASE, "--salt", "other")
    pinned = sides_of(
        BASE, "--salt", "other", "--previous-test", str(tmp_path / "old" / "test.jsonl")
    )

    assert not old <= set(without["test"])
    assert old <= set(pinned["test"])
