"""How errors reach a log: which kind and where, never with a value, for a value may be a person's."""

import logging
import traceback
from types import TracebackType


class WithoutValues(logging.Formatter):
    """Writes of an exception its kind and the lines that led to it; its text is left out."""

    def formatException(  # noqa: N802  the name of the standard library
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """One line for each exception of the chain and its frames, the outermost deed first."""
        lines: list[str] = []
        error, seen = ei[1], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = traceback.extract_tb(error.__traceback__)
            told = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
            lines = [type(error).__qualname__, *told, *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
