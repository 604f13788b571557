"""One message of Outlook as a file (MSG)."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake import compound_file
from cets.domains.intake.compound_file import CompoundFile
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.eml.rows import Mails, short
from cets.domains.intake.sources.msg.items import Items
from cets.domains.intake.sources.msg.properties import TABLE


class Msg(Source):
    name = "msg"
    caption = "E-mail (Outlook MSG)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.95 if compound_file.has_in_root(head, TABLE) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        try:
            opened = CompoundFile(file)
        except compound_file.NotReadable as fault:
            yield Failed(reason=str(fault))
            return
        mail = Items(opened, budget=options.max_text).read()
        yield Summary(title=short(mail.get("subject") or "E-mail"))
        yield from Mails(options).rows(mail, place="whole file")
        for remark in opened.remarks:
            yield NotUnderstood(text=f"{remark}.", place="whole file")
