"""What the simulated disk may lose, and what it may not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.power_cut.disk import SECTOR_BYTES, Disk
from tests.power_cut.recorder import Change, Kind

ROOT, FILE = 1, 2
Left = dict[str, bytes]


def write(data: bytes, at: int = 0) -> Change:
    return Change(Kind.WRITE, 0, inode=FILE, offset=at, data=data)


def sync(inode: int, number: int) -> list[Change]:
    return [
        Change(Kind.SYNC_BEGIN, 0, inode=inode, offset=number),
        Change(Kind.SYNC_END, 0, inode=inode, offset=number),
    ]


MADE = [Change(Kind.MAKE_FOLDER, 0, ".", inode=ROOT), Change(Kind.CREATE, 0, "file", inode=FILE)]


def cuts(
    changes: Iterable[Change], folder: Path, is_possible: Callable[[Left], bool] = lambda left: True
) -> list[Left]:
    """What two hundred power cuts leave."""
    disk = Disk()
    for change in changes:
        disk.note(change)
    found = []
    for seed in range(200):
        place = folder / str(seed)
        disk.write_after_power_cut(place, random.Random(seed))
        found.append({path.name: path.read_bytes() for path in place.iterdir()})
        assert is_possible(found[-1]), found[-1]
    return found


def test_what_was_synced_stays_and_what_was_not_may_be_lost_kept_or_torn(tmp_path: Path) -> None:
    first, second = b"a" * 2 * SECTOR_BYTES, b"b" * 2 * SECTOR_BYTES
    changes = [*MADE, write(first), *sync(FILE, 1), *sync(ROOT, 2), write(second)]
    left = cuts(changes, tmp_path, lambda left: set(left) == {"file"} and len(left["file"]) == len(first))
    half = SECTOR_BYTES * b"a" + SECTOR_BYTES * b"b"
    assert {first, second, half, half[::-1]} == {each["file"] for each in left}


def test_a_write_during_a_sync_is_not_covered_by_it(tmp_path: Path) -> None:
    begin, end = sync(FILE, 1)
    changes = [*MADE, *sync(ROOT, 2), write(b"before"), begin, write(b"during", at=6), end]
    left = cuts(changes, tmp_path, lambda left: left["file"].startswith(b"before"))
    assert {b"before", b"beforeduring"} == {each["file"] for each in left}


def test_a_name_needs_a_sync_of_its_folder(tmp_path: Path) -> None:
    left = cuts([*MADE, write(b"x"), *sync(FILE, 1)], tmp_path)
    assert {frozenset(each) for each in left} == {frozenset(), frozenset({"file"})}


def test_a_rename_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    renamed = Change(Kind.RENAME, 0, "file", "new")
    left = cuts([*MADE, write(b"x"), *sync(FILE, 1), *sync(ROOT, 2), renamed], tmp_path, lambda left: len(left) == 1)
    assert {next(iter(each)) for each in left} == {"file", "new"}


def test_a_lost_cut_leaves_the_old_end(tmp_path: Path) -> None:
    cut = Change(Kind.TRUNCATE, 0, inode=FILE, offset=1)
    left = cuts([*MADE, write(b"abc"), *sync(FILE, 1), *sync(ROOT, 2), cut], tmp_path)
    assert {each["file"] for each in left} == {b"abc", b"a"}
