"""Provider XML: valid or not, of this schema or another; hostile XML is refused or bounded."""

import io
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from cets.domains.intake.cybertip.record import from_xml
from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Person, Sighting, Summary
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.cybertip_xml import source as module
from cets.domains.intake.sources.cybertip_xml.source import CybertipXml

EXAMPLES = Path(module.__file__).parent / "examples"
REPORT = (EXAMPLES / "report.xml").read_text(encoding="utf-8")


def read(text: str | bytes) -> list[AnyRow]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(CybertipXml().read(io.BytesIO(raw), Options(country="GB")))


def sightings(rows: list[AnyRow]) -> dict[str, Sighting]:
    return {f"{row.value.kind} {row.value.value}": row for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def test_a_valid_report_has_nothing_left_over() -> None:
    assert said(read(REPORT)) == []


def test_places_are_paths() -> None:
    found = sightings(read(REPORT))
    assert found["ip 203.0.113.77"].place == "/report/personOrUserReported/ipCaptureEvent/ipAddress"
    assert (
        found["url https://lanterntalk.example/u/harbour_light9"].place
        == "/report/internetDetails[1]/webPageIncident/url"
    )


def test_roles_and_contacts() -> None:
    found = sightings(read(REPORT))
    assert found["account lanterntalk/harbour_light9"].role == "suspect"
    assert found["account lanterntalk/kit_demo"].role == "victim"
    assert found["email safety@lanterntalk.example"].role == "reporter"
    assert not found["email safety@lanterntalk.example"].pivot


def test_a_country_code_in_an_attribute_is_read_with_the_number_and_shown_as_written() -> None:
    phone = sightings(read(REPORT))["phone +447700900555"]
    assert phone.value.raw == "7700900555"
    assert phone.value.assumed is None


def test_file_details_join_their_report() -> None:
    rows = read((EXAMPLES / "file_details.xml").read_bytes())
    summary = next(row for row in rows if isinstance(row, Summary))
    assert (summary.external_body, summary.external_number) == ("NCMEC", "990000201")
    found = sightings(rows)
    assert found["hash md5:0123456789abcdef0123456789abcdef"].role == "unknown"
    assert any(key.startswith("hash pdq:") for key in found)
    (facts,) = [row.text for row in rows if isinstance(row, FreeText) and row.label == "Uploaded file 1"]
    assert "viewed by provider: false" in facts
    assert said(rows) == []


def test_what_breaks_the_schema_is_read_and_said_with_its_line() -> None:
    rows = read(REPORT.replace("<age>13</age>", "<age>thirteen</age>"))
    (text,) = said(rows)
    assert text.startswith("Not valid by the provider schema: line ")
    assert "/report/victim/victimPerson/age" in text
    assert "thirteen" not in text, "a victim's value does not stand on the receipt"
    assert next(row for row in rows if isinstance(row, Person) and row.role == "victim").age == "thirteen"


def test_an_element_that_is_not_known_is_named() -> None:
    rows = read(REPORT.replace("<espIdentifier>71001", "<shoeSize>44</shoeSize><espIdentifier>71001"))
    assert any(
        "/report/personOrUserReported/shoeSize is in a field that is not known" in text for text in said(rows)
    )
    assert any(text.startswith("Not valid by the provider schema") for text in said(rows))


def test_an_element_that_is_not_known_is_searched() -> None:
    rows = read(
        REPORT.replace(
            "<espIdentifier>71001",
            "<shoe maker='x@mail.example'>to y@mail.example<last>z@mail.example</last></shoe><espIdentifier>71001",
        )
    )
    found = {row.value.value: row for row in rows if isinstance(row, Sighting) and "shoe" in row.place}
    assert {value: (row.way, row.role) for value, row in found.items()} == {
        f"{letter}@mail.example": ("mentioned", "unknown") for letter in "xyz"
    }
    assert found["z@mail.example"].place == "/report/personOrUserReported/shoe/last"
    assert sum("/shoe is in a field that is not known" in text for text in said(rows)) == 1


def test_an_element_that_is_not_known_at_a_victim_is_the_victims() -> None:
    rows = read(REPORT.replace("<victim>", "<victim><shoe>to y@mail.example</shoe>"))
    (found,) = [row for row in rows if isinstance(row, Sighting) and row.value.value == "y@mail.example"]
    assert found.role == "victim"
    assert found.person in {row.key for row in rows if isinstance(row, Person) and row.role == "victim"}


@pytest.mark.parametrize(
    ("whole", "parted", "key"),
    [
        ("<espIdentifier>7781", "<espIdentifier>77<!-- c -->81", "account lanterntalk/id:7781"),
        ("<screenName>bluebridge_x1", "<screenName>blue<!-- c -->bridge_x1", "account lanterntalk/bluebridge_x1"),
        ("<screenName>bluebridge_x1", "<screenName><!-- c -->blue<?p?>bridge_x1", "account lanterntalk/bluebridge_x1"),
        ("<email>longname.x1@post.example", "<email>long<!-- x -->name.x1@post.example", "email longname.x1@post.example"),
        ("<phone>+44 7700 900901", "<phone>+44 7700<?p q?> 900901", "phone +447700900901"),
        ("<phone>+44 7700 900901", "<phone><![CDATA[+44 7]]>700<!----> 9<?p?>00901", "phone +447700900901"),
    ],
)  # fmt: skip
def test_comments_and_instructions_part_no_value(whole: str, parted: str, key: str) -> None:
    def found(text: str) -> Sighting:
        end = f"</{text[1 : text.index('>')]}>"
        mark = REPORT.index("<personOrUserReported>") + len("<personOrUserReported>")
        return sightings(read(REPORT[:mark] + text + end + REPORT[mark:]))[key]

    assert found(parted) == found(whole)


def test_a_comment_in_a_value_is_no_fault_of_the_schema() -> None:
    assert said(read(REPORT.replace("<age>13</age>", "<age>1<!-- c -->3<?p?></age>"))) == []
    (text,) = said(read(REPORT.replace("<age>13</age>", "<age>thir<!-- c -->teen</age>")))
    assert "/report/victim/victimPerson/age" in text


def test_text_around_comments_between_elements_is_searched() -> None:
    rows = read(
        REPORT.replace(
            "<victim>",
            "<shoe><!-- c -->x@mail<?p?>.example<last>1</last>to y@mail<!-- c -->.example<?p?> z@mail.example"
            "<lace/><!-- c --> w@mail.example</shoe><victim>",
        )
    )
    found = {row.value.value for row in rows if isinstance(row, Sighting) and "shoe" in row.place}
    assert found == {f"{letter}@mail.example" for letter in "wxyz"}


def test_a_reference_to_an_entity_stands_as_it_is_written() -> None:
    tree = etree.fromstring(
        "<!DOCTYPE r [<!ENTITY e '99'>]><r><id>77&e;81</id></r>",
        etree.XMLParser(resolve_entities=False, no_network=True),
    )
    (field,) = from_xml(tree).fields("id")
    assert field.text == "77&e;81", "and not 7781, which is another number"


def test_another_namespace_is_read_by_local_names_and_said() -> None:
    rows = read((EXAMPLES / "le_namespace.xml").read_bytes())
    assert any("http://report.cybertip.org/leaws/icac" in text for text in said(rows))
    assert {"account lanterntalk/id:71001", "email harbour.light@mail.example"} == set(sightings(rows))
    assert next(row for row in rows if isinstance(row, Summary)).external_number == "990000203"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
        "<report><incidentSummary><platform>&b;&f;</platform></incidentSummary></report>"
    )
    (row,) = read(bomb.encode(encoding))
    assert isinstance(row, Failed)
    assert "DTD" in row.reason


