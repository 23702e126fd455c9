"""A disk as it could be after a power cut, rebuilt from what a program wrote to it and what it synced.

The rules, as POSIX and the manual of fsync(2) promise no more:

- a write or truncation that was not followed by a sync of the file may be there, be missing, or be there in part, in
  sectors, and whatever came after it may be there without it;
- a sync covers what was written before it began, once it has returned;
- a new, renamed or removed name is durable once its folder was synced; the changes of a folder survive in their order,
  up to any point, and each of them whole (journalled file systems promise that much).
"""

from __future__ import annotations

import posixpath
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.power_cut.recorder import Change, Kind

SECTOR_BYTES = 512


@dataclass(slots=True)
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, Change]] = field(default_factory=list)

    def sync(self, number: int) -> None:
        for each, change in self.pending:
            if each <= number:
                _write(self.durable, change.offset, change.data, is_cut=change.kind is Kind.TRUNCATE)
        self.pending = [(each, change) for each, change in self.pending if each > number]

    def after_power_cut(self, chance: random.Random) -> bytearray:
        left = bytearray(self.durable)
        keeps = chance.choice((0.0, 0.5, 1.0))
        for _, change in self.pending:
            if change.kind is Kind.TRUNCATE:
                if chance.random() < keeps:
                    _write(left, change.offset, b"", is_cut=True)
                continue
            tears = 0.0 < keeps < 1.0 and chance.random() < 0.5
            whole = chance.random() < keeps
            for start, end in _sectors(change.offset, len(change.data)):
                if chance.random() < 0.5 if tears else whole:
                    _write(left, start, change.data[start - change.offset : end - change.offset])
        return left


@dataclass(slots=True)
class _Folder:
    durable: dict[str, _File | _Folder] = field(default_factory=dict)
    pending: list[tuple[int, dict[str, _File | _Folder | None]]] = field(default_factory=list)
    """Names that came, and names that went, as None; those of one change stand together."""

    def entries(self, kept: int | None = None) -> dict[str, _File | _Folder]:
        """With so many of the pending changes; by default with all."""
        found: dict[str, _File | _Folder | None] = dict(self.durable)
        for _, names in self.pending[:kept]:
            found |= names
        return {name: node for name, node in found.items() if node is not None}

    def sync(self, number: int) -> None:
        covered = sum(each <= number for each, _ in self.pending)
        self.durable = self.entries(covered)
        self.pending = self.pending[covered:]


class Disk:
    """Give it the changes one by one with `note`; ask in between what a power cut would leave."""

    def __init__(self) -> None:
        self._root = _Folder()
        self._by_inode: dict[int, _File | _Folder] = {}
        self._syncs: dict[int, int] = {}
        self._count = 0

    def note(self, change: Change) -> None:
        self._count += 1
        match change.kind:
            case Kind.CREATE:
                self._by_inode[change.inode] = made = _File()
                self._enter(change.path, made)
            case Kind.MAKE_FOLDER:
                self._by_inode[change.inode] = folder = self._root if change.path == "." else _Folder()
                if folder is not self._root:
                    self._enter(change.path, folder)
            case Kind.WRITE | Kind.TRUNCATE:
                written = self._by_inode[change.inode]
                assert isinstance(written, _File)
                written.pending.append((self._count, change))
            case Kind.SYNC_BEGIN:
                self._syncs[change.offset] = self._count
            case Kind.SYNC_END:
                self._by_inode[change.inode].sync(self._syncs.pop(change.offset))
            case Kind.RENAME:
                folder, name = self._place(change.path)
                new_folder, new_name = self._place(change.new_path)
                assert folder is new_folder, f"no program may count on {change.path} moving to another folder at once"
                folder.pending.append((self._count, {new_name: folder.entries()[name], name: None}))
            case Kind.LINK:
                folder, name = self._place(change.path)
                self._enter(change.new_path, folder.entries()[name])
            case Kind.UNLINK | Kind.REMOVE_FOLDER:
                self._enter(change.path, None)
            case Kind.NOT_UNDERSTOOD:
                raise AssertionError(change)

    def write_now(self, folder: Path) -> None:
        """As it is while the power is on."""
        _write_folder(self._root, folder, None)

    def write_after_power_cut(self, folder: Path, chance: random.Random) -> None:
        """What is left on it, in a folder of ours."""
        _write_folder(self._root, folder, chance)

    def _place(self, path: str) -> tuple[_Folder, str]:
        folder, (*names, last) = self._root, path.split("/")
        for name in names:
            inner = folder.entries()[name]
            assert isinstance(inner, _Folder)
            folder = inner
        return folder, last

    def _enter(self, path: str, node: _File | _Folder | None) -> None:
        folder, name = self._place(posixpath.normpath(path))
        folder.pending.append((self._count, {name: node}))


def _write_folder(of: _Folder, folder: Path, chance: random.Random | None) -> None:
    folder.mkdir()
    kept = None if chance is None else chance.randint(0, len(of.pending))
    for name, node in of.entries(kept).items():
        if isinstance(node, _Folder):
            _write_folder(node, folder / name, chance)
        elif chance is not None:
            (folder / name).write_bytes(node.after_power_cut(chance))
        else:
            now = bytearray(node.durable)
            for _, change in node.pending:
                _write(now, change.offset, change.data, is_cut=change.kind is Kind.TRUNCATE)
            (folder / name).write_bytes(now)


def _write(content: bytearray, offset: int, data: bytes, *, is_cut: bool = False) -> None:
    """What lies between the old end and a write or cut beyond it is zeros."""
    content.extend(bytes(max(0, offset - len(content))))
    if is_cut:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


def _sectors(offset: int, size: int) -> list[tuple[int, int]]:
    """The parts of a write that reach the disk one by one."""
    first = offset - offset % SECTOR_BYTES
    starts = range(first, offset + size, SECTOR_BYTES)
    return [(max(start, offset), min(start + SECTOR_BYTES, offset + size)) for start in starts]
