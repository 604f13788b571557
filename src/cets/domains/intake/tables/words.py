"""What the words of a heading say about a column, in the languages that tables come in."""

import re
from itertools import pairwise

from cets.domains.identifiers.kinds.base import Role
from cets.domains.identifiers.kinds.platforms import KNOWN

_SPLIT = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")

#: Kind of column: headings, words joined; the longest that fits wins.
_HEADINGS = {
    "email": (
        "email emailaddress emails mail mailaddress emailid courriel adresseemail correo "
        "correoelectronico emailadresse epost posta postaelettronica mailbox elektroninenposti"
    ),
    "phone": (
        "phone phonenumber phoneno telephone telephonenumber tel telno telefon telefonnummer telefono "
        "telefone mobile mobilenumber mobileno mobil handy handynummer cell cellphone cellnumber msisdn "
        "callingnumber callednumber anumber bnumber caller callee portable movil celular gsm "
        "contactnumber telephonemobile puhelin dialednumber dialled origin mobilnummer mobilfunknummer "
        "rufnummer telefonnr handynr telefoonnummer numerodetelephone numerodetelefono telefonomovil "
        "callingparty calledparty callingpartynumber calledpartynumber aparty bparty apartynumber bpartynumber "
        "subscribernumber"
    ),
    "ip": (
        "ip ipaddress ipaddr ipv4 ipv6 loginip sourceip srcip clientip remoteip remoteaddr adresseip "
        "ipadresse direccionip lastloginip registrationip ips"
    ),
    "port": "port sourceport srcport portnumber ipport clientport puerto porta poort quellport",
    "handle": (
        "handle username user nick nickname screenname login loginname userhandle alias accountname "
        "benutzername kontoname nutzername pseudo pseudonyme usuario utente brugernavn anvandarnamn "
        "gebruikersnaam profile profilename account kayttajatunnus nombredeusuario nomdutilisateur "
        "nomutilisateur nomeutente nomedeusuario"
    ),
    "user_id": (
        "userid accountid useridentifier espuserid uid profileid accountidentifier memberid espidentifier"
    ),
    "display_name": "displayname profiledisplayname anzeigename shownname",
    "platform": (
        "platform service app application site provider esp network socialnetwork plattform plateforme "
        "plataforma dienst servicename espservice redsocial reseausocial sozialesnetzwerk aplicacion "
        "piattaforma"
    ),
    "device": "device deviceid idfa gaid aaid advertisingid adid idfv androidid udid deviceidentifier",
    "imei": "imei imeinumber handsetimei imeisv deviceimei",
    "imsi": "imsi imsinumber",
    "mac": "mac macaddress macaddr wifimac",
    "wallet": (
        "wallet walletaddress btc bitcoin bitcoinaddress eth ethereum cryptoaddress cryptowallet "
        "btcaddress monero xmr"
    ),
    "url": "url link profileurl website web webpage uri weblink profilelink lien enlace",
    "domain": "domain domainname hostname host",
    "onion": "onion onionaddress",
    "pgp": "pgp pgpfingerprint gpg fingerprint",
    "bank_account": (
        "iban bankaccount accountnumber bankaccountnumber kontonummer bic compte bankkonto ibannumber"
    ),
    "vehicle": (
        "vehicle vehicleregistration registration numberplate licenseplate licenceplate plate vrm regno "
        "kennzeichen immatriculation matricula targa carreg vehiclereg"
    ),
    "hash": (
        "hash md5 sha1 sha256 sha512 filehash md5hash sha1hash sha256hash photodna pdna pdq pdqhash "
        "pdqhex checksum hashvalue verificationhash"
    ),
    "group": "group groupid room chatroom roomid channel groupname groupidentifier",
    "report_number": "cybertip cybertipid cybertipnumber ncmec ncmecnumber ncmecreport cybertipreport",
    "time": (
        "time timestamp datetime date when logintime eventtime eventtimestamp dateandtime seenat "
        "createdat lastlogin lastseen zeit zeitpunkt datum datumzeit dateheure fecha fechahora hora "
        "data dataora tijd tidpunkt starttime endtime start end occurred received sent uploaded "
        "registered created logindate incidentdate eventdate calldate callstart callend loggedin aika "
        "paivays"
    ),
    "clock": "timeofday clock uhrzeit heure logintimeofday",
    "zone": "timezone tz zone utcoffset zeitzone fuseau",
    "event": "event eventname eventtype action activity ereignis",
    "first_name": (
        "firstname givenname forename vorname prenom nombre voornaam fornavn fornamn first given "
        "etunimi namefirst primarynamefirst"
    ),
    "last_name": (
        "lastname surname familyname nachname nom apellido apellidos cognome achternaam etternavn "
        "efternamn last family sukunimi namelast primarynamelast"
    ),
    "middle_name": "middlename secondname othernames middle namemiddle primarynamemiddle",
    "name": (
        "name fullname personname subjectname suspectname victimname namefull nomcomplet nombrecompleto "
        "primarynamefull namelastfirst customername namen nimi naam nombreyapellidos nometprenom"
    ),
    "birth_date": (
        "dob dateofbirth birthdate birthday born geburtsdatum datedenaissance fechadenacimiento "
        "datadinascita geboortedatum fodselsdato fodelsedatum syntymaaika"
    ),
    "age": "age approximateage alter edad eta leeftijd alder ika agerange",
    "role": "role capacity persontype involvement rolle roletype partytype",
    "text": (
        "note notes comment comments remark remarks description narrative summary details message text "
        "bio profilebio bemerkung bemerkungen kommentar commentaire observations observaciones freetext "
        "info additionalinformation content notizen body"
    ),
    "line_number": (
        "no nr number line lineno linenumber row rowno rownumber id recordid record recid uniqueid ref "
        "reference lineofenquiry sno serial index rowid"
    ),
    "fact": (
        "ssn ssnnumber socsecid nationalid passport passportnumber driverslicense driverslicensenumber "
        "postcode postalcode zip zipcode address address1 address2 street streetnumber suburb city town "
        "state county country region latitude longitude lat lon lng gender sex status amount balance "
        "price currency duration durationsec smslength size filesize count weight cluster score "
        "direction celltowerid towername tower cellid series seriesname imageid mediatype filename file "
        "path filepath baseline category type class nationality occupation employer language "
        "qualityscore quality pdqquality subscriberid subscriberrole"
    ),
}