def test_a_document_type_behind_a_long_comment_is_refused() -> None:
    late = "<!--" + "x" * 70_000 + "--><!DOCTYPE r [<!ENTITY a '81'>]>"
    (row,) = read(REPORT.replace("<report", f"{late}<report", 1))
    assert isinstance(row, Failed)
    assert "DTD" in row.reason


def test_broken_xml_is_read_up_to_the_fault() -> None:
    rows = read(REPORT[: REPORT.index("<victim>") + 30])
    assert "account lanterntalk/harbour_light9" in sightings(rows)
    assert isinstance(rows[-1], Failed)
    assert "broken at line" in rows[-1].reason


@pytest.mark.parametrize(
    "cut",
    ["<screenName>", "<screenName>harb", "<screenName>har<!-- c -->b", "<screenName>harb<?p?>", "<screenName>harb & our", "harb&x;"],
)  # fmt: skip
def test_a_value_in_which_the_file_breaks_off_is_no_identifier(cut: str) -> None:
    before = REPORT[: REPORT.index("<screenName>harbour_light9")]
    rows = read(before + cut)
    assert set(sightings(rows)) <= set(sightings(read(REPORT)))
    assert isinstance(rows[-1], Failed)
    assert rows[-1].reason.endswith("but not the value or word in which it breaks off.")


