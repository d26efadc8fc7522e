import bangfu.core.keys
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0006_checks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Flow',
            fields=[
                ('id', models.BigIntegerField(default=bangfu.core.keys.new_key, editable=False, primary_key=True, serialize=False)),
                ('origin', models.CharField(db_index=True, max_length=12)),
                ('place', models.CharField(blank=True, max_length=6)),
                ('persons', models.PositiveIntegerField()),
            ],
        ),
    ]
