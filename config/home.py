"""The data folder of an installation, where its register lies, and whether it serves real people."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder named by BANGFU_HOME, or `.bangfu` beside the program. It need not exist yet."""
    return Path(os.environ.get("BANGFU_HOME") or REPOSITORY / ".bangfu").resolve()


def engine() -> str:
    """BANGFU_ENGINE, which judges the night: "duckdb" (default) or "spark"; another word is refused later."""
    return os.environ.get("BANGFU_ENGINE") or "duckdb"


def database_url() -> str:
    """BANGFU_DATABASE, or the embedded SQLite register inside the data folder."""
    return os.environ.get("BANGFU_DATABASE") or f"sqlite:///{home() / 'register.sqlite3'}"


def in_production() -> bool:
    """Whether BANGFU_ENV says so, or addresses of the service behind TLS are named in BANGFU_ORIGINS."""
    return os.environ.get("BANGFU_ENV") == "production" or bool(os.environ.get("BANGFU_ORIGINS"))
