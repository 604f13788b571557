"""Gradings of single items."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import cets.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_protect"), ("agencies", "0002_protect")]
    operations = [
        migrations.CreateModel(
            name="ItemGrading",
            fields=[
                ("id", models.UUIDField(default=cets.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("item", models.TextField()),
                ("place", models.TextField()),
                ("key", models.UUIDField(null=True)),
                ("mark", models.UUIDField()),
                ("source", models.SmallIntegerField()),
                ("information", models.CharField(max_length=1)),
                ("handling", models.CharField(max_length=1)),
                ("conditions", models.TextField(blank=True, default="")),
                ("graded_by", models.UUIDField()),
                ("graded_at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="reports.report"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="agencies.agency"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="reports.part"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["report", "part", "place"], name="item_grading_of_report")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(item__in=("message", "trace", "sighting")), name="item_grading_item_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(item="sighting", key__isnull=False)
                        | (~Q(item="sighting") & Q(key__isnull=True)),
                        name="item_grading_of_an_identifier",
                    ),
                    models.CheckConstraint(
                        condition=Q(source__in=[1, 2, 3])
                        & Q(information__in=list("ABCDE"))
                        & Q(handling__in=list("PC")),
                        name="item_grading_is_3x5x2",
                    ),
                    models.CheckConstraint(
                        condition=Q(handling="P") | ~Q(conditions=""),
                        name="item_grading_conditions_given",
                    ),
                ],
            },
        ),
    ]
