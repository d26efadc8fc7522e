"""Work on uploads that goes on in the background."""

from django.utils import timezone
from django_tasks import task

from bangfu.intake.actions import apply_batch, follow_up
from bangfu.intake.models import ACTIVE, Batch


@task()
def apply_batch_task(batch_key: str) -> int:
    """Import an upload; returns how many rows were brought in.

    Started twice, or for one that was undone meanwhile, it does no harm.
    """
    batch = Batch.objects.get(pk=int(batch_key))
    if batch.state not in ACTIVE:
        return 0
    batch = apply_batch(batch, at=timezone.now())
    follow_up(batch, at=timezone.now())
    return batch.rows_applied


@task()
def follow_up_task(batch_key: str) -> None:
    """Derive what rests on the facts of a batch that was taken back."""
    follow_up(Batch.objects.get(pk=int(batch_key)), at=timezone.now())
