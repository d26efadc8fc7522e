"""Which text of a rule found a signal, as findings have it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_findings")]

    operations = [
        migrations.AddField("signal", "version", models.CharField(blank=True, max_length=12)),
    ]
