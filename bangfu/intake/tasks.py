"""Work on uploads that goes on in the background."""

from django.utils import timezone
from django_tasks import task

from bangfu.intake.actions import apply_batch
from bangfu.intake.models import ACTIVE, Batch


@task()
def apply_batch_task(batch_key: str) -> int:
    """Import an upload; returns how many rows were brought in.

    Started twice, or for one that was undone meanwhile, it does no harm.
    """
    batch = Batch.objects.get(pk=int(batch_key))
    if batch.state not in ACTIVE:
        return 0
    return apply_batch(batch, at=timezone.now()).rows_applied
