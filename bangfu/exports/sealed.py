"""Files of people at rest: written in sealed pieces, opened only on their way out.

A piece is bound to the export, to its place in the file and to being the last one or not, so that pieces cannot be
exchanged, left out or cut off unseen. The name of the finished file appears only when the whole of it is on disk.
"""

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from django.conf import settings

from bangfu.core.keys import new_key

_PIECE_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")


def file_of(key: int) -> Path:
    """Where the finished file of an export lies, if there is one."""
    return Path(settings.EXPORTS) / f"{key}.sealed"


class SealedWriter:
    """A file to write to; nothing of it can be read from the disk. Finished, it is a draft until `publish`."""

    def __init__(self, key: int) -> None:
        self._key, self._number, self._held = key, 0, bytearray()
        self._path = file_of(key)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._draft = self._path.with_name(f"{key}.{new_key()}.part")
        self._file = os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.bytes_written = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._held += data
        self.bytes_written += len(data)
        while len(self._held) > _PIECE_BYTES:
            self._seal(bytes(self._held[:_PIECE_BYTES]), is_last=False)
            del self._held[:_PIECE_BYTES]
        return len(data)

    def flush(self) -> None:
        """What is held goes to the disk when a piece is full, or at the end."""

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        sealed = settings.KEYRING.seal_bytes(_place(self._number, is_last=is_last), [(self._key, piece)])[0]
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1

    def __enter__(self) -> "SealedWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._seal(bytes(self._held), is_last=True)
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if kind is not None:
            self.drop()

    def publish(self) -> None:
        """Let the whole file appear under its name."""
        self._draft.replace(self._path)

    def drop(self) -> None:
        """Throw the draft away."""
        self._draft.unlink(missing_ok=True)


def opened(key: int) -> Iterator[bytes]:
    """The pieces of a file, opened one by one. Raises FileNotFoundError, or CannotOpen for one that was changed."""
    with file_of(key).open("rb") as file:
        number, sealed = 0, _next(file.read)
        while sealed:
            following = _next(file.read)
            place = _place(number, is_last=not following)
            yield settings.KEYRING.open_bytes(place, [(key, sealed)])[0]
            number, sealed = number + 1, following


def _next(read: Callable[[int], bytes]) -> bytes:
    head = read(_LENGTH.size)
    return read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""


def _place(number: int, *, is_last: bool) -> str:
    return f"exports.file.{number}.{'last' if is_last else 'more'}"


def erase(key: int) -> None:
    """Erase the file of an export, and drafts that a killed worker left."""
    file_of(key).unlink(missing_ok=True)
    for draft in file_of(key).parent.glob(f"{key}.*.part"):
        draft.unlink(missing_ok=True)
