"""Cellebrite's report.xml: what UFED and Physical Analyzer found on a device, streamed model by model."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, FreeText, Person, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.cellebrite_xml.model import Model
from cets.domains.intake.sources.cellebrite_xml.models import ModelReader
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.tables import words
from cets.domains.intake.xml_walk import Found, XmlFile, local

_PROJECT = re.compile(r"<(?:[\w.\-]+:)?project\b[^>]{0,2000}\bpa\.cellebrite\.com/report")
_FRAGMENT = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<model\s[^>]{0,1000}\bdeleted_state=")
#: What no name of a person holds.
_OF_A_VALUE = re.compile(r"[@\d/:]")
_HASHES = {"MD5": "md5", "SHA256": "sha256", "SHA1": "sha1"}


class CellebriteXml(Source):
    name = "cellebrite_xml"
    caption = "Cellebrite report (XML)"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        text = text.lstrip("\ufeff")
        return 0.98 if _PROJECT.search(text[:8_192]) or _FRAGMENT.match(text) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        xml_file, report = XmlFile(file), _Report(options)
        for found in xml_file.walk(_is_record, most=options.max_rows):
            yield from report.rows(found)
        if not report.is_titled:
            yield Summary(title="Cellebrite report")
        yield from xml_file.remarks()


def _is_record(element: Any) -> bool:
    """A model is one, but not those that are parts of another: only messages of a chat are, as there are many."""
    name = local(element)
    if name == "file":
        return True
    parent = element.getparent()
    if name != "model" or parent is None:
        return name == "model"
    if local(parent) not in ("modelField", "multiModelField"):
        return True
    return bool(element.get("type") == "InstantMessage" and parent.get("name") == "Messages")


class _Report:
    def __init__(self, options: Options) -> None:
        self._reader = Reader(options)
        self._models = ModelReader(self._reader)
        self.is_titled = False

    def rows(self, found: Found) -> Iterator[AnyRow]:
        if found.is_record and found.name == "file":
            yield from self._file(found)
        elif found.is_record:
            yield from self._model(found)
        elif found.path.count("/") == 1:
            yield from self._project(found)
        else:
            yield from self._around(found)

    def _model(self, found: Found) -> Iterator[AnyRow]:
        model, field = Model(found.element, found.path), found.element.getparent()
        chat = field.getparent() if field is not None and field.get("name") == "Messages" else None
        if model.type == "InstantMessage" and chat is not None:
            yield from self._models.message(model, Model(chat, found.path.rsplit("/", 2)[0]))
        else:
            yield from self._models.rows(model)

    def _file(self, found: Found) -> Iterator[AnyRow]:
        """Yield a file of the device: path, size and hashes; its content is beside the report."""
        element, told = found.element, []
        path = element.get("path") or ""
        yield from self._reader.free_text(path, place=found.path, label="File")
        for item in element.iter():
            name, text = item.get("name") or local(item), (item.text or "").strip()
            if text and name in _HASHES:
                yield from self._reader.declared(
                    "hash", f"{_HASHES[name]}:{text}", as_written=text, place=found.path
                )
            elif text:
                told.append(f"{name}: {text}")
        told += [f"{name}: {element.get(name)}" for name in ("size", "deleted") if element.get(name)]
        yield from self._reader.free_text("; ".join(told), place=found.path, label="File")

    def _project(self, found: Found) -> Iterator[AnyRow]:
        name = found.element.get("name") or ""
        if found.name == "project":
            self.is_titled = True
            yield Summary(title=f"Cellebrite report {name}".strip()[:200])
            told = [
                f"{key}: {found.element.get(key)}"
                for key in ("reportVersion", "NodeCount", "ModelCount")
                if found.element.get(key)
            ]
            if told:
                yield FreeText(text="; ".join(told), place=found.path, label="Report")

    def _around(self, found: Found) -> Iterator[AnyRow]:
        """Yield what stands outside of the models: the case (its officers link nothing), device and extraction."""
        element, text = found.element, (found.element.text or "").strip()
        name = element.get("name") or found.name
        if "/caseInformation" in found.path:
            yield from self._case(name, text, found.path)
        elif text:
            yield from self._models.named(name, text, found.path)
        if found.name == "extractionInfo":
            told = "; ".join(f"{key}: {value}" for key, value in element.attrib.items())
            yield from self._reader.free_text(told, place=found.path, label="Extraction")

    def _case(self, name: str, text: str, place: str) -> Iterator[AnyRow]:
        """Yield a field of the case: a heading that an agency made for a suspect or a victim tells whose value it is."""
        role = words.role_of(name)
        pivot = role in ("suspect", "victim")
        is_name = words.is_only_a_role(name) or words.kind_of(name) == "name"
        if text and pivot and is_name and not _OF_A_VALUE.search(text):
            yield Person(key=f"case {place}", role=role, place=place, names=(text,))
            facts: dict[str, Any] = {"role": role, "person": f"case {place}"}
            yield from self._reader.declared("display_name", text, place=place, **facts)
        yield from self._reader.free_text(text, place=place, label=name[:100], role=role, pivot=pivot)
