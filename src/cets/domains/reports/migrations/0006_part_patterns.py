"""With which of the agency's own patterns a file was read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_remark_sort")]
    operations = [
        migrations.AddField(
            model_name="part", name="patterns", field=models.SmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="part", name="patterns_version", field=models.IntegerField(db_default=0, default=0)
        ),
    ]