_ROLE_WORDS: dict[Role, str] = {
    "suspect": "suspect suspects suspected offender accused perpetrator reported verdachtiger beschuldigter"
    " verdachtige beschuldigte tatverdachtiger tatverdachtige tater sospechosa investigado investigada suspecte"
    " misencause indagata mistankte sospechoso indagato mistenkt misstankt verdachte rikoksestaepailty perp",
    "victim": "victim victims child children minor opfer victime victima vittima slachtoffer uhri injured"
    " geschadigte geschadigter geschadigten verletzte verletzter perjudicado perjudicada enfant mineur mineure menor"
    " minore bambino bambina",
    "witness": "witness witnesses zeuge zeugin temoin testigo testimone getuige vidne vittne todistaja",
    "reporter": "complainant reporter informant reportingperson reportedby referrer anzeigeerstatter"
    " anzeigeerstatterin anzeigender anzeigende melder signalant"
    " denunciante plaignant",
    "recipient": "recipient recipients intendedrecipient",
    "convicted": "convicted rso registeredoffender convict",
}
#: Words that tell which end of an exchange a value belongs to: two of them in one row are two people.
_DIRECTION = frozenset({
    "calling", "called", "caller", "callee", "source", "target", "from", "to", "sender", "receiver",
    "recipient", "origin", "destination", "dialed", "dialled", "a", "b", "src", "dst", "anumber",
    "bnumber", "originating", "terminating",
})  # fmt: skip
#: Words that a heading carries beside the one that tells the kind.
_FILLER = frozenset({
    "s", "the", "of", "a", "primary", "secondary", "main", "home", "work", "other", "alt", "alternative",
    "latest", "last", "first", "known", "current", "address", "number", "no", "value", "field",
    "account", "user", "subject", "person", "contact", "declared", "account1", "1", "2", "3", "4",
    "utc", "gmt", "raw", "original", "his", "her",
})  # fmt: skip
_OTHER_EVENTS = (
    "regist", "creat", "receiv", "report", "updat", "modif", "clos", "open", "delet", "disabl", "sent",
    "verif",     "birth", "expir", "start", "end", "export", "incident",
)  # fmt: skip
_STEM = 5
_LONGEST_HEADING = 120  # characters
_ENDS = frozenset({"first", "last"})
_ZONE = re.compile(r"\b(?:utc|gmt)\b(?:\s*([+\-]\s*\d{1,2}(?::?\d{2})?))?", re.IGNORECASE)

