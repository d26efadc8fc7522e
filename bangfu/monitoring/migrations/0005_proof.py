"""The coverage certificates of the nights."""

from django.db import migrations, models

import bangfu.core.keys


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_signal_version")]

    operations = [
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=bangfu.core.keys.new_key, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on", models.DateField(unique=True)),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("holds", models.BooleanField()),
            ],
        ),
    ]
