"""What a list must satisfy; apart from the rows' move, which PostgreSQL wants in a transaction of its own."""

from django.db import migrations, models
from django.db.models import Q


def _one(name, state):
    return models.UniqueConstraint(
        name=name, fields=["kind", "period", "division"], condition=Q(superseded_at__isnull=True, state=state)
    )


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0008_feeds")]

    operations = [
        migrations.DeleteModel("InsuranceMonth"),
        migrations.AddConstraint("feed", _one("feed_one_standing", "standing")),
        migrations.AddConstraint("feed", _one("feed_one_held", "held")),
        migrations.AddConstraint(
            "feed",
            models.CheckConstraint(
                name="feed_standing_since", condition=~Q(state="standing") | Q(stands_at__isnull=False)
            ),
        ),
        migrations.AddConstraint(
            "feed",
            models.CheckConstraint(
                name="feed_rejected_with_reason",
                condition=~Q(state="rejected") | (Q(decided_at__isnull=False) & ~Q(reason="")),
            ),
        ),
        migrations.AddConstraint(
            "feedline",
            models.CheckConstraint(
                name="feed_line_of_somebody", condition=Q(person__isnull=False) | ~Q(uscc="")
            ),
        ),
    ]
