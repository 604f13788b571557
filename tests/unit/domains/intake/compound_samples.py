"""Writes compound files (OLE structured storage) for the tests: storages as dictionaries, streams as bytes."""

import struct

_FREE, _END, _TABLE, _MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_CUTOFF, _MINI = 4096, 64
Storage = dict[str, "bytes | Storage"]


def compound(root: Storage, *, shift: int = 9) -> bytes:
    """Return a compound file with sectors of 512 bytes (`shift` 12: of 4,096)."""
    return _Writer(root, shift).write()


class _Writer:
    def __init__(self, root: Storage, shift: int) -> None:
        self.size, self.shift = 1 << shift, shift
        self.data = bytearray()
        self.table: list[int] = []
        self.mini, self.mini_table = bytearray(), list[int]()
        self.entries: list[list[object]] = []  # name, kind, left, right, child, start, size
        self.root = root

    def write(self) -> bytes:
        self._storage("Root Entry", self.root, 5)
        self.entries[0][5], self.entries[0][6] = self._stream(bytes(self.mini)), len(self.mini)
        small = self._stream(struct.pack(f"<{len(self.mini_table)}I", *self.mini_table))
        directory = b"".join(map(_entry, self.entries))
        first = self._stream(directory.ljust(-(-len(directory) // self.size) * self.size, b"\0"))
        return self._head(first, small) + bytes(self.data)

    def _storage(self, name: str, content: Storage, kind: int) -> int:
        number = len(self.entries)
        self.entries.append([name, kind, _FREE, _FREE, _FREE, 0, 0])
        inside = []
        for key, value in sorted(content.items(), key=lambda item: (len(item[0]), item[0].upper())):
            if isinstance(value, dict):
                inside.append(self._storage(key, value, 1))
            else:
                inside.append(len(self.entries))
                is_small = len(value) < _CUTOFF
                start = self._small(value) if is_small else self._stream(value)
                self.entries.append([key, 2, _FREE, _FREE, _FREE, start, len(value)])
        self.entries[number][4] = self._tree(inside)
        return number

    def _tree(self, numbers: list[int]) -> int:
        if not numbers:
            return _FREE
        middle = len(numbers) // 2
        self.entries[numbers[middle]][2] = self._tree(numbers[:middle])
        self.entries[numbers[middle]][3] = self._tree(numbers[middle + 1 :])
        return numbers[middle]

    def _small(self, value: bytes) -> int:
        return self._add(value, self.mini, self.mini_table, _MINI)

    def _stream(self, value: bytes) -> int:
        return self._add(value, self.data, self.table, self.size)

    @staticmethod
    def _add(value: bytes, data: bytearray, table: list[int], size: int) -> int:
        count = -(-len(value) // size)
        if not count:
            return _END
        start = len(table)
        table += [*range(start + 1, start + count), _END]
        data += value.ljust(count * size, b"\0")
        return start

    def _head(self, directory: int, small: int) -> bytes:
        in_one = self.size // 4
        tables, more = 0, 0
        while tables * in_one < len(self.table) + tables + more:
            tables += 1
            more = -(-max(tables - 109, 0) // (in_one - 1))
        at = len(self.table)
        self.table += [_TABLE] * tables + [_MORE] * more
        self.table += [_FREE] * (tables * in_one - len(self.table))
        self.data += struct.pack(f"<{len(self.table)}I", *self.table)
        numbers = list(range(at, at + tables))
        rest, first_more = numbers[109:], at + tables if more else _END
        for index in range(more):
            piece = rest[index * (in_one - 1) : (index + 1) * (in_one - 1)]
            following = _END if index == more - 1 else at + tables + index + 1
            self.data += struct.pack(f"<{in_one}I", *piece, *[_FREE] * (in_one - 1 - len(piece)), following)
        named = [*numbers[:109], *[_FREE] * (109 - len(numbers[:109]))]
        minis = -(-len(self.mini_table) * 4 // self.size)
        version = 3 if self.shift == 9 else 4
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        head += struct.pack("<5H6x", 0x3E, version, 0xFFFE, self.shift, 6)
        head += struct.pack(
            "<10I", 0, tables, directory, 0, _CUTOFF, small, minis, first_more, more, named[0]
        )[:36]
        return (head + struct.pack("<109I", *named)).ljust(self.size, b"\0")


def _entry(entry: list[object]) -> bytes:
    name, kind, left, right, child, start, size = entry
    encoded = (str(name) + "\0").encode("utf-16-le")
    raw = encoded.ljust(64, b"\0") + struct.pack("<HBB3I", len(encoded), kind, 1, left, right, child)
    return raw + bytes(36) + struct.pack("<IQ", start, size)
