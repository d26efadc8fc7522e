"""The data folder of an installation: where it lies, and the secrets that it keeps."""

import os
from pathlib import Path

from bangfu.core.sealing import Keyring, new_secret

REPOSITORY = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder named by BANGFU_HOME, or `.bangfu` beside the program. It need not exist yet."""
    return Path(os.environ.get("BANGFU_HOME") or REPOSITORY / ".bangfu").resolve()


def database_url() -> str:
    """BANGFU_DATABASE, or the embedded SQLite register inside the data folder."""
    return os.environ.get("BANGFU_DATABASE") or f"sqlite:///{home() / 'register.sqlite3'}"


def secret(name: str) -> bytes:
    """The 32 secret bytes kept under `keys/NAME`, made on first use, readable by the owner only.

    Two processes may ask at once on a new installation: the file is created exclusively, the loser reads.
    """
    path = home() / "keys" / name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(new_secret())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()


def keyring() -> Keyring:
    """The installation's keys for sealed fields and blind indexes."""
    return Keyring(sealing={1: secret("field-1")}, current=1, index=secret("index"))
