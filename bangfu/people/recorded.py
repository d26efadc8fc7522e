"""How facts came to be known."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Recorded:
    """How facts came to be known: on which day they are true, from whom, recorded when, by whom, in which batch.

    `decided`: somebody who saw what is on file decides otherwise, so no difference is opened; lists and feeds
    never do. `new` are persons whom the same deed has only just registered: nothing can be known of them, nothing
    is looked up.
    """

    on: date
    source: str
    by: Any
    at: datetime
    batch: int | None = None
    evidence: str = ""
    decided: bool = False
    new: frozenset[int] = frozenset()

    def stamp(self) -> dict[str, Any]:
        """The fields that every version of this recording shares."""
        return {
            "source": self.source, "evidence": self.evidence, "recorded_at": self.at,
            "recorded_by_id": self.by.pk if self.by else None, "batch": self.batch,
        }  # fmt: skip
