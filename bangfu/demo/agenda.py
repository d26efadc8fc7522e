"""What is to happen in the demo's year, done in the order of time: nights fall between the deeds as in life."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count


class Agenda:
    """Deeds by the instant at which they happen; a deed may put down further ones. Of one instant the first put down
    comes first."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = count()

    def put(self, at: datetime, deed: Callable[[], object]) -> None:
        """Put a deed down."""
        heapq.heappush(self._deeds, (at, next(self._numbers), deed))

    def run(self, until: datetime) -> None:
        """Do what happens before that instant."""
        while self._deeds and self._deeds[0][0] < until:
            heapq.heappop(self._deeds)[2]()
