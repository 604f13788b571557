"""Whom a phrase means that names a role: its head tells ("child sex offender"), not what stands beside it ("father of victim").

All words are without accents and in lower case, as `words.tokens` has them.
"""

# ruff: noqa: RUF001 - the words stand in the letters of their languages

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import dropwhile

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.tables import denials, vocabulary


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Who does something to somebody: a child or a victim before or after the word is not the one.
AGENTS = (
    "abuser molester pedophile paedophile groomer rapist predator sextortionist trafficker blackmailer exploiter extortionist assailant"
    " aggressor missbraucher kinderschänder vergewaltiger belästiger straftäter sexualstraftäter sexualtäter pädophiler"
    " agresseur abuseur pédophile pédocriminel violeur prédateur agresor agresora abusador abusadora pederasta pedófilo"
    " delincuente violador depredador aggressore pedofilo violentatore predatore abusante agressor dader misbruiker pedofiel pleger"
    " verkrachter zedendelinquent pedofil gwałciciel förövare overgriper krænker hyväksikäyttäjä pedofiili pachatel násilník"
    " počinitelj zlostavljač istismarcı παιδόφιλος педофил насильник преступник растлитель педофіл ґвалтівник злочинець"
    " 犯人 加害者 犯罪者 加害人 성범죄자 الجاني"
)
#: Among the words for suspects: said of children as well ("suspected child", "child reported").
_OF_CHILDREN_TOO = _listed("suspected reported accused subject subjects target targets fail")
#: Said of whoever is young; of an offender they tell his age or whom he harmed.
_CHILD = _listed(
    "child children minor minors kid kids boy girl juvenile juveniles underage enfant enfants mineur mineure mineurs menor menores"
    " minore minori minorenne bambino bambina bambini nino nina ninos crianca criancas kind kinder minderjahrig minderjahrige"
    " minderjahriger minderjarige kinderen barn barnet lapsi dziecko maloletni maloletnia nieletni dite dieta gyermek kiskoru copil copii"
    " minorul dijete maloljetnik cocuk ребенок дитина дете несовершеннолетнии несовершеннолетняя неповнолітніи неповнолітня"
    " малолетнии малолетняя малолітніи малолітня ανηλικοσ ανηλικη"
)
#: Those who work with children and victims.
_OFFICES = _listed(
    "officer officers worker workers protection support liaison counsellor counselor advocate advocates interviewer specialist unit team"
    " service services investigator psychologist therapist pediatrician paediatrician caseworker coordinator helpline charity agency"
    " detective nurse social schutz beauftragte beauftragter"
)
#: Between whom a phrase means and those by whom he is told.
_CUTS = _listed(
    "to by from with against for on in at near about towards toward between among involving regarding concerning vs versus via who whom"
    " which that whose mit gegen durch bei an zu zum zur avec contre par pour chez envers sur qui dont con contra por para hacia"
    " contro per verso che alla allo ai alle com ao aan met tegen door voor przez wobec przeciwko dla nad med mot til till fra fran"
    " с со против над для к от з із проти до від"
)
_NOT_ALONE = _listed(
    "an on in at per a v"
)  # articles and short words of other languages, at the start of a phrase
#: What follows them is said of the person himself.
_PREDICATES = _listed("as is was be been being are als comme come como jako som як как seen listed")
#: Unless he only plays it.
_PLAYS = _listed(
    "pose poses posing posed pretend pretends pretending pretended impersonate impersonates impersonating impersonated decoy fake fictitious"
)
_VICTIMS = _listed("victim victims")
_THEIRS = frozenset(AGENTS.split())
#: What is done to children; whoever stands before it did it.
_DEEDS = _listed(
    "contacted contacting contacts messaged messaging groomed grooming threatened threatening abused abusing assaulted filmed photographed"
    " recorded met knows knew followed approached blackmailed extorted targeted exploited raped molested recruited trafficked added harmed"
)
_ARTICLES = _listed("a an the this these one two three several many his her their")
_DOERS = _listed(
    "adult adults man woman person user account individual male female he she they someone somebody stranger friend teacher"
)
_ANDS = _listed("and und et y i en og och ja ve и та και also auch aussi")
#: Kinship in English is told by "of" or "'s": "victim mother" may be either. The others have cases for it.
_IS_NO_KIN_ALONE = _listed(
    "far mor mere son sin isa ami mari mare tia tio veli zus oom relation interest interes interesse interet"
)
_GENITIVE_KIN = re.compile(
    r"mutter|vater|eltern|bruder|schwester|ehefrau|ehemann|onkel|tante|matka|ojciec|brat|siostra|matier|otec|annesi|babasi|anya|apa"
    r"|мать|отец|брат|сестра|мати|батько|дядя|отчим|маика|баща|μητερα|πατερας"
)
_OF_VICTIMS = re.compile(r".*(?:slachtoffer|opfer|victim)(.*)")
_STILL_VICTIMS = re.compile(r"(?!schutz|hilfe|anw|betreu|beauf|berat|vertr|beist|begleit|verteid|hulp|adv|fonds|verb|verein|ambul|entsch"
                            r"|support|service|liaison|advocate).*")  # fmt: skip
