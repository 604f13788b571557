"""A stream for `ijson`, whose compiled reader ends its whole process at a number that Python does not convert."""

from typing import Final, Protocol

#: Python converts no more digits in one go (`sys.int_info`); no number in a report has a hundred.
MOST_DIGITS: Final = 4_000
_AS_RUNS = bytes(0x30 if 0x30 <= code <= 0x39 else 0x20 for code in range(256))  # noqa: PLR2004 - the digits of ASCII
_TOO_MANY = b"0" * (MOST_DIGITS + 1)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Guarded:
    """Hands a stream on as far as the first run of digits that is too long, and raises ValueError there."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._before = b""
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        if self._is_over:
            raise ValueError("a number of more than 4,000 digits")
        data = self._stream.read(size)
        seen = self._before + data.translate(_AS_RUNS)
        at = seen.find(_TOO_MANY)
        if at >= 0:  # what stands before it is read; of its digits at most those of the read before are out
            self._is_over = True
            data = data[: max(at - len(self._before), 0)]
            return data or self.read()
        self._before = seen[-MOST_DIGITS:]
        return data
