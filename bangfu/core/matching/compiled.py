"""The one place that compiles: a typed face for numba's decorator."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit  # type: ignore[import-untyped, unused-ignore]

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code: kept on disk beside its source, and free of the interpreter's lock."""
    return cast(Function, njit(cache=True, nogil=True)(function))
