import bangfu.core.keys
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def raise_what_was_found(apps, schema_editor):
    """Whatever was found before capacities could be stated, somebody was asked about on that day."""
    signals = apps.get_model("monitoring", "Signal").objects
    signals.filter(raised_on__isnull=True).update(raised_on=models.F("opened_on"))


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0005_proof'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='signal',
            name='raised_on',
            field=models.DateField(null=True),
        ),
        migrations.RunPython(raise_what_was_found, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigIntegerField(default=bangfu.core.keys.new_key, editable=False, primary_key=True, serialize=False)),
                ('finding', models.CharField(choices=[('confirmed', 'Needs help'), ('not_so', 'Not so: the alarm was wrong'), ('changed', 'Changed meanwhile: needs no help now')], max_length=10)),
                ('minutes', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='check_made', to='monitoring.signal')),
            ],
        ),
        migrations.CreateModel(
            name='Capacity',
            fields=[
                ('id', models.BigIntegerField(default=bangfu.core.keys.new_key, editable=False, primary_key=True, serialize=False)),
                ('division', models.CharField(max_length=12)),
                ('weekly', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['division', 'at'], name='capacity_division')],
            },
        ),
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigIntegerField(default=bangfu.core.keys.new_key, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('division', models.CharField(max_length=12)),
                ('values', models.JSONField()),
                ('asked_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('result', models.JSONField(null=True)),
                ('trouble', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['by', 'code'], name='trial_by')],
            },
        ),
    ]
