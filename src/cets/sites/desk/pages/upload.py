"""Files in, each with its state; columns confirmed before anything is read."""

from dataclasses import dataclass
from typing import ClassVar

from django.forms import BoundField, Form

from cets.sites.desk.pages.parts import Alert, Link, NextStep, Tag


@dataclass(frozen=True)
class FileState:
    """One file the officer added. `moving`: it is being stored or read, so the list asks again."""

    name: str
    size: str
    tag: Tag
    text: str = ""
    links: tuple[Link, ...] = ()
    moving: bool = False
    share: int | None = None  # per cent read, when known
    sharing: str = ""  # "Sharing: silent": what others learn of it


@dataclass(frozen=True)
class FileStates:
    """The list alone, which the page asks for again while something moves: `template` is the fragment."""

    template: ClassVar[str] = "desk/file_states.html"

    files: tuple[FileState, ...]
    states_url: str
    summary: str = ""
    next: NextStep | None = None  # of the page around it
    is_alone: bool = False  # sent by itself: the bar of the page is then renewed with it

    @property
    def moving(self) -> bool:
        return any(file.moving for file in self.files)


@dataclass(frozen=True)
class Upload:
    template: ClassVar[str] = "desk/upload.html"

    form: Form  # forms.UploadForm
    form_url: str
    states: FileStates
    accepted: str  # "JSON, XML, CSV, XLSX, WhatsApp, EML, mbox, text, ZIP, tar, 7z, gz"
    limit: str  # "200 MB"
    most_bytes: int  # of all files of one request
    next: NextStep | None = None
    note: Link | None = None  # type a note instead
    alert: Alert | None = None


@dataclass(frozen=True)
class ColumnRow:
    """One column. `day_first` is a radio field when the column holds dates that can mean two things."""

    heading: str
    samples: tuple[str, ...]
    saw: str
    read_as: BoundField
    role: BoundField | None = None
    day_first: BoundField | None = None
    question: str = ""  # "412 of 1,000 values fit both; no other line settles it."
    sure: bool = True


@dataclass(frozen=True)
class PreviewCell:
    text: str
    doubt: str = ""  # amber: "2 candidates"
    fault: str = ""  # red: "Not understood"


@dataclass(frozen=True)
class ColumnMapPage:
    """`form` is forms.ColumnMapForm; the rows hold its bound fields, unsure ones first."""

    template: ClassVar[str] = "desk/column_map.html"

    file: str
    about: str  # "sheet Lines, heading in row 2"
    next: NextStep
    form: Form
    form_url: str
    unsure: tuple[ColumnRow, ...]
    sure: tuple[ColumnRow, ...]
    preview_headings: tuple[str, ...]
    preview: tuple[tuple[PreviewCell, ...], ...]
    save_as: BoundField | None = None
    saved_maps: Link | None = None
    states: FileStates | None = None
    preview_total: str = ""
    pick: Form | None = None  # forms.PickMapForm, sent to `pick_url`
    pick_url: str = ""
    picked: str = ""  # what is shown is how this map would have it read; nothing is settled
    shown: str = ""  # mark of how the columns are read now: it comes back with the answer
