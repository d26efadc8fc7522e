"""What was "at school, yes or no" becomes the school itself; the year was never said."""

from django.db import migrations


def carry_over(apps, schema_editor):
    conditions = apps.get_model("people", "Condition").objects
    conditions.filter(at_school=True).update(school="some")
    conditions.filter(at_school=False).update(school="none")


class Migration(migrations.Migration):

    dependencies = [("people", "0002_register_in_depth")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(model_name="condition", name="at_school"),
    ]
