"""What somebody told us, kept as it came, and what was read from it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from cets.domains.agencies.models import Agency, Officer, Team
from cets.domains.ledger.models import Entry
from cets.domains.reports.models.grading import ITEMS, ItemGrading
from cets.domains.reports.models.trace import TRACE_KINDS, Trace
from cets.domains.reports.models.words import SimpleVector
from cets.domains.vault.models import Original
from cets.kernel.ids import new_id

__all__ = [
    "ITEMS", "TRACE_KINDS", "Counter", "ItemGrading",
    "Message", "Part", "Passage", "Person", "Remark", "Report", "Secondment", "SimpleVector", "Trace",
]  # fmt: skip


class Report(models.Model):
    """A report with its reference, grading, sharing level and the ledger entry that keeps it from being lost."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "team": "open",
        "reference": "open",
        "title": "evidence",
        "title_raw": "victim",
        "category": "open",
        "platform": "open",
        "reporting_body": "personal",
        "external_body": "open",
        "external_number": "personal",
        "incident_raw": "evidence",
        "incident_at": "evidence",
        "received_at": "open",
        "urgent": "open",
        "summary": "victim",
        "sharing": "open",
        "state": "open",
        "grading_source": "open",
        "grading_information": "open",
        "grading_handling": "open",
        "grading_conditions": "evidence",
        "graded_by": "personal",
        "entry": "open",
        "contact": "personal",
        "joined_to": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    reference = models.CharField(max_length=40)
    title = models.TextField(default="")  # with victims' values replaced: what is shown, searched and told
    title_raw = models.TextField(default="", db_default="")  # as it came, where that differs
    category = models.TextField(default="")
    platform = models.TextField(default="")
    reporting_body = models.TextField(default="")
    external_body = models.TextField(default="")
    external_number = models.TextField(default="")
    incident_raw = models.TextField(default="")
    incident_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    summary = models.TextField(default="")
    sharing = models.SmallIntegerField()  # sharing.levels.Level
    state = models.TextField(default="sealed")  # sealed, read, not_understood, joined
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True
    )  # a supplement: the first report of that number
    grading_source = models.SmallIntegerField(default=2)  # 1-3; new reports are untested
    grading_information = models.CharField(max_length=1, default="D")  # A-E; not known
    grading_handling = models.CharField(max_length=1, default="P")  # P or C
    grading_conditions = models.TextField(default="", blank=True)
    graded_by = models.UUIDField(null=True)
    contact = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True
    )  # whom others may call; else the duty team
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "reference"], name="report_reference_once"),
            models.UniqueConstraint(
                fields=["agency", "external_body", "external_number"],
                condition=~Q(external_number=""),
                name="report_external_once",
            ),
            models.CheckConstraint(condition=Q(sharing__in=[0, 1, 2]), name="report_sharing_known"),
            models.CheckConstraint(
                condition=Q(grading_source__in=[1, 2, 3])
                & Q(grading_information__in=list("ABCDE"))
                & Q(grading_handling__in=list("PC")),
                name="report_grading_is_3x5x2",
            ),
            models.CheckConstraint(
                condition=Q(grading_handling="P") | ~Q(grading_conditions=""), name="report_conditions_given"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sealed", "read", "not_understood", "joined"]),
                name="report_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="joined", joined_to__isnull=False)
                | (~Q(state="joined") & Q(joined_to__isnull=True)),
                name="report_joined_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-received_at"], name="report_newest")]

    def __str__(self) -> str:
        return self.reference


