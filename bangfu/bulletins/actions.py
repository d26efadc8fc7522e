"""Setting targets."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.bulletins.models import Target
from bangfu.core.keys import new_key


@transaction.atomic
def set_target(division: str, year: int, indicator: str, value: int, *, source: str, by: Any, at: datetime) -> None:
    """The yearly target of a division for an indicator; one set before is replaced."""
    Target.objects.update_or_create(
        division=division, year=year, indicator=indicator,
        defaults={"value": value, "source": source},
        create_defaults={"id": new_key(), "value": value, "source": source},
    )  # fmt: skip
    record("bulletins.target_set", by=by, at=at, count=1, division=division, facts={"year": year, "value": value})
