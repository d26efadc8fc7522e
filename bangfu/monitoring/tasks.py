"""Trials of rules, computed in the background."""

from datetime import datetime, timedelta

from django_tasks import task

from bangfu.monitoring.trials import run_trial, take_up_left

_STILL = timedelta(minutes=5)


@task()
def run_trial_task(key: str) -> int:
    """Compute a trial; returns how many snapshots were judged. Started twice it does no harm."""
    return run_trial(int(key)).done


def tend_trials(*, at: datetime) -> None:
    """Begin again what a killed worker left; called by the schedule."""
    for key in take_up_left(at=at, still=_STILL):
        run_trial_task.enqueue(str(key))
