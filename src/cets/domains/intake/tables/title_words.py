"""The words of titles, beside the roles they name: of many, how sure, in whose relation, how many. Without accents."""

# ruff: noqa: RUF001 - the words stand in the letters of their languages
from cets.domains.identifiers.kinds.base import Role


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Roles of several people, as they stand above lists of them; also in the case that "list of" asks for.
PLURALS: dict[Role, str] = {
    "victim": "geschädigte geschädigten verletzten victimes víctimas perjudicados perjudicadas agraviados agraviadas ofendidos"
    " ofendidas vítimas lesados lesadas vittime offese personeoffese partioffese partelesa partilese slachtoffers benadeelden"
    " pokrzywdzeni pokrzywdzone pokrzywdzonych ofiary ofiar małoletni małoletnich nieletni nieletnich minorenni"
    " потерпілі потерпілих жертви неповнолітні неповнолітніх малолітні малолітніх постраждалі постраждалих"
    " потерпевшие потерпевших жертвы пострадавшие пострадавших несовершеннолетние несовершеннолетних малолетние малолетних",
    "suspect": "beschuldigten verdächtige verdächtigen tatverdächtigen täter verdachten sospechosos sospechosas investigados"
    " investigadas imputados imputadas acusados indagati indagate imputati sospettati suspeitos arguidos prévenus prévenues"
    " podejrzani podejrzanych oskarżeni oskarżonych sprawcy sprawców"
    " підозрювані підозрюваних обвинувачені обвинувачених подозреваемые подозреваемых обвиняемые обвиняемых",
    "witness": "témoins testigos testimoni getuigen świadkowie świadków свідки свідків свидетели свидетелей",
    "reporter": "melders zgłaszający заявники заявители заявителей",
}
#: Words for children that name victims only where a title begins with them, and says nothing of an office.
CHILDREN = _listed(
    "children kids minors girls boys juveniles enfants mineurs mineures menores kinder minderjahrige minderjahrigen ninos ninas"
    " criancas bambini bambine minori kinderen minderjarigen barn dzieci диты діти дітей дети детей"
)
#: Plurals that end otherwise than in s.
SEVERAL = CHILDREN | _listed(
    "tater tatverdachtige tatverdachtigen verdachtige verdachtigen verdachten beschuldigte beschuldigten geschadigte"
    " geschadigten zeugen vittime offese indagati imputati sospettati testimoni getuigen pokrzywdzeni pokrzywdzone"
    " pokrzywdzonych ofiary ofiar maloletni maloletnich nieletni nieletnich podejrzani podejrzanych oskarzeni oskarzonych"
    " sprawcy sprawcow swiadkowie swiadkow потерпілі потерпілих жертви неповнолітні неповнолітніх малолітні малолітніх"
    " постраждалі підозрювані підозрюваних обвинувачені обвинувачених свідки потерпевшие потерпевших жертвы пострадавшие"
    " несовершеннолетние несовершеннолетних малолетние малолетних подозреваемые подозреваемых обвиняемые обвиняемых"
    " свидетели свидетелей заявители"
)
#: Beside a role they say how a list is to be kept; they are no name.
SECRET = _listed(
    "confidential secret sensitive restricted protected private official vertraulich geheim geschutzt dienstlich confidentiel"
    " confidentielle secrete protege confidencial reservado secreto protegido riservato riservata segreto vertrouwelijk geheim"
    " poufne tajne конфиденциально секретно конфіденційно таємно"
)
#: Beginnings of what qualifies a role in a title ("Potential victims", "Mögliche Opfer"), the word itself if short.
QUALIFIERS = (
    "possib", "potent", "presum", "alleg", "suspecte", "identif", "unidentif", "confirm", "unconfirm", "known", "unknown",
    "further", "addition", "other", "more", "remain", "minor", "underage", "child", "adult", "female", "male", "young",
    "current", "recent", "main", "likely", "probab", "apparent", "new", "several", "various", "named", "juvenile",
    "moglich", "mutmass", "mutmas", "angeblich", "weiter", "bekannt", "unbekannt", "minderjahr", "weiblich", "mannlich", "kindlich",
    "vermeint", "vermutlich", "jung", "ubrig", "erwachs", "sonstig", "ander", "autre", "nouv", "inconnu", "connu",
    "eventuel", "supuest", "presunt", "posibl", "conocid", "desconoc", "otr", "possibil", "altr", "ulterior", "noti", "ignoti",
    "mogelijk", "vermoedelijk", "bekend", "onbekend", "overig", "meer", "domniem", "mozliw", "znan", "nieznan",
    "potencjal", "domniman", "pozostal", "inni", "inne", "ustalon", "zidentyf", "можлив", "ймовірн", "імовірн", "потенц", "відом", "невідом",
    "інш", "встановлен", "возможн", "вероятн", "предполаг", "известн", "неизвестн", "други", "прочи", "установлен",
)  # fmt: skip
#: Further words that stand beside a role and add nothing.
BESIDE = _listed(
    "und oder et ou or en oraz lub та або или og och eller uppgifter om oplysninger over informacje dotyczace personne personnes"
    " persone personas pessoas personen osoby osob osoba особи осіб лица лиц люди відомості дані про про сведения о об"
    " uber informationen informations sur sobre datos informacion informazioni su contattate alleged so far aktenzeichen"
    " schedule block tabelle kapitel chapter capitulo capitolo rozdzial розділ раздел додаток ii iii iv vi vii viii ix"
)
#: Before a role they say how many there are: nobody stands below.
COUNTS = _listed(
    "total totals sum count number numbers anzahl gesamt gesamtzahl summe nombre numero totale totaal aantal suma liczba"
    " razem total cantidad quantita всього разом кількість всего итого количество"
)
#: Between a role and what is somebody else's ("Accounts used to contact victims", "Nachrichten an Opfer").
RELATIONS = _listed(
    "to by from with against near who whom which that whose towards contact contacted in at during after before via under"
    " of mit gegen durch bei von aus zum zur im beim an auf nach par avec contre aux au dans chez depuis sur con contra por ai dal"
    " dalla dallo nel nella desde en com pelo pela na no aan met tegen door uit bij op z ze przez od na w we till med mot til"
    " fra fran av з із від через у в с со от из через на к для"
)
#: What only relates two: with these before it, a role is not the title's.
BETWEEN = _listed(
    "to by from with against near who whom which that towards contact contacted"
    " mit gegen durch bei par avec contre aux au con contra por ai com aan met tegen door z ze przez till med mot til"
    " dal dalla від через от с со з із"
)
#: Beside a role they are the name of a place of work ("Victim support", "Victim identification unit").
OFFICES = _listed(
    "support unit team service services office centre center charity helpline identification protection hospital society"
    " school trust opferschutz opferhilfe aide oficina assistenza slachtofferhulp schutz hilfe"
)