class Secondment(models.Model):
    """A report that was given by name to an officer with a narrow role."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "officer": "open",
        "agency": "open",
        "given_by": "personal",
        "given_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    given_by = models.UUIDField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "officer"], name="secondment_once")]


class Counter(models.Model):
    """The last number given, per agency and series ("R2026", "H")."""

    sensitivity: ClassVar = {"id": "open", "agency": "open", "series": "open", "last": "open"}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    series = models.TextField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "series"], name="counter_once")]


class Part(models.Model):
    """One file of a report (a member of a ZIP is a part too), who read it, and its receipt."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "original": "open",
        "number": "open",
        "name": "evidence",
        "name_raw": "victim",
        "member": "open",
        "source": "open",
        "parser_version": "open",
        "state": "open",
        "size": "open",
        "sha256": "evidence",
        "received_at": "open",
        "read_at": "open",
        "sightings": "open",
        "identifiers": "open",
        "messages": "open",
        "traces": "open",
        "error": "open",
        "column_maps": "victim",
        "seconds": "open",
        "patterns": "open",
        "patterns_version": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    original = models.ForeignKey(Original, on_delete=models.PROTECT)
    number = models.IntegerField()
    name = models.TextField()  # with victims' values replaced
    name_raw = models.TextField(default="", db_default="")  # as it came, where that differs
    member = models.BooleanField(default=False)  # of a container, whose own part is the original's
    source = models.TextField(default="")
    parser_version = models.TextField(default="")
    state = models.TextField(default="sealed")  # sealed, needs_map, read, not_understood, failed
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sightings = models.IntegerField(default=0)
    identifiers = models.IntegerField(default=0)
    messages = models.IntegerField(default=0)
    traces = models.IntegerField(default=0)
    error = models.TextField(default="")
    column_maps = models.JSONField(null=True)  # of each table in it: how it was, or would be, read
    seconds = models.FloatField(default=0)
    #: How many of the agency's own patterns it was read with, and which version of them; 0: it never had any.
    patterns = models.SmallIntegerField(default=0, db_default=0)
    patterns_version = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number", "agency"], name="part_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["sealed", "needs_map", "read", "not_understood", "failed"]),
                name="part_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["original"]),
            models.Index(fields=["received_at"], condition=Q(state="sealed"), name="part_to_read"),
        ]


class Person(models.Model):
    """A person as the source describes him. A victim is shown by a pseudonym ("Child A")."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "key": "evidence",
        "role": "open",
        "place": "evidence",
        "names": "victim",
        "birth_date": "victim",
        "age": "victim",
        "facts": "victim",
        "pseudonym": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, db_index=False)
    key = models.TextField()
    role = models.TextField()
    place = models.TextField()
    names = ArrayField(models.TextField())
    birth_date = models.TextField(default="")
    age = models.TextField(default="")
    facts = models.JSONField(default=list)
    pseudonym = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["report"], name="person_of_report")]


class Message(models.Model):
    """One message of a chat or mail, or a system line, in the order of the source."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "number": "open",
        "kind": "open",
        "thread": "victim",
        "sender": "victim",
        "sender_person": "evidence",
        "recipients": "victim",
        "subject": "victim",
        "sent_raw": "evidence",
        "sent_at": "evidence",
        "sent_candidates": "evidence",
        "text": "victim",
        "masked": "evidence",
        "headers": "victim",
        "attachments": "victim",
        "place": "evidence",
        "words": "evidence",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    kind = models.TextField()
    thread = models.TextField(default="")
    sender = models.TextField(default="")
    sender_person = models.TextField(default="")
    recipients = ArrayField(models.TextField(), default=list)
    subject = models.TextField(default="")
    sent_raw = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)
    sent_candidates = ArrayField(models.TextField(), default=list)
    text = models.TextField()
    masked = models.TextField()  # the text with victims' values replaced: what is shown, searched and quoted
    headers = models.JSONField(default=list)
    attachments = ArrayField(models.TextField(), default=list)
    place = models.TextField()
    words = models.GeneratedField(
        expression=SimpleVector(Left("masked", 200_000)), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["report", "part", "number"], name="message_in_order"),
            GinIndex(fields=["words"], name="message_words"),
        ]


class Passage(models.Model):
    """Prose that is no message: a field, a note, a line, a cell."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "number": "open",
        "place": "evidence",
        "label": "evidence",
        "text": "victim",
        "masked": "evidence",
        "words": "evidence",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    place = models.TextField()
    label = models.TextField(default="")
    text = models.TextField()
    masked = models.TextField()
    words = models.GeneratedField(
        expression=SimpleVector(Left("masked", 200_000)), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["report", "part", "number"], name="passage_in_order"),
            GinIndex(fields=["words"], name="passage_words"),
        ]


class Remark(models.Model):
    """A line of the receipt: something not understood, something with two meanings and which one a person chose, a note.

    A note says what became of the file beside its being read; no value stands in it, and reading again leaves it.
    """

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "kind": "open",
        "text": "victim",
        "candidates": "victim",
        "place": "evidence",
        "role": "open",
        "settled_as": "victim",
        "settled_by": "personal",
        "settled_at": "open",
        "sort": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField()  # not_understood, ambiguous, note
    text = models.TextField()
    candidates = ArrayField(models.TextField(), default=list)
    place = models.TextField(default="")
    role = models.TextField(default="unknown", db_default="unknown")  # whose it is: a victim's is masked
    settled_as = models.TextField(default="")
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    sort = models.TextField(default="", db_default="")  # of what was not understood: cut, limit

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=["", "cut", "limit"]), name="remark_sort_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["not_understood", "ambiguous", "note"]), name="remark_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["report", "kind"], name="remark_of_report")]