_OF_KIN = re.compile(r"mutter|vater|eltern|bruder|schwester|famil|moeder|vader|onkel|tante")
_OFFENDER = re.compile(
    r"(?!un|nicht|kein).{2,}(?:tater(?:in)?|taeter(?:in)?|missbraucher(?:in)?|schander(?:in)?|schaender(?:in)?|vergewaltiger|verdachtiger?"
    r"|beschuldigter?|belastiger|misbruiker|verdachte|dader|pleger|delinquent|forovare|overgriper|kraenker|hyvaksikayttaja)"
)
_LEAST_COMPOUND = 6
_EASTERN_OFFICES = re.compile(
    r"(?:支援員|保護官|警察官|弁護士|担当者?|相談員|民警|律师|社工|보호관|변호사|상담원|경찰관)$"
)


def compound_role(word: str) -> Role | None:
    """Return the role that one long word names by its end: "Kindesmissbraucher", "Missbrauchsopfer", "Opferanwalt"; else None."""
    if len(word) < _LEAST_COMPOUND - 1:
        return None
    if found := _OF_VICTIMS.fullmatch(word):
        if _OF_KIN.match(found[1]):
            return "unknown"
        return "victim" if _STILL_VICTIMS.fullmatch(found[1]) else "other"
    return "suspect" if len(word) >= _LEAST_COMPOUND and _OFFENDER.fullmatch(word) else None


def is_child_of(words: list[str]) -> bool:
    """Say whether a phrase begins with somebody's child ("Kind des Beschuldigten"): words for roles alone do not know her."""
    named = list(dropwhile((vocabulary.FILLER | denials.COUNTED).__contains__, words))
    return len(named) > 1 and _is_of(named, 1) and named[0] in _CHILD


def _is_of(words: list[str], place: int) -> bool:
    """Say whether a word stands for "of"; the German article only behind a noun ("Freund der Verdächtigen")."""
    if words[place] != "der":
        return words[place] in denials.OF
    return place > 0 and words[place - 1] not in vocabulary.FILLER | _ANDS | _CUTS