def test_what_stands_before_the_word_in_which_the_file_breaks_off_is_read() -> None:
    text = (
        "<report><incidentSummary/><additionalInfo>"
        + "lantern " * 20
        + "write to x@mail.example or y@mail.exam"
    )
    assert set(sightings(read(text))) == {"email x@mail.example"}


def test_a_value_before_the_wrong_end_is_whole() -> None:
    text = "<report><personOrUserReported><email>x@mail.example</Email></personOrUserReported></report>"
    rows = read(text)
    assert "email x@mail.example" in sightings(rows)
    assert isinstance(rows[-1], Failed)
    assert rows[-1].reason.endswith("what stands before is read.")


def test_wherever_a_file_is_cut_no_other_value_is_read() -> None:
    whole = set(sightings(read(REPORT)))
    for end in range(0, len(REPORT), 5):
        assert set(sightings(read(REPORT[:end]))) <= whole, REPORT[:end][-60:]


def test_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ELEMENTS", 100)
    last = read("<report><incidentSummary>" + "<a/>" * 200 + "</incidentSummary></report>")[-1]
    assert isinstance(last, Failed)
    assert "100" in last.reason
    monkeypatch.setattr(module, "LARGEST", 50)
    (row,) = read(REPORT)
    assert isinstance(row, Failed)


@pytest.mark.parametrize(
    "text",
    ["", "<", "<report", "<report/>", "<report>\x00</report>", "<report>" + "<a>" * 5000, "<a><b/></a>"],
)
def test_nothing_raises(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "text",
    [
        "<report><title>Annual report</title></report>",
        '<?xml version="1.0"?><project name="x"/>',
        "<html><body>report</body></html>",
        '<?xml version="1.0"?><!-- <report><incidentSummary/></report> --><other/>',
    ],
)
def test_other_xml_is_nobodys(text: str) -> None:
    found = recognise(text.encode(), len(text))
    assert found is None or found.name not in ("cybertip_xml", "text", "csv")


class Everything:
    """Writes a document with every element and attribute that the schema knows."""

    XS = "{http://www.w3.org/2001/XMLSchema}"

    def __init__(self) -> None:
        self.schema = etree.parse(str(Path(module.__file__).with_name("cyber_tipline.xsd"))).getroot()

    def document(self, root: str) -> bytes:
        return etree.tostring(self.element(self.named("element", root)))

    def named(self, sort: str, name: str) -> Any:
        return next((node for node in self.schema.findall(self.XS + sort) if node.get("name") == name), None)

    def element(self, declared: Any) -> Any:
        if declared.get("ref"):
            declared = self.named("element", declared.get("ref"))
        made = etree.Element(declared.get("name"))
        made.text = "12"
        kind = self.named("complexType", declared.get("type") or "")
        self.fill(made, kind if kind is not None else declared)
        return made

    def fill(self, made: Any, declared: Any) -> None:
        for node in declared.iterchildren(etree.Element):
            if node.tag == self.XS + "element":
                made.text = None
                made.append(self.element(node))
            elif node.tag == self.XS + "attribute":
                made.set(node.get("name"), "true")
            elif node.tag != self.XS + "annotation":
                self.fill(made, node)


