"""What a check must know of the register: protocols, answered in bulk by whoever holds the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True)
class Known:
    """What the register holds now under one key.

    `values` by the column names of `Checked.rows`, in the same codes; a column that is left out is not
    compared, a None is compared as empty. `as_of`: the day on which these values were taken, the latest of
    them.
    """

    name: str
    as_of: date
    values: Mapping[str, Any] = field(default_factory=dict)


class RosterRegister(Protocol):
    """Persons by ID number."""

    def persons(self, id_numbers: Sequence[str]) -> Mapping[str, Known]:
        """Those of the ID numbers that are on the register."""
        ...


class JobRegister(Protocol):
    """Persons by ID number, and what is on file under ID number and first day of the job.

    A person without work is on file under the day None.
    """

    def names(self, id_numbers: Sequence[str]) -> Mapping[str, str]:
        """The names of those of the ID numbers that are on the register."""
        ...

    def jobs(self, id_numbers: Sequence[str]) -> Mapping[tuple[str, date | None], Known]:
        """The jobs of these persons by (ID number, first day)."""
        ...


class EmptyRegister:
    """A register without persons."""

    def persons(self, id_numbers: Sequence[str]) -> Mapping[str, Known]:
        """Nobody."""
        return {}

    def names(self, id_numbers: Sequence[str]) -> Mapping[str, str]:
        """Nobody."""
        return {}

    def jobs(self, id_numbers: Sequence[str]) -> Mapping[tuple[str, date | None], Known]:
        """No job."""
        return {}
