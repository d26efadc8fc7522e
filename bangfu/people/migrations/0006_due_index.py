"""One index for the worklist and its counts: open cases of a range of places by deadline; the one by leg goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_training")]

    operations = [
        migrations.RemoveIndex(model_name="standing", name="standing_leg"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["division", "due_at", "leg"],
                condition=models.Q(due_at__isnull=False),
                name="standing_due",
            ),
        ),
    ]
