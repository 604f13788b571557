"""Of what was not understood: whether something was cut off, or passed over because of a limit."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_item_grading_protect")]
    operations = [
        migrations.AddField(
            model_name="remark", name="sort", field=models.TextField(db_default="", default="")
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=Q(sort__in=["", "cut", "limit"]), name="remark_sort_known"
            ),
        ),
    ]