_BY_HEADING = {word: kind for kind, words in _HEADINGS.items() for word in words.split()}
_BY_ROLE_WORD: dict[str, Role] = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}


def tokens(heading: str) -> list[str]:
    """Return the words of a heading in lower case; "suspectEmail" and "Suspect_E-Mail" agree."""
    joined = re.sub(r"(?i)\be[\s_\-]?mail", "email", heading)
    words = [word.casefold() for word in _SPLIT.split(joined) if word]
    return [_plain(word) for word in words]


def kind_of(heading: str) -> str | None:
    """Return what a heading says its column holds, None when it says nothing that is known."""
    if (
        len(heading) > _LONGEST_HEADING
    ):  # every run of its words is looked up: a page of them would take for ever
        return None
    words = tokens(heading)
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            kind = _BY_HEADING.get("".join(words[start : start + length]))
            rest = words[:start] + words[start + length :]
            if kind and all(_is_beside(word) for word in rest):
                return _settled(kind, words)
    return "account" if platform_of(heading) else None


def role_of(heading: str) -> Role:
    """Return the role that a heading names, "unknown" when none or several."""
    words = tokens(heading)
    pairs = [*words, *("".join(pair) for pair in pairwise(words)), "".join(words)]
    roles = {_BY_ROLE_WORD[word] for word in pairs if word in _BY_ROLE_WORD}
    if "reporter" in roles and "suspect" in roles and "reported" in words:
        roles.discard("suspect")  # "reported by"
    return roles.pop() if len(roles) == 1 else "unknown"


def is_only_a_role(heading: str) -> bool:
    """Say whether a heading is a role and nothing else ("Complainant 1"): such a column holds names."""
    rest = [word for word in tokens(heading) if word not in _FILLER and not word.isdecimal()]
    return bool(rest) and role_of(heading) != "unknown" and all(word in _BY_ROLE_WORD for word in rest)


def role_of_value(text: str) -> Role | None:
    """Return the role that a cell of a role column names."""
    role = role_of(text)
    if role != "unknown":
        return role
    return "unknown" if text.strip().casefold() in ("unknown", "unk", "?") else None


def tells_when(heading: str, time_heading: str) -> bool:
    """Say whether a time column is about the value in another column, by their headings.

    "Time" is about the whole row; "Registered" only about what is called so too ("registration IP").
    """
    events = [word[:_STEM] for word in tokens(time_heading) if word.startswith(_OTHER_EVENTS)]
    own = {word[:_STEM] for word in tokens(heading)}
    ends = own & _ENDS, _ENDS.intersection(tokens(time_heading))
    if all(ends) and ends[0] != ends[1]:
        return False  # "last IP" was not seen at "first seen"
    return not events or any(event in own for event in events)


def platform_of(heading: str) -> str | None:
    """Return the platform that a heading names ("Snapchat username", "insta")."""
    return next((word for word in tokens(heading) if word in KNOWN and word not in _NOT_A_PLATFORM), None)


def has_direction(heading: str) -> bool:
    return any(word in _DIRECTION for word in tokens(heading))


def zone_of(heading: str) -> str | None:
    """Return the zone that a heading states for its column: "Time (UTC)", "login_gmt+2"."""
    found = _ZONE.search(heading.replace("_", " "))
    return re.sub(r"\s", "", found[1]) if found and found[1] else ("UTC" if found else None)


#: Platforms whose names are ordinary words in a heading.
_NOT_A_PLATFORM = frozenset({"line", "session", "signal", "x", "matrix", "steam", "threads", "zoom", "sc",
                             "ig", "fb", "wa", "tg", "yt", "messenger"})  # fmt: skip


def _is_beside(word: str) -> bool:
    return word in _FILLER or word in _BY_ROLE_WORD or word in _DIRECTION or word in KNOWN or word.isdecimal()


def _settled(kind: str, words: list[str]) -> str:
    """A platform's name in the heading makes a user name an account: "Snapchat username"."""
    named = any(word in KNOWN and word not in _NOT_A_PLATFORM for word in words)
    return "account" if kind == "handle" and named else kind


_ACCENTS = str.maketrans("àáâãäåçèéêëìíîïñòóôõöøùúûüýÿß", "aaaaaaceeeeiiiinoooooouuuuyys")


def _plain(word: str) -> str:
    return word.translate(_ACCENTS)
