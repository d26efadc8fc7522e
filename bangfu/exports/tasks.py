"""Work on exports that goes on in the background."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from bangfu.exports.actions import erase_ended, make_export, take_up_left

_STILL = timedelta(minutes=5)


@task()
def make_export_task(key: str) -> int:
    """Make the file of an export; returns its rows, 0 when it was not made. Started twice it does no harm."""
    return make_export(int(key), at=timezone.now()).rows_made or 0


def tend_exports(*, at: datetime) -> None:
    """Erase what has ended, and begin again what a killed worker left; called by the schedule."""
    erase_ended(at=at)
    for key in take_up_left(at=at, still=_STILL):
        make_export_task.enqueue(str(key))
