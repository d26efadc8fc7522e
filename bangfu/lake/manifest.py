"""What a snapshot says about itself: the file's name, its format, the sum of a file."""

import hashlib
from pathlib import Path

MANIFEST = "manifest.json"
FORMAT = 3


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