@pytest.mark.parametrize("root", ["report", "fileDetails"])
def test_every_element_and_attribute_of_the_schema_is_handled(root: str) -> None:
    document = Everything().document(root)
    assert len(document) > 1_000
    assert [text for text in said(read(document)) if "not known" in text] == []


@pytest.mark.parametrize(
    ("before", "name", "after", "place"),
    [
        ("<IMPORT version='1'>", "CRIMEREPORT", "</IMPORT>", "/IMPORT/CRIMEREPORT"),
        ("<e:env xmlns:e='urn:x'><e:body>", "report", "</e:body></e:env>", "/env/body/report"),
    ],
)
def test_a_report_in_an_envelope_is_read(before: str, name: str, after: str, place: str) -> None:
    text = (
        f"{before}<sender>desk@mail.example</sender><{name}><reportId>990000777</reportId><personOrUserReported>"
        f"<email>a@mail.example</email><shoeSize>44</shoeSize></personOrUserReported></{name}>{after}"
    )
    source = recognise(text.encode(), len(text))
    assert source is not None
    assert source.name == "cybertip_xml"
    rows = read(text)
    assert next(row for row in rows if isinstance(row, Summary)).external_number == "990000777"
    found = sightings(rows)
    person = found["email a@mail.example"]
    assert (person.way, person.role, person.place) == (
        "declared",
        "suspect",
        f"{place}/personOrUserReported/email",
    )
    assert found["email desk@mail.example"].way == "mentioned", "what stands beside the report is searched"
    texts = said(rows)
    assert texts[0].startswith("The XML is an envelope (")
    assert sum("shoeSize" in text for text in texts) == 1
    beside = place.rpartition("/")[0]
    named = (f"{beside}/sender is in a field", f"{beside} is in a field")
    assert sum(any(words in text for words in named) for text in texts) == 1


def test_text_behind_a_report_in_an_envelope_is_searched() -> None:
    one = "<report><reportId>%d</reportId><personOrUserReported/></report> write to %s@mail.example "
    rows = read("<all>" + one % (990000777, "x") + "<!-- c -->" + one % (990000778, "y") + "</all>")
    assert {"email x@mail.example", "email y@mail.example"} <= set(sightings(rows))


def test_several_reports_in_an_envelope_are_read_and_said() -> None:
    one = "<report><reportId>%d</reportId><personOrUserReported><email>a%d@mail.example</email></personOrUserReported></report>"
    rows = read("<all>" + one % (990000777, 1) + one % (990000778, 2) + "</all>")
    assert [row.external_number for row in rows if isinstance(row, Summary)] == ["990000777"]
    assert {row.place for row in sightings(rows).values()} == {
        f"/all/report[{number}]/personOrUserReported/email" for number in (1, 2)
    }
    assert any("holds 2 entries" in text for text in said(rows))
    assert any("990000778 is a further report" in text for text in said(rows))


@pytest.mark.parametrize(
    "text",
    [
        "<all><report><title>Annual</title></report></all>",
        "<all><item><reportId>1</reportId><incidentSummary/></item></all>",
        "<all><report><reportId>1</reportId><title>Annual</title></report></all>",
    ],
)
def test_an_envelope_around_something_else_is_nobodys(text: str) -> None:
    source = recognise(text.encode(), len(text))
    assert source is None or source.name != "cybertip_xml"


