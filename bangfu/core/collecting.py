"""The collector of cycles, told to run rarely where a deed walks over very many objects that hold none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_less(after: int = 1_000_000) -> Iterator[None]:
    """Make the collector run once that many new objects: it walks all that lives again and again, which took a fifth
    of the time of an import and of an export, and finds next to nothing."""
    before = gc.get_threshold()
    gc.set_threshold(after, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