def _statements(words: list[str], doers: frozenset[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each statement of a phrase as the words of whom it means, and those of whom else it speaks."""
    start = 0
    ends = [place for place, word in enumerate(words) if word in _PREDICATES]
    for end in (*ends, len(words)):
        part = words[start:end]
        if _PLAYS.intersection(words[:start]) or _PLAYS.intersection(part):
            yield [], part
        else:
            yield _cut(part, doers)
        start = end + 1


def _cut(words: list[str], doers: frozenset[str]) -> tuple[list[str], list[str]]:
    for place, word in enumerate(words):
        is_reporter = words[max(place - 1, 0) : place + 1] == ["reported", "by"]
        is_cut = word in _CUTS and (place > 0 or word not in _NOT_ALONE) and not is_reporter
        is_against = word == "v" and place > 0 and not "".join(words[place + 1 : place + 2]).isdecimal()
        is_done_to = not _ARTICLES.isdisjoint(
            words[place + 1 : place + 2]
        )  # "Contacted a victim"; not "Abused child"
        is_deed = word in _DEEDS and (is_done_to or not doers.isdisjoint(words[:place]))
        if is_cut or is_against or is_deed:
            return words[:place], words[place:]
    return words, []


def _again(words: list[str]) -> list[str]:
    """Return what is said of the person once more after an "and": "suspect in case 3 and victim in case 4"."""
    place = next((n for n, word in enumerate(words) if word in _ANDS), len(words))
    return words[place + 1 :]


def _is_kin_by_case(words: list[str]) -> bool:
    """Say whether somebody is named by his kin in a language that has no word between: "мать потерпевшей"."""
    return any(_GENITIVE_KIN.fullmatch(word) for word in words if word not in _IS_NO_KIN_ALONE)


def _is_of_an_office(words: list[str]) -> bool:
    """Say whether the last of the words is one who works with such people: "Child protection officer"."""
    named = [word for word in words if not word.isdecimal()]
    return bool(named) and (named[-1] in _OFFICES or _EASTERN_OFFICES.search(named[-1]) is not None)


def _without_those_harmed(words: list[str], known: dict[str, Role]) -> list[str]:
    """Return the words without those that tell an offender's age or whom he harmed: "child sex offender", "juvenile suspect"."""
    is_doer = [known.get(word) in ("suspect", "convicted") and word not in _OF_CHILDREN_TOO for word in words]
    if not any(is_doer):
        return words
    last = max(place for place, is_one in enumerate(is_doer) if is_one)
    parted = [place for place, word in enumerate(words[:last]) if word in _ANDS]
    first = parted[-1] + 1 if parted else 0
    harmed = _CHILD | (_VICTIMS if words[last] in _THEIRS else frozenset())
    return [word for place, word in enumerate(words) if not (first <= place < last and word in harmed)]


def meant(
    clauses: Iterable[list[str]],
    known: dict[str, Role],
    roles_in: Callable[[list[str], dict[str, Role]], set[Role]],
    eastern_owner: re.Pattern[str],
) -> tuple[set[Role], set[Role]]:
    """Return the roles of whom a text means, and those by which it only tells who that is ("father of victim").

    `roles_in` finds the roles that words name; `eastern_owner` a role before somebody else's word without blanks.
    """
    own: set[Role] = set()
    others: set[Role] = set()
    suspects = (word for word, role in known.items() if role in ("suspect", "convicted"))
    doers = _DOERS.union(suspects) - _OF_CHILDREN_TOO
    for said, rest in (statement for clause in clauses for statement in _statements(clause, doers)):
        of_head, of_others = _of_head(said, known, roles_in, eastern_owner)
        own |= of_head
        others |= of_others | roles_in(rest, known)
        if of_head:
            own |= _of_head(_again(rest), known, roles_in, eastern_owner)[0]
    return own, others - own


def _of_head(
    words: list[str],
    known: dict[str, Role],
    roles_in: Callable[[list[str], dict[str, Role]], set[Role]],
    eastern_owner: re.Pattern[str],
) -> tuple[set[Role], set[Role]]:
    """Return the roles that the head of a phrase names, and those of its other words."""
    every = roles_in(words, known)
    for place, word in enumerate(words) if every else ():
        before, after = words[:place], words[place + 1 :]
        of_before, of_after = roles_in(before, known), roles_in(after, known)
        named = [one for one in before if one not in vocabulary.FILLER | denials.COUNTED]
        if _is_of(words, place) and of_after and not all(map(str.isdecimal, named)):
            return of_before, of_after - of_before
        if word == "s" and of_before and after and (of_after or after[0] not in vocabulary.FILLER):
            return of_after, of_before - of_after
    if every and _is_of_an_office(words):
        return {"other"}, every
    if every and (_is_kin_by_case(words) or eastern_owner.search(" ".join(words))):
        return set(), every
    own = roles_in(_without_those_harmed(words, known), known)
    return own, every - own


#: In a heading: the value is of whoever did that, not of the one to whom it was done ("Email used to contact child").
_TURNED_TO = _listed(
    "contacting messaging grooming calling threatening targeting who whom which that contacted messaged contacter contactar contattare"
    " contatar contacteren kontaktieren kontakta kontakte joindre qui dont que che against gegen contre contro tegen"
)
_WITH = _listed("with mit avec con met med com")
_CONTACT = re.compile(r".*(?:kontakt|contact|contatt|chat|communic|kommunik|used).*")
_USED = ["used", "to"]


def before_the_other(words: list[str]) -> list[str]:
    """Return the words of a heading before those that tell to whom something was done with what it holds."""
    for place, word in enumerate(words):
        is_with = word in _WITH and any(map(_CONTACT.fullmatch, words[:place]))
        if place and (word in _TURNED_TO or is_with or words[place - 1 : place + 1] == _USED):
            return words[:place]
    return words
