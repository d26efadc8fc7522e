"""Outside lists of any kind: of a place, held when too short; one table of lines in place of one a kind."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bangfu.core.keys

_STATUS = {1: "paying", 2: "suspended", 3: "ended"}


def _move_lines(apps, schema_editor):
    old, new = apps.get_model("monitoring", "InsuranceMonth"), apps.get_model("monitoring", "FeedLine")
    rows = (
        new(
            id=row.pk, feed_id=row.feed_id, person_id=row.person_id, uscc=row.uscc, status=_STATUS[row.status],
            amount=row.wage_amount,
        )
        for row in old.objects.iterator()
    )  # fmt: skip
    part = []
    for row in rows:
        part.append(row)
        if len(part) == 1000:
            new.objects.bulk_create(part)
            part = []
    new.objects.bulk_create(part)
    apps.get_model("monitoring", "Feed").objects.update(stands_at=models.F("received_at"))


def _key():
    return models.BigIntegerField(
        default=bangfu.core.keys.new_key, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0007_flow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("feed", "feed_one_a_month"),
        migrations.RenameField("feed", "month", "period"),
        migrations.AddField("feed", "division", models.CharField(default="000000000000", max_length=12)),
        migrations.AddField("feed", "file_name", models.CharField(blank=True, max_length=200)),
        migrations.AddField(
            "feed", "by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("feed", "bad", models.PositiveIntegerField(default=0)),
        migrations.AddField("feed", "compared", models.PositiveIntegerField(null=True)),
        migrations.AddField("feed", "unread", models.JSONField(default=dict)),
        migrations.AddField(
            "feed", "state",
            models.CharField(
                choices=[("standing", "In use"), ("held", "Held"), ("rejected", "Rejected")], default="standing",
                max_length=10,
            ),
        ),
        migrations.AddField("feed", "stands_at", models.DateTimeField(null=True)),
        migrations.AddField("feed", "decided_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "feed", "decided_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("feed", "reason", models.CharField(blank=True, max_length=200)),
        migrations.CreateModel(
            name="FeedLine",
            fields=[
                ("id", _key()),
                ("uscc", models.CharField(blank=True, max_length=18)),
                ("status", models.CharField(blank=True, max_length=20)),
                ("detail", models.CharField(blank=True, max_length=20)),
                ("begins_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("number", models.PositiveSmallIntegerField(null=True)),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kept", to="monitoring.feed"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="feed_lines",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BadFeedLines",
            fields=[
                ("id", _key()),
                ("count", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "feed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bad_lines", to="monitoring.feed"
                    ),
                ),
            ],
        ),
        migrations.RunPython(_move_lines, migrations.RunPython.noop, elidable=True),
    ]  # fmt: skip