def test_comments_and_instructions_are_searched() -> None:
    rows = read(
        "<?xml version='1.0'?><!-- kea1@mail.example --><?note ask kea2@mail.example?><report><reportId>990000777</reportId>"
        "<victim><!-- hers: kea3@mail.example --><email>a<!-- kea4@mail.example -->b@mail.example</email></victim>"
        "</report><!-- kea5@mail.example --><?xml-stylesheet href='https://style.example/x.xsl'?>"
    )
    found = sightings(rows)
    assert {name for name in found if "kea" in name} == {
        f"email kea{number}@mail.example" for number in range(1, 6)
    }
    assert {found[f"email kea{number}@mail.example"].role for number in (3, 4)} == {"victim"}, (
        "hers is masked"
    )
    assert found["email kea1@mail.example"].role == "unknown"
    assert found["email ab@mail.example"].way == "declared"
    assert not any(name.startswith("url") for name in found)


def test_comments_in_an_envelope_are_searched() -> None:
    inner = "<report><reportId>990000777</reportId><victim><!-- kea@mail.example --></victim></report>"
    assert sightings(read(f"<all>{inner}</all>"))["email kea@mail.example"].role == "victim"


def test_more_comments_than_are_searched_are_said() -> None:
    rows = read("<report><incidentSummary/>" + "<!--a-->" * (module.MOST_ASIDES + 5) + "</report>")
    assert any("holds 10005 comments" in text for text in said(rows))


@pytest.mark.parametrize("ending", ["", "</report>" * 100_000])
def test_endless_nesting_names_its_limit(ending: str) -> None:
    text = "<report>" * 100_000 + ending
    source = recognise(text[:65_536].encode(), len(text))
    assert source is not None
    assert source.name == "cybertip_xml"
    [failed] = [row for row in read(text) if isinstance(row, Failed)]
    assert "the limit of 256 elements" in failed.reason


def test_a_report_of_something_else_is_nobodys() -> None:
    text = "<report><title>Annual</title>" + "<p>x</p><br/>" * 400 + "</report>"
    assert recognise(text.encode(), len(text)) is None


BODY = (
    "<report><reportId>990000777</reportId><victim><screenName>kea_1</screenName></victim>"
    "<personOrUserReported><displayName>%s</displayName><email>kea@mail.example</email></personOrUserReported></report>"
)


@pytest.mark.parametrize(
    "raw",
    [
        b"\n \r\n<?xml version='1.0' encoding='UTF-8'?>" + (BODY % "Zo\u00eb").encode(),
        b"<?xml version='1.0' encoding=\"UTF-16\"?>" + (BODY % "Zo\u00eb").encode(),
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-16'?>" + (BODY % "Zo\u00eb").encode(),
        (BODY % "Zo\u00eb").encode("cp1252"),
        b"<?xml version='1.0' encoding='utf-8'?>" + (BODY % "Zo\u00eb").encode("cp1252"),
        b"<?xml version='1.0' encoding='windows-1252'?>" + (BODY % "Zo\u00eb").encode("cp1252"),
        (BODY % "Zo&euml;").encode(),
        (BODY % "Zo\u00eb").encode("utf-8-sig"),
        ("<?xml version='1.0' encoding='UTF-16'?>" + BODY % "Zo\u00eb").encode("utf-16"),
    ],
)
def test_a_declaration_that_is_wrong_costs_nothing(raw: bytes) -> None:
    assert isinstance(recognise(raw, len(raw)), CybertipXml)
    rows = read(raw)
    assert set(sightings(rows)) == {"email kea@mail.example", "display_name zo\u00eb", "handle kea_1"}
    assert not [row for row in rows if isinstance(row, Failed)]


def test_names_of_characters_that_xml_knows_stay() -> None:
    rows = read((BODY % "Kea &amp;nbsp; &lt;b&gt;&nbsp;x").encode())
    assert "display_name kea &nbsp; <b> x" in sightings(rows)


def test_an_alphabet_that_is_not_declared_is_guessed_and_said() -> None:
    rows = read((BODY % ("\u043f\u0440\u0438\u0432\u0435\u0442 " * 40)).encode("koi8_r"))
    assert "email kea@mail.example" in sightings(rows)
    assert any("encoding is not stated" in text for text in said(rows))
