"""When a checkpoint is due, on a clock that moves by hand."""

from __future__ import annotations

import pytest

from job.checkpoint_schedule import CheckpointSchedule


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def save_times(
    *, step: float, write: float, longest: float = 300, steps: int = 1000
) -> tuple[list[float], float]:
    """Train so many steps; return the seconds trained before each checkpoint and the share lost."""
    clock = Clock()
    schedule = CheckpointSchedule(longest, clock=clock)
    trained, since, written, intervals = 0.0, 0.0, 0.0, []
    for _ in range(steps):
        clock.now += step
        trained += step
        if schedule.is_due():
            with schedule.writing():
                clock.now += write
            intervals.append(trained - since)
            since = trained
            written += write
    return intervals, written / (trained + written)


def test_first_checkpoint_comes_after_a_second_however_long_one_may_take() -> None:
    intervals, _ = save_times(step=0.25, write=10)

    assert intervals[0] == 1


@pytest.mark.parametrize(
    ("step", "write", "expected"),
    [
        # The sample on one core, a DistilBERT on a GPU, large batches on a slow CPU.
        pytest.param(0.0625, 0.0625, 1.25, id="small model"),
        pytest.param(0.125, 1.5, 30, id="260 MB of weights"),
        pytest.param(45, 2, 45, id="steps longer than the interval"),
    ],
)
def test_interval_is_twenty_times_the_writing(step: float, write: float, expected: float) -> None:
    intervals, share = save_times(step=step, write=write, steps=8000)

    assert set(intervals[1:]) == {expected}
    assert share < 0.05


def test_interval_follows_the_writing_when_it_becomes_slower() -> None:
    clock = Clock()
    schedule = CheckpointSchedule(300, clock=clock)
    for seconds in (0.5, 4):
        with schedule.writing():
            clock.now += seconds

    clock.now += 79
    early = schedule.is_due()
    clock.now += 1

    assert not early
    assert schedule.is_due()


def test_cheap_checkpoints_are_a_second_apart() -> None:
    intervals, _ = save_times(step=0.25, write=0)

    assert set(intervals) == {1}


def test_longest_interval_holds_however_long_writing_takes() -> None:
    intervals, _ = save_times(step=1, write=60)

    assert set(intervals[1:]) == {300}


def test_longest_interval_may_be_shorter_than_a_second() -> None:
    intervals, _ = save_times(step=0.0625, write=0.0625, longest=0.125)

    assert set(intervals) == {0.125}
