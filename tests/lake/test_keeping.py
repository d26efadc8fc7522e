"""Which snapshots go: never one from which a month's figures are told, never the newest."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.retirement import add_months
from bangfu.lake.keeping import days_to_drop, drop_snapshots
from bangfu.lake.manifest import FORMAT, MANIFEST
from bangfu.lake.snapshots import days

BEGAN = date(2026, 1, 5)


def nights(*left_out: date) -> list[date]:
    every = [BEGAN + timedelta(days=n) for n in range(120)]  # to 4 May
    return [day for day in every if day not in left_out]


@pytest.mark.parametrize(
    ("left_out", "before", "kept"),
    [
        ((), date(2026, 4, 1), [BEGAN, date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        ((date(2026, 1, 31),), date(2026, 3, 1), [BEGAN, date(2026, 2, 1), date(2026, 2, 28)]),
        ((), BEGAN, []),
    ],
)
def test_what_is_kept_of_the_days_before(left_out, before, kept) -> None:
    made = nights(*left_out)
    dropped = set(days_to_drop(made, before))
    assert [day for day in made if day not in dropped and day < before] == kept
    assert not any(day >= before for day in dropped)


@given(
    st.sets(st.dates(date(2025, 12, 1), date(2026, 5, 31)), max_size=60), st.dates(date(2026, 1, 1), date(2026, 7, 1))
)
def test_every_month_is_told_from_the_same_snapshot_as_before(found, before) -> None:
    made = sorted(found)
    left = sorted(found - set(days_to_drop(made, before)))
    for number in range(8):
        last = add_months(date(2025, 12, 1), number) - timedelta(days=1)
        assert [day for day in made if day >= last][:1] == [day for day in left if day >= last][:1]
    assert made[-1:] == left[-1:]


def test_they_are_removed_from_the_folder(tmp_path: Path) -> None:
    for day in nights():
        (tmp_path / day.isoformat()).mkdir()
        (tmp_path / day.isoformat() / MANIFEST).write_text(f'{{"format": {FORMAT}}}')
    assert drop_snapshots(tmp_path, date(2026, 5, 1)) == len(nights()) - 5 - 4
    assert days(tmp_path)[:5] == [
        BEGAN,
        *(date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30))),
    ]
    assert drop_snapshots(tmp_path, date(2026, 5, 1)) == 0
    assert not list(tmp_path.glob(".*"))
