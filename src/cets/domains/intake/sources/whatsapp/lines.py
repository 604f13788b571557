"""What stands after a message's header: who sent it, or what the app itself says."""

import re
from collections.abc import Iterator

from cets.domains.intake.sources.whatsapp.headers import MARKS

_LONGEST_NAME = 120
_STRIPPED = MARKS + " \t\u00a0\u202f"
_MARK = re.compile(f"[{MARKS}]")

#: The app's own lines about a group may quote a name with a colon in it; their verb comes before the quote.
_GROUP_NOTICE = re.compile(
    r"""^[^:"“„«]{1,120}?\b(?:created\sgroup|changed\sthe\s(?:subject|group\sname)|hat\sdie\sGruppe|
    creó\sel\sgrupo|a\scréé\sle\sgroupe|criou\so\sgrupo|ha\screato\sil\sgruppo|heeft\sde\sgroep)
    .*?["“„«]""",
    re.VERBOSE,
)
#: In any language: a quote that opens before the colon and closes behind it. Names have none with a blank before it.
_QUOTED_COLON = re.compile(r"""^[^:]{0,120}?\s["“„«»]\s?[^\s"”“»«:][^"”“»«:]{0,100}:[^"”“»«]{0,200}["”“»«]""")
#: Both patterns need one of these, and few lines hold any.
_QUOTE = re.compile(r"""["“„«»]""")
#: Verbs of the app's own lines, where a name of a member with a colon follows.
_DONE_BY_A_MEMBER = re.compile(
    r"^.{1,60}\s(?:added|removed|left|joined\susing|changed\s(?:the|this|their|from|to)|adicionou|removeu|saiu|mudou\s\w+"
    r"|añadió|eliminó|salió|cambió\s\w+|ha\saggiunto|ha\srimosso|ha\sabbandonato|ha\scambiato|heeft\s.{1,60}\s(?:toegevoegd|verwijderd)"
    r"|heeft\s(?:het|de)\s|hat\s(?:die|den|das|.{1,60}\s(?:hinzugefügt|entfernt))|a\sajouté|a\sretiré|a\schangé|a\squitté"
    r"|dodał\(?a?\)?|usunął|usunęła|zmienił\(?a?\)?|добавил[аи]?|удалил[аи]?|изменил[аи]?|додав|додала|lade\still|tog\sbort|tilføjede"
    r"|fjernede|ekledi|çıkardı|lisäsi|poisti|a\sadăugat|hozzáadta|eltávolította)(?:\s|$)"  # noqa: RUF001 - Turkish
)
_NAMED = re.compile(
    r"""(?:created\sgroup|changed\sthe\s(?:subject|group\sname)\b(?:.{0,140}?\sto)?|
    creó\sel\sgrupo|a\scréé\sle\sgroupe|criou\so\sgrupo|ha\screato\sil\sgruppo|hat\sdie\sGruppe)
    \s*["“„«](?P<name>[^"”“»]{1,120})["”“»]""",
    re.VERBOSE,
)
#: The notice on encryption, in the words of several languages; iOS sends it in the name of the chat.
_ENCRYPTION = re.compile(
    r"end-to-end.encrypt|end-to-end-verschlüsselt|Ende-zu-Ende|cifrad[oa]s? de extremo a extremo"
    r"|chiffrés? de bout en bout|criptografia de ponta|crittografia end-to-end|end-to-end versleuteld"
)
_MESSAGES_TO = re.compile(
    r"^(?:Messages|Nachrichten|Mensajes|Los mensajes|Les messages|As mensagens|I messaggi|Berichten)\b"
)
_NUMBER = re.compile(r"\+?[\d(][\d()\-. \u00a0\u202f\u2011]{5,22}\d")
_NUMBER_IN_NOTICE = re.compile(r"(?<![\w+])\+\d[\d()\- \u00a0\u202f\u2011]{5,22}\d(?!\w)")

_CALLED = re.compile(
    r"(?<!\w)@(?:(?P<number>\+?\d{8,15})(?![\w@]|\.\w)|\u2068(?P<name>[^\u2068\u2069\n]{1,80})\u2069)"
)

