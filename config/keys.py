"""The key file of an installation: every secret it has, outside the data folder, so that one stolen disk is not both.

BANGFU_KEYS names it. Without that, a demo or a developer's home gets `NAME.keys` beside the data folder on first use;
such a file is marked and refused in production, as is one that others may read. The file is read again when it
changes, so that a rotation reaches running processes without a restart.
"""

import json
import os
import stat
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bangfu.core.sealing import MOST_KEYS, Keyring, new_secret
from config.home import home, in_production

CIPHERS = ("aes", "sm4")
_WRITTEN_BY = {"development", "production"}


class KeysRefused(Exception):
    """The key file cannot be used; said in the operator's words."""


@dataclass(frozen=True)
class Key:
    """Thirty-two secret bytes in hexadecimal; `cipher` "sm4" stands for SM4-GCM, or HMAC-SM3 for an index."""

    cipher: str
    secret: str = field(repr=False)

    @property
    def bytes(self) -> bytes:
        """The secret itself."""
        return bytes.fromhex(self.secret)


@dataclass(frozen=True)
class KeyFile:
    """The secrets. `rotating` while values may still be sealed under an older key; `next_index` names the key to
    which the blind indexes are being moved, None while they are not."""

    made_for: str
    django: str = field(repr=False)
    audit: str = field(repr=False)
    factor: str = field(repr=False)
    sealing: dict[int, Key]
    current: int
    index: dict[int, Key]
    current_index: int
    rotating: bool = False
    next_index: int | None = None

    def ring(self, index: int | None = None) -> Keyring:
        """The keys as a ring; with the blind index of key `index` (None: the current one)."""
        told = self.index[self.current_index if index is None else index]
        return Keyring(
            sealing={number: key.bytes for number, key in self.sealing.items()},
            current=self.current,
            index=told.bytes,
            sm4=frozenset(number for number, key in self.sealing.items() if key.cipher == "sm4"),
            index_sm3=told.cipher == "sm4",
        )

    def with_sealing_key(self, cipher: str) -> "KeyFile":
        """The same with a further key that seals from now on. Raises KeysRefused when all numbers are taken."""
        free = [number for number in range(1, MOST_KEYS) if number not in self.sealing]
        if not free:
            raise KeysRefused("all 63 key numbers are taken: run `bangfu keys retire` first")
        above = [number for number in free if number > self.current]
        number = (above or free)[0]
        return replace(self, sealing={**self.sealing, number: _key(cipher)}, current=number, rotating=True)

    def with_index_key(self, cipher: str) -> "KeyFile":
        """The same with a further key for the blind indexes, to which they are to be moved."""
        number = max(self.index) + 1
        return replace(self, index={**self.index, number: _key(cipher)}, next_index=number)

    def at_index(self, number: int) -> "KeyFile":
        """The same with the blind indexes under that key; the one before is kept until it is retired."""
        return replace(self, current_index=number, next_index=None)

    def without(self, sealing: set[int]) -> "KeyFile":
        """The same without those keys, and with the current key of the indexes only."""
        kept = {number: key for number, key in self.sealing.items() if number not in sealing}
        return replace(self, sealing=kept, index={self.current_index: self.index[self.current_index]})


def key_path() -> Path:
    """Where the key file lies: BANGFU_KEYS, or beside the data folder."""
    named = os.environ.get("BANGFU_KEYS")
    return Path(named).resolve() if named else home().with_name(f"{home().name}.keys")


def new_cipher() -> str:
    """The cipher of new keys: BANGFU_CIPHER, "aes" (default) or "sm4". Raises KeysRefused for another word."""
    cipher = os.environ.get("BANGFU_CIPHER") or "aes"
    if cipher not in CIPHERS:
        raise KeysRefused(f"BANGFU_CIPHER is {cipher}: it must be aes or sm4")
    return cipher


def load_keys() -> KeyFile:
    """The key file; made on first use where this is no production. Raises KeysRefused."""
    path = key_path()
    if in_production():
        _check_place(path)
    elif not path.exists():
        make_key_file(path, "development")
    keys = read_keys(path)
    if in_production() and keys.made_for != "production":
        raise KeysRefused(f"{path} was made for a demo: make one with `bangfu keys new`")
    return keys


def _check_place(path: Path) -> None:
    if not os.environ.get("BANGFU_KEYS"):
        raise KeysRefused("production needs a key file of its own: name it in BANGFU_KEYS")
    if path.is_relative_to(home()):
        raise KeysRefused(f"{path} lies inside the data folder: keep keys apart from data")
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise KeysRefused(f"no key file at {path}: make one with `bangfu keys new`") from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeysRefused(f"{path} may be read by others: chmod 600 it")


def read_keys(path: Path) -> KeyFile:
    """What the file holds. Raises KeysRefused when it is no key file."""
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
        for name in ("sealing", "index"):
            told[name] = {int(number): Key(**key) for number, key in told[name].items()}
        keys = KeyFile(**told)
        keys.ring()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeysRefused(f"{path} is no key file") from error
    if keys.made_for not in _WRITTEN_BY or keys.current not in keys.sealing:
        raise KeysRefused(f"{path} is no key file")
    return keys


def make_key_file(path: Path, made_for: str) -> None:
    """Fresh keys at `path`, readable by the owner only; a file that exists (or appears meanwhile) is kept."""
    one = _key(new_cipher())
    keys = KeyFile(
        made_for=made_for, django=new_secret().hex(), audit=new_secret().hex(), factor=new_secret().hex(),
        sealing={1: one}, current=1, index={1: _key(one.cipher)}, current_index=1,
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = _written(path, keys)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def new_key_file() -> str:
    """Make the key file of a production and say so; before the settings, which refuse to load without one.

    Raises KeysRefused where there is one already.
    """
    path = key_path()
    if path.exists():
        raise KeysRefused(f"{path} exists: nothing was changed")
    make_key_file(path, "production")
    return f"{path} made. Keep a copy apart from the backups of the data: without it nothing opens."


def save_keys(path: Path, keys: KeyFile) -> None:
    """Replace the file in one step: a reader sees the old keys or the new ones."""
    _written(path, keys).replace(path)


def _written(path: Path, keys: KeyFile) -> Path:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with fresh.open("w", encoding="ascii") as file:
        json.dump(asdict(keys), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _key(cipher: str) -> Key:
    return Key(cipher, new_secret().hex())


class LiveKeyring:
    """A Keyring that follows its key file: a key added by a rotation is known to the next call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark: tuple[int, int] | None = None
        self._ring: Keyring | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now(), name)

    def now(self) -> Keyring:
        """The ring as the file has it at this moment."""
        told = self._path.stat()
        mark = (told.st_mtime_ns, told.st_ino)
        if self._ring is None or mark != self._mark:
            self._ring, self._mark = read_keys(self._path).ring(), mark
        return self._ring
