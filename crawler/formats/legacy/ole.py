"""OLE2 compound files (DOC, XLS, WPS, ET, encrypted OOXML): the names in the directory, and first bytes of a stream.

Touches nothing but the bytes. Bounded: chains of sectors are followed as long as they stay within the file and do
not return. ([MS-CFB]; the FIB of Word in [MS-DOC] 2.5.1, records of Excel in [MS-XLS] 2.1.4.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.errors import ReadError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LARGEST_REGULAR = 0xFFFFFFFA
_ENTRY = 128  # bytes of a directory entry
_STREAM = 2  # type of an entry that holds bytes
_ROOT = 5
_HEADER_FAT = 109  # sector numbers of the allocation table that the header itself holds
_WORD = 0xA5EC  # the first word of WordDocument
_ENCRYPTED = 0x0100  # bit of the FIB's flags
_FILEPASS = 0x002F  # the record that opens an encrypted workbook


@dataclass(frozen=True, slots=True)
class Entry:
    """One stream or storage. `before`, `behind`: its neighbours in the same storage; `inside`: its own content."""

    name: str
    kind: int
    start: int
    size: int
    before: int
    behind: int
    inside: int


class Directory:
    """The entries of a compound file. Raises ReadError: not a compound file, or its directory is damaged."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(SIGNATURE) or len(data) < 512:
            raise ReadError("旧版 Office 文件已损坏或不完整。请重新下载。 / The OLE2 file is damaged.")
        self._data = data
        shift = int.from_bytes(data[30:32], "little")
        if shift not in (9, 12):
            raise ReadError("旧版 Office 文件的扇区大小不对。请重新下载。 / The OLE2 file has no valid sector size.")
        self._size = 1 << shift
        self._table = self._allocation()
        self._small_below = int.from_bytes(data[56:60], "little")
        directory = self._chain(int.from_bytes(data[48:52], "little"))
        entries = [_entry(directory[place : place + _ENTRY]) for place in range(0, len(directory), _ENTRY)]
        if not entries or entries[0].kind != _ROOT:
            raise ReadError("旧版 Office 文件的目录已损坏。请重新下载。 / The OLE2 directory is damaged.")
        self._root = entries[0]
        self._top = {entry.name.lower(): entry for entry in _storage(entries, self._root.inside)}

    @property
    def names(self) -> frozenset[str]:
        """Names at the top in lower case; those within storages belong to embedded objects."""
        return frozenset(self._top)

    def head(self, name: str) -> bytes:
        """The first bytes of a stream at the top, some hundred at least; b"" where it is missing or damaged."""
        entry = self._top.get(name.lower())
        if entry is None or entry.kind != _STREAM:
            return b""
        if entry.size >= self._small_below:
            return self._sector(entry.start)
        return self._chain(self._root.start)[entry.start * 64 : entry.start * 64 + entry.size]

    @property
    def is_whole(self) -> bool:
        """Whether every byte of the streams at the top lies within the file: LibreOffice reads what is left of others."""
        streams = [self._root, *(one for one in self._top.values() if one.kind == _STREAM)]
        return all(self._holds(one) for one in streams if one is self._root or one.size >= self._small_below)

    def _holds(self, entry: Entry) -> bool:
        number, left = entry.start, entry.size
        while left > 0:
            if number >= len(self._table) or (number + 1) * self._size + min(left, self._size) > len(self._data):
                return False
            number, left = self._table[number], left - self._size
        return True

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size] if number < _LARGEST_REGULAR else b""

    def _chain(self, number: int) -> bytes:
        found = bytearray()
        met: set[int] = set()
        while number < len(self._table) and number not in met:
            met.add(number)
            found += self._sector(number)
            number = self._table[number]
        return bytes(found)

    def _allocation(self) -> list[int]:
        """Sector → the next one of its chain."""
        numbers = list(struct.unpack_from(f"<{_HEADER_FAT}I", self._data, 76))
        further, count = struct.unpack_from("<II", self._data, 68)
        words = self._size // 4
        met: set[int] = set()
        while further < _LARGEST_REGULAR and len(met) < count and further not in met:
            met.add(further)
            sector = self._sector(further)
            if len(sector) < self._size:
                break
            *more, further = struct.unpack(f"<{words}I", sector)
            numbers += more
        table: list[int] = []
        for number in numbers:
            sector = self._sector(number)
            if len(sector) == self._size:
                table += struct.unpack(f"<{words}I", sector)
            if len(table) * self._size > len(self._data) + self._size * words:
                break
        return table


def is_encrypted(directory: Directory) -> bool:
    """Encrypted OOXML, or a Word or Excel file with a password."""
    if "encryptedpackage" in directory.names:
        return True
    word = directory.head("WordDocument")
    if len(word) >= 12 and int.from_bytes(word[:2], "little") == _WORD:
        return bool(int.from_bytes(word[10:12], "little") & _ENCRYPTED)
    return any(_FILEPASS in _records(directory.head(name)) for name in ("Workbook", "Book"))


def _records(head: bytes) -> Iterator[int]:
    """Kinds of the first records of a workbook."""
    place = 0
    while place + 4 <= len(head):
        kind, length = struct.unpack_from("<HH", head, place)
        yield kind
        place += 4 + length


def _storage(entries: list[Entry], first: int) -> Iterator[Entry]:
    """All entries beside `first`, which stand in a tree; a circle ends."""
    waiting, met = [first], set[int]()
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in met:
            met.add(number)
            yield entries[number]
            waiting += [entries[number].before, entries[number].behind]


def _entry(raw: bytes) -> Entry:
    raw = raw.ljust(_ENTRY, b"\0")
    length = int.from_bytes(raw[64:66], "little")
    name = raw[: max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
    before, behind, inside = struct.unpack_from("<III", raw, 68)
    start, size = struct.unpack_from("<II", raw, 116)
    return Entry(name, raw[66], start, size, before, behind, inside)