#: What the app writes for a file that the export left out, in the words of several languages.
_LEFT_OUT = (
    r"(?:omitted|ausgeschlossen|weggelassen|omitid[oa]s?|omis(?:es?)?|absente?|manquante?|omess[aoi]|ocult(?:ad)?[ao]s?"
    r"|weggelaten|utelämna(?:d|de|t|ts)|utelatt|udeladt|pominięt[aoey]|vynechán[aoy]?|elhagyva|dahil\sedilmedi"
    r"|jätettiin\spois|без\sмедиафайлов|опущен[ао]?|استبعاد|נכללה|नहीं\sजोड़ा|के\sबिना)"  # noqa: RUF001 - Russian
)
_THING = (
    r"(?:image|video|audio|sticker|GIF|document|Contact\scard|video\snote|Bild|Dokument|Kontaktkarte|Videonachricht"
    r"|vidéo|fiche\sde\scontact|imagen|documento|tarjeta\sde\scontacto|imagem|vídeo|áudio|figurinha|immagine"
    r"|adesivo|scheda\scontatto|afbeelding|contactkaart|bild|dokument|görüntü|изображение|видео|аудио)"
)
_OMITTED = re.compile(
    rf"^(?:<[^<>\n]*(?<!\w){_LEFT_OUT}(?!\w)[^<>\n]*>|{_THING}\s{_LEFT_OUT})$", re.IGNORECASE
)
_DOCUMENT = re.compile(rf"^(?P<file>[^\n•]{{1,200}}\.\w{{1,5}})\s•[^\n]{{0,60}}\b{_LEFT_OUT}$", re.IGNORECASE)
_ATTACHED = re.compile(
    r"<(?:attached|adjunto|Anhang|pièce jointe|anexado|allegato|bijgevoegd)\s?:\s*(?P<file>[^<>\n]{1,200})>"
)
_FILE = re.compile(
    r"^(?P<file>[^\n<>]{1,200}\.\w{1,5})\s\((?:file attached|Datei angehängt|archivo adjunto|fichier joint|"
    r"arquivo anexado|file allegato|bestand bijgevoegd|bifogad fil|dosya ekli|файл добавлен)\)"
)


def bare(text: str) -> str:
    """Return a name or line without direction marks and the blanks around it."""
    return text.strip(_STRIPPED) if text.isascii() else _MARK.sub("", text).strip(_STRIPPED)


def split_sender(rest: str) -> tuple[str | None, str]:
    """Split what follows the header into (sender, text); sender is None in a line of the app itself.

    A name with a colon in it cannot be told from a text with one here; see `Survey.name_with_colon`.
    """
    first = rest.split("\n", 1)[0]
    if _QUOTE.search(first) and (_GROUP_NOTICE.match(bare(first)) or _QUOTED_COLON.match(bare(first))):
        return None, rest
    at = first.find(":")
    while at != -1 and first[at + 1 : at + 2] not in ("", " ", "\u200e"):
        at = first.find(":", at + 1)
    name = bare(first[:at]) if at > 0 else ""
    if not name or len(name) > _LONGEST_NAME:
        return None, rest
    return name.removeprefix("~").strip(_STRIPPED) or name, rest[at + 1 :].removeprefix(" ")


def tells_a_deed(name: str) -> bool:
    """Say whether what stands before a colon reads like the app's own line on what a member did."""
    return bool(_DONE_BY_A_MEMBER.match(name))


def is_notice(text: str) -> bool:
    """Say whether a text with a sender is nonetheless the app's: the notice on encryption."""
    return bool(_MESSAGES_TO.match(text.lstrip(_STRIPPED)) and _ENCRYPTION.search(text))


def group_name(sender: str | None, text: str) -> str | None:
    """Return the name of the chat where this line of the app, split by `split_sender`, tells it."""
    if sender is not None:
        return sender if is_notice(text) else None
    first = bare(text.split("\n", 1)[0])
    found = _NAMED.search(first) if _GROUP_NOTICE.match(first) else None
    return found["name"] if found else None


def is_number(name: str) -> bool:
    return bool(_NUMBER.fullmatch(name))


def numbers(text: str) -> list[tuple[int, int]]:
    """Return where the app's own line names phone numbers."""
    return [found.span() for found in _NUMBER_IN_NOTICE.finditer(text)]


def called(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, kind, value) for each member of the chat that a message calls by "@".

    The app writes a number in international form without its plus, or a name between isolation marks.
    """
    for found in _CALLED.finditer(text) if "@" in text else ():
        if found["number"]:
            yield found.start("number"), found.end("number"), "phone", "+" + found["number"].lstrip("+")
        else:
            name = found["name"].removeprefix("~").strip(_STRIPPED)
            kind = "phone" if is_number(name) else "display_name"
            yield found.start("name"), found.end("name"), kind, name


def attachments(text: str) -> tuple[str, ...]:
    """Return the files that a message carried or that the export left out, as the text names them."""
    first = bare(text.split("\n", 1)[0])
    # Most texts hold none of the signs; the patterns alone would take much longer to say so.
    found = (
        (_ATTACHED.search(first) if "<" in first else None)
        or (_FILE.match(first) if "(" in first else None)
        or (_DOCUMENT.match(first) if "•" in first else None)
    )
    if found:
        return (found["file"],)
    return (first.strip("<>"),) if _OMITTED.match(first) else ()
