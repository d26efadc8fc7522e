"""When a household is to be visited again (policy.md A9)."""

from datetime import date

from bangfu.core.retirement import add_months


def due_on(paired_on: date, visited_on: date | None, months: int) -> date:
    """The last day in time of the next visit: so many months after the last one, or after the pairing where there was
    none since. A visit before the pairing was another helper's."""
    since = visited_on if visited_on is not None and visited_on >= paired_on else paired_on
    return add_months(since, months)
