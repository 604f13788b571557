"""The words by which headings name what a column holds, in the languages that tables come in."""

# ruff: noqa: RUF001 - the words stand in the letters of their languages
from cets.domains.identifiers.kinds.base import Role

#: Kind of column: headings, words joined; the longest that fits wins.
HEADINGS = {
    "email": (
        "email emailaddress emails mail mailaddress emailid courriel adresseemail correo "
        "correoelectronico emailadresse epost posta postaelettronica mailbox elektroninenposti"
    ),
    "phone": (
        "phone phonenumber phoneno telephone telephonenumber tel telno telefon telefonnummer telefono "
        "telefone mobile mobilenumber mobileno mobil handy handynummer cell cellphone cellnumber msisdn "
        "callingnumber callednumber anumber bnumber caller callee portable movil celular gsm "
        "contactnumber telephonemobile puhelin dialednumber dialled origin mobilnummer mobilfunknummer "
        "rufnummer telefonnr handynr mobilnr mobilfunknr mobiltelefonnr rufnr telnr gsmnr telefoonnummer telefoonnr mobielnr "
        " numerodetelephone numerodetelefono telefonomovil "
        "callingparty calledparty callingpartynumber calledpartynumber aparty bparty apartynumber bpartynumber "
        "subscribernumber"
    ),
    "ip": (
        "ip ipaddress ipaddr ipv4 ipv6 loginip sourceip srcip clientip remoteip remoteaddr adresseip "
        "ipadresse direccionip lastloginip registrationip ips"
    ),
    "port": (
        "port sourceport srcport portnumber ipport clientport remoteport publicport natport externalport privateport localport dstport destport"
        " publicsourceport natsourceport publicportnumber natportnumber puerto porta poort quellport"
    ),
    "handle": (
        "handle username user nick nickname screenname login loginname userhandle alias accountname "
        "benutzer benutzername kontoname nutzer nutzername pseudo pseudonyme usuario utente brugernavn anvandarnamn "
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
    "imei": "imei imeinumber handsetimei imeisv deviceimei imeinr imeinummer geratenummer geratenr",
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
        "qualityscore quality pdqquality subscriberid subscriberrole version appversion osversion softwareversion buildnumber"
    ),
}

#: Words of a heading that is of the rows, or of what somebody keeps them under: no number in it is dialled.
NUMBERS_OF_ROWS = frozenset({
    "id", "ids", "row", "record", "rec", "index", "serial", "sno", "ref", "reference", "enquiry", "entry", "item",
    "lineno", "linenumber", "rowno", "rownumber", "recordid", "recid", "uniqueid", "rowid", "lineofenquiry",
})  # fmt: skip

#: The number through which a network passes messages on: every subscriber of it has the same.
OF_THE_NETWORK = frozenset({
    "servicecenter", "servicecentre", "servicecenteraddress", "servicecentreaddress", "servicecenternumber", "servicecentrenumber",
    "smsc", "smscnumber", "smscaddress", "messagecenter", "messagecentre",
})  # fmt: skip

ROLE_WORDS: dict[Role, str] = {
    "suspect": "suspect suspects suspected offender accused perpetrator reported verdachtiger beschuldigter"
    " verdachtige beschuldigte tatverdachtiger tatverdachtige tater sospechosa investigado investigada suspecte"
    " misencause indagata mistankte sospechoso indagato mistenkt misstankt verdachte rikoksestaepailty perp",
    "victim": "victim victims child children minor opfer victime victima vittima slachtoffer uhri injured"
    " geschadigte geschadigter geschadigten verletzte verletzter perjudicado perjudicada enfant mineur mineure menor"
    " minore bambino bambina minors menores mineurs minori survivor vic lésé lésée lésés lésées"
    " injuredparty injuredparties partiecivile partiesciviles offesa",
    "witness": "witness witnesses zeuge zeugin zeugen temoin testigo testimone getuige vidne vittne todistaja",
    "reporter": "complainant reporter informant reportingperson reportedby referrer anzeigeerstatter"
    " anzeigeerstatterin anzeigender anzeigende melder signalant"
    " denunciante plaignant",
    "recipient": "recipient recipients intendedrecipient",
    "convicted": "convicted rso registeredoffender convict",
}
#: The same in further languages.
FURTHER_ROLE_WORDS: dict[Role, str] = {
    "suspect": "misencause miseencause miseneexamen misenexamen prévenu prévenue auteurprésumé imputado imputada acusado"
    " acusada sospechosos suspeito suspeita arguido arguida imputato imputata indagati sospettato sospettata"
    " misstänkte gärningsman sigtet sigtede siktet siktede mistænkt mistænkte gerningsmand gjerningsperson tiltalt"
    " tiltalte epäilty rikoksestaepäilty podejrzany podejrzana oskarżony oskarżona sprawca podezřelý podezřelá obviněný"
    " obviněná podozrivý podozrivá obvinený obvinená gyanúsított terhelt elkövető suspectul suspectă inculpat inculpată"
    " făptuitor osumnjičeni osumnjičena osumnjičenik osumnjičen okrivljenik şüpheli sanık"
    " ύποπτος ύποπτη κατηγορούμενος κατηγορούμενη δράστης"
    " подозреваемый подозреваемая обвиняемый обвиняемая підозрюваний підозрювана обвинувачений обвинувачена"
    " заподозрян заподозряна обвиняем обвиняема осумњичени осумњичен извършител"
    " 被疑者 容疑者 被告人 피의자 용의자 피고인 가해자 嫌疑人 嫌疑犯 犯罪嫌疑人 المشتبهبه مشتبهبه المتهم متهم",
    "victim": "victimes víctima víctimas agraviado agraviada vítima vítimas ofendido ofendida lesado lesada"
    " personaoffesa vittime minorenne slachtoffers benadeelde offeret fornærmede fornærmet"
    " forurettede forurettet brottsoffer målsägande målsäganden asianomistaja pokrzywdzony pokrzywdzona ofiara"
    " pokrzywdzeni pokrzywdzonych ofiary ofiar"
    " małoletni małoletnia nieletni oběť poškozený poškozená obeť poškodený poškodená sértett áldozat kiskorú"
    " victimă victima persoanăvătămată minorul žrtva oštećeni oštećena oštećenik maloljetnik maloljetnica žrtve"
    " mağdur mağdure müşteki kurban θύμα παθών παθούσα ανήλικος ανήλικη"
    " потерпевший потерпевшая жертва несовершеннолетний несовершеннолетняя потерпілий потерпіла"
    " неповнолітній неповнолітня пострадал пострадала пострадавший пострадавшая жртва оштећени оштећена малолетен"
    " 被害者 被害児童 被害少年 被害人 受害人 受害者 受害儿童 未成年人 피해자 피해아동 피해청소년"
    " الضحية ضحية المجنيعليه المجنيعليها القاصر قاصر"
    " partelesa partilese parteoffesa partioffese малолетний малолетняя малолетние малолітній малолітня малолітні",
    "witness": "témoin témoins testigos testemunha testimoni getuigen vidner vitne vitner vittne todistajat świadek"
    " svědek svědkyně svedok svedkyňa tanú martor martoră svjedok svjedokinja svedokinja tanık şahit"
    " μάρτυρας свидетель свидетельница свідок свидетел свидетелка сведок 証人 目撃者 参考人 증인 목격자 참고인"
    " 证人 證人 目击者 الشاهد شاهد شاهدة",
    "reporter": "déclarant déclarante signalante dénonciateur plaignante denunciantes segnalante denuncianti"
    " aangever melders anmelderen anmälare ilmoittaja zgłaszający zgłaszająca zawiadamiający"
    " oznamovatel oznamovateľ bejelentő feljelentő reclamant reclamantă sesizant prijavitelj prijaviteljica"
    " ihbarcı ihbareden bildiren καταγγέλλων заявитель заявительница заявник заявниця заявител"
    " 通報者 届出人 申告者 신고자 제보자 举报人 報案人 报案人 舉報人 المبلغ مقدمالبلاغ",
}
#: Words that name a role in a column of roles, and may be something else in a heading (the subject of a mail). They
#: count where nothing else in the cell names a role.
ROLE_VALUES: dict[Role, str] = {
    "suspect": "subject subjects target targets subjectofreport reportedperson"
    " reporteduser reportedsubject zielperson zielpersonen fail",
    "victim": "offer kid kids boy girl underage juvenile juveniles kind kinder minderjährig minderjährige minderjähriger"
    " enfants mineurs niño niña niños criança crianças bambini kinderen minderjarige barn barnet lapsi dziecko dítě"
    " dieťa gyermek copil copii dijete çocuk παιδί ребенок ребёнок дитина дете 児童 子ども 未成年 아동 미성년자"
    " 儿童 兒童 طفل طفلة fillette fillettes garçonnet mädchen bambine niñas meisje dziewczynka дівчинка девочка",
    "reporter": "anmelder",
    "convicted": "registeredsexoffender sexoffender convictedoffender verurteilter verurteilte condamné",
}
#: Words that name a role and tell of no column what it holds: all its values may be a severity, an age, a state.
DECIDE_NOTHING = frozenset({
    "reported", "injured", "child", "children", "minor", "mineur", "mineure", "menor", "minore", "enfant",
    "minors", "menores", "mineurs", "minori", "survivor", "vic",
})  # fmt: skip
#: Words for no role that is known.
NO_ROLE = frozenset({
    "unknown", "unk", "?", "unbekannt", "inconnu", "inconnue", "desconocido", "desconocida", "desconhecido", "sconosciuto",
    "onbekend", "ukendt", "ukjent", "okand", "tuntematon", "nieznany", "neznamy", "ismeretlen", "necunoscut", "nepoznato",
    "bilinmiyor", "неизвестно", "неизвестен", "невідомо", "不明", "미상", "未知",
})  # fmt: skip
#: Headings of roles that head other things as often (the quality of a picture, the capacity of a disk): only a role
#: among the values tells.
WEAK_ROLE_HEADINGS = frozenset({
    "capacity", "eigenschaft", "qualite", "qualita", "qualidade", "calidad", "condicion", "calitate", "minoseg",
    "charakter", "postaveni", "postavenie", "asema", "svojstvo", "својство", "sifat", "качество", "ιδιοτητα", "区分",
    "구분", "신분", "身份", "الصفة", "صفة", "papel", "roll", "szerep", "立場", "دور", "الدور", "involvement", "betrokkenheid",
    "beteiligung",
})  # fmt: skip
#: Words that tell which end of an exchange a value belongs to: two of them in one row are two people.
DIRECTION = frozenset({
    "calling", "called", "caller", "callee", "source", "target", "from", "to", "sender", "receiver",
    "recipient", "origin", "destination", "dialed", "dialled", "a", "b", "src", "dst", "anumber",
    "bnumber", "originating", "terminating",
})  # fmt: skip
#: Words for whom an account knows, beside the kind of what is told of them ("friend_user_id").
FRIENDS = frozenset({"friend", "friends", "follower", "followers"})
#: Words that a heading carries beside the one that tells the kind.
FILLER = frozenset({
    "s", "the", "of", "a", "primary", "secondary", "main", "home", "work", "other", "alt", "alternative",
    "latest", "last", "first", "known", "current", "address", "number", "no", "value", "field",
    "account", "user", "subject", "person", "contact", "declared", "account1", "1", "2", "3", "4",
    "utc", "gmt", "raw", "original", "his", "her", "unix", "epoch", "posix", "ms", "millis", "milliseconds",
    "n", "nr", "num", "numero", "numer", "nummer", "codice", "codigo", "kod", "de", "del", "della", "di", "du",
    "des", "la", "le", "el", "il", "das", "der", "die", "von", "van", "da", "dei", "номер", "номера",
})  # fmt: skip
#: What stands beside a role in a title ("List of victims", "Angaben zum Opfer", "Annex 2: suspects").
TITLES = frozenset({
    "list", "lists", "details", "detail", "data", "information", "info", "table", "sheet", "tab", "section", "part",
    "annex", "appendix", "page", "all", "identified", "and", "their", "accounts", "identifiers", "identities", "contacts",
    "numbers", "phones", "devices", "names", "persons", "people", "for", "on", "id", "ids",
    "liste", "angaben", "daten", "anlage", "anhang", "tabelle", "blatt", "teil", "abschnitt", "zu", "zum", "zur", "alle",
    "donnees", "annexe", "feuille", "partie", "les", "du", "tableau", "lista", "elenco", "datos", "dati", "dados", "anexo",
    "allegato", "hoja", "foglio", "folha", "tabla", "tabella", "tabela", "los", "las", "lijst", "gegevens", "bijlage",
    "wykaz", "dane", "zalacznik", "список", "данные", "приложение",
})  # fmt: skip
OTHER_EVENTS = (
    "regist", "creat", "receiv", "report", "updat", "modif", "clos", "open", "delet", "disabl", "sent",
    "verif",     "birth", "expir", "start", "end", "export", "incident",
)  # fmt: skip
#: Kinds whose words count within a heading, too.
CONTAINED = frozenset(
    {"email", "phone", "ip", "imei", "imsi", "mac", "url", "bank_account", "handle", "vehicle"}
)
#: Words for them that mean something else beside others ("login time", "cell tower").
WEAK = frozenset({
    "login", "user", "account", "profile", "alias", "accountname", "profilename", "utente", "usuario",
    "uzytkownik", "link", "web", "page", "website", "mail", "cell", "mobile", "portable", "origin",
    "compte", "plate", "registration", "matricula", "accountnumber", "bankaccount", "kontonummer",
    "bic", "bankaccountnumber", "vehicle", "pseudo",
})  # fmt: skip
#: Words by which a heading is about a value and does not hold it.
ABOUT = frozenset({
    "status", "type", "typ", "tipo", "model", "brand", "make", "verified", "verification", "confirmed",
    "count", "total", "sum", "date", "time", "changed", "country", "city", "owner", "holder",
    "provider", "carrier", "operator", "version", "duration", "cost", "price", "has", "is", "modell",
    "marke", "anbieter", "gultig", "bestatigt", "anzahl",
})  # fmt: skip

#: Words of headings whose numbers with dots are versions of a program and no addresses.
OF_VERSIONS = frozenset({
    "version", "versions", "versionen", "ver", "build", "release", "revision", "firmware", "software", "browser", "os", "patch",
    "driver", "sdk", "kernel", "versao", "versie", "wersja", "verze", "verzia", "versione", "versjon", "versio", "verzio",
    "versiune", "verzija", "surum", "версия", "версія", "верзија", "バージョン", "版本", "버전", "الإصدار",
})  # fmt: skip
#: Headings of files, in whose names an address may seem to stand ("kid@kid.example.jpg").
OF_FILES = frozenset(
    {
        "filename",
        "file",
        "path",
        "filepath",
        "dateiname",
        "datei",
        "attachment",
        "anhang",
        "fichier",
        "archivo",
    }
)
#: Headings of where people live and work.
OF_PLACES = frozenset({"address", "address1", "address2", "street", "city", "town", "employer"})
#: Headings of numbers that are never dialled, though many have the digits for it.
OF_OTHER_NUMBERS = frozenset({
    "ssn", "ssnnumber", "socsecid", "nationalid", "passport", "passportnumber", "driverslicense", "driverslicensenumber",
    "postcode", "postalcode", "zip", "zipcode", "latitude", "longitude", "lat", "lon", "lng", "amount", "balance", "price",
    "duration", "durationsec", "smslength", "size", "filesize", "count", "weight", "score", "celltowerid", "cellid", "imageid",
    "qualityscore", "quality", "pdqquality",
})  # fmt: skip
#: What people order, are billed for and are sent: with a word for a number, the number of it. Without accents.
OF_ORDERS = frozenset({
    "order", "orders", "invoice", "invoices", "bill", "tracking", "shipment", "shipping", "parcel", "package", "consignment",
    "waybill", "receipt", "booking", "reservation", "transaction", "voucher", "ticket", "purchase", "delivery", "bestell",
    "bestellung", "auftrag", "auftrags", "rechnung", "rechnungs", "sendung", "sendungs", "paket", "beleg", "buchung", "buchungs",
    "commande", "facture", "suivi", "colis", "envoi", "pedido", "factura", "envio", "seguimiento", "rastreo",
    "reserva", "ordine", "fattura", "spedizione", "tracciamento", "prenotazione", "encomenda", "fatura", "rastreio",
    "rastreamento", "bestelling", "factuur", "zending", "zamowienie", "zamowienia", "faktura", "faktury", "przesylki", "paczki",
    "objednavka", "objednavky", "zasilky", "zasielky", "rendeles", "comanda", "comenzii", "facturii", "siparis", "takip", "kargo",
    "ordre", "forsandelse", "forsendelse", "tilaus", "lasku", "lahetys", "narudzba", "narudzbe", "racun", "racuna", "posiljke",
    "заказ", "заказа", "счета", "накладной", "отправления", "посылки", "замовлення", "рахунку", "накладноі", "накладної",
    "посилки", "поръчка", "поръчката", "фактура", "фактури", "пратка", "παραγγελια", "παραγγελιασ", "τιμολογιο", "τιμολογιου",
    "αποστολησ", "الطلب", "الفاتورة", "الشحنة", "التتبع",
})  # fmt: skip
#: Words for a number beside them.
NUMBER_WORDS = frozenset({
    "number", "numbers", "no", "nr", "num", "n", "id", "ref", "reference", "code", "key", "nummer", "numero", "numer",
    "numar", "numarul", "cislo", "codice", "codigo", "kod", "numarasi", "numara", "broj", "referenz", "referenca", "номер", "код",
    "αριθμοσ", "رقم", "szam", "szama",
})  # fmt: skip
ORDERS_ALONE = frozenset({"order", "orders", "invoice", "invoices", "tracking", "bestellung"})
#: The same in one word.
ORDER_NUMBERS = frozenset({
    "ordernumber", "ordernumbers", "orderno", "ordernr", "orderid", "orderref", "invoiceno", "invoicenumber", "invoicenr", "invoiceid",
    "trackingno", "trackingnumber", "trackingid", "trackingnummer", "trackingnr", "bestellnummer", "bestellnr", "auftragsnummer",
    "auftragsnr", "rechnungsnummer", "rechnungsnr", "sendungsnummer", "sendungsnr", "sendungsverfolgungsnummer", "paketnummer",
    "paketnr", "belegnummer", "belegnr", "buchungsnummer", "buchungsnr", "transaktionsnummer", "lieferscheinnummer",
    "kundennummer", "kundennr", "vertragsnummer", "vertragsnr", "bestelnummer", "ordernummer", "factuurnummer", "zendingnummer",
    "fakturanummer", "ordrenummer", "forsendelsesnummer", "tilausnumero", "laskunumero", "lahetysnumero", "rendelesszam",
    "siparisno", "faturano", "takipno", "注文番号", "請求書番号", "伝票番号", "追跡番号", "订单号", "订单编号", "訂單號碼",
    "訂單編號", "发票号", "快递单号", "运单号", "주문번호", "송장번호", "운송장번호",
})  # fmt: skip
#: Names of zones that a heading may end with and that mean nothing else ("login_cet"); others count in brackets only.
ZONES_IN_HEADINGS = frozenset({
    "cet", "cest", "eet", "eest", "mez", "mesz", "msk", "edt", "cdt", "mdt", "pdt", "aest", "aedt", "jst",
})  # fmt: skip

#: Beside a zone in a heading they say that it is not this one, or perhaps not.
ZONE_DOUBTS = frozenset({
    "not", "non", "or", "unknown", "unclear", "maybe", "perhaps", "nicht", "oder", "unbekannt", "pas", "ou", "inconnu",
    "desconocido", "niet", "onbekend", "nie", "lub", "inte", "eller",
})  # fmt: skip
#: The same, unless the zone is told as hours ("Local time (UTC+2)").
LOCAL = frozenset({"local", "locale", "lokal", "offset", "ortszeit"})

#: Numbers of messages: many have the form of an address, and none is one.
OF_MESSAGES = frozenset({"messageid", "msgid", "messageuid", "inreplyto", "contentid", "icaluid"})

#: Platforms whose names are ordinary words in a heading.
NOT_A_PLATFORM = frozenset({"line", "session", "signal", "x", "matrix", "steam", "threads", "zoom", "sc",
                             "ig", "fb", "wa", "tg", "yt", "messenger"})  # fmt: skip

#: The same in further languages; words joined, accents as they are written.
FURTHER_HEADINGS = {
    "email": (
        "adresemail pocztaelektroniczna emailovaadresa emailcim adresaemail postaelectronica enderecodeemail"
        " correioeletronico correioeletrónico sähköposti sähköpostiosoite epostadress имейл имейладрес електроннапоща"
        " элпочта почта электроннаяпочта адресэлектроннойпочты емейл имэйл електроннапошта елпошта електроннаадреса"
        " eposta epostaadresi ηλεκτρονικόταχυδρομείο メール メールアドレス eメール 電子メール"
        " 이메일 이메일주소 전자우편 邮箱 电子邮箱 电子邮件 邮箱地址 電子郵件 電郵 电邮"
        " البريدالإلكتروني بريدإلكتروني الإيميل"
    ),
    "phone": (
        "whatsapp whatsappnumber whatsappnummer whatsappnr numerowhatsapp númerodewhatsapp"
        " cellulare numerocellulare numerodicellulare telefonocellulare numeroditelefono numerotelefono utenza"
        " numerotelefonico telemóvel numerodetelemovel numerodotelefone telefonecelular mobilephone"
        " téléphoneportable numérotéléphone numérodeportable numertelefonu nrtelefonu telefonkomórkowy numerkomórkowy"
        " komórka telefonníčíslo telefonnéčíslo mobilníčíslo telefonszám mobilszám numărdetelefon numărtelefon"
        " nrtelefon telefonmobil τηλέφωνο κινητό κινητότηλέφωνο телефон телефони номертелефона мобильный"
        " мобильныйтелефон мобильныйномер сотовый тел телефоненномер номернателефон мобилен номертелефону мобільний"
        " мобільнийтелефон telefonnumarası ceptelefonu ceptel telefonno cepno gsmno anummer bnummer mobielnummer"
        " mobiel gsmnummer puhelinnumero brojtelefona mobitel 電話 電話番号 携帯 携帯電話 携帯番号 携帯電話番号"
        " 전화 전화번호 휴대폰 휴대폰번호 휴대전화 휴대전화번호 핸드폰 연락처"
        " 电话 電話號碼 电话号码 手机 手机号 手机号码 手機 手機號碼 联系电话 移动电话"
        " الهاتف رقمالهاتف هاتف الجوال رقمالجوال الموبايل المحمول"
    ),
    "handle": (
        "nazwaużytkownika użytkownik pseudonim uživatelskéjméno uživatel přezdívka používateľskémeno felhasználónév"
        " felhasználó becenév numedeutilizator numeutilizator utilizator utilizador nomedeutilizador"
        " όνομαχρήστη χρήστης ψευδώνυμο потребителскоиме потребител имяпользователя пользователь логин ник никнейм"
        " імякористувача користувач логін нік kullanıcıadı kullanıcı rumuz gebruiker korisničkoime korisnik"
        " ユーザー名 ユーザ名 ユーザーネーム アカウント名 ハンドルネーム ニックネーム"
        " 사용자이름 사용자명 사용자 아이디 닉네임 계정 계정명 用户名 用戶名 账号 帳號 账户名 昵称 暱稱"
        " اسمالمستخدم المستخدم اسممستخدم"
    ),
    "user_id": (
        "idutente idusuario idutilisateur iduzytkownika idпользователя идентификаторпользователя ユーザーid 사용자id"
        " 用户id 用戶id"
    ),
    "display_name": "nomevisualizzato nombreparamostrar nomdaffichage отображаемоеимя 表示名 표시이름 显示名称",
    "ip": (
        "adresip ipadres adresaip ipcím ipadresi ipadressen indirizzoip endereçoip ipадрес ipадреса διεύθυνσηip"
        " ipアドレス ip주소 아이피 아이피주소 ip地址 ip位址 عنوانip"
    ),
    "port": "порт ポート ポート番号 포트 端口 المنفذ portnummer",
    "imei": "codiceimei numeroimei numerimei номерimei imei番号 imei번호 imei号",
    "imsi": "codiceimsi numeroimsi numerimsi номерimsi imsi番号 imsi번호 imsi号",
    "vehicle": (
        "placa plaque plaquedimmatriculation numerrejestracyjny nrrejestracyjny tablicarejestracyjna spz"
        " registračníznačka poznávacíznačka ečv rendszám numărdeînmatriculare nrînmatriculare"
        " αριθμόςκυκλοφορίας πινακίδα регистрационенномер госномер номеравтомобиля номермашины регистрационныйзнак"
        " номернийзнак держномер plaka plakano kenteken nummerplade rekisterinumero rekisteritunnus"
        " kfzkennzeichen registreringsnummer ナンバープレート 車両番号 차량번호 번호판 차량번호판"
        " 车牌 车牌号 车牌号码 車牌 車牌號碼 رقماللوحة لوحةالسيارة"
    ),
    "bank_account": "rachunek numerrachunku číslooúčtu bankszámlaszám contbancar rekening rekeningnummer",
    "platform": (
        "платформа сервис приложение соцсеть социальнаясеть сервіс застосунок platforma serwis aplikacja uygulama"
        " služba aplikace alkalmazás aplicație aplicativo aplicação プラットフォーム アプリ サービス"
        " 플랫폼 서비스 앱 平台 应用 المنصة التطبيق"
    ),
    "time": (
        "дата датавремя датаивремя времявхода датачас датаічас dataigodzina dataczas datumačas datumésidő időpont"
        " dataeora dataehora datahora horodatage dateetheure datumtijd datumentijd tijdstip dato datotid tidspunkt"
        " ημερομηνία ημερομηνίακαιώρα tarih tarihsaat tarihvesaat zaman päivämäärä vrijeme датаичас"
        " 日時 日付 ログイン日時 날짜 일시 날짜시간 날짜및시간 日期 时间 時間 日期时间 登录时间 登入時間"
        " التاريخ الوقت التاريخوالوقت epoch unixtime unixtimestamp unixepoch epochtime ts eventts"
        " godzina czas čas idő ora tijd tid ώρα время час saat 時刻 시간"
    ),
    "clock": "orario ore ura klokkeslæt klokkeslett",
    "zone": "часовойпояс часовийпояс strefaczasowa časovépásmo tijdzone fusoorario fusohorario zonahoraria saatdilimi"
    " タイムゾーン 시간대 时区",
    "name": (
        "imięinazwisko teljesnév név фио полноеимя піб adsoyad adısoyadı isim nome nomecompleto nomeecognome"
        " ονοματεπώνυμο namn navn 氏名 名前 姓名 이름 성명 名字 الاسم الاسمالكامل numecomplet"
    ),
    "first_name": "imię jméno keresztnév prenume имя імя όνομα",
    "last_name": "nazwisko příjmení vezetéknév фамилия прізвище фамилно soyad soyadı επώνυμο sobrenome",
    "middle_name": "отчество побатькові",
    "birth_date": (
        "dataurodzenia datumnarození születésidátum датарождения датанародження doğumtarihi datanașterii"
        " datadenascimento 生年月日 생년월일 出生日期"
    ),
    "text": (
        "примечание примечания комментарий описание примітка коментар опис uwagi notatka komentarz opis açıklama"
        " yorum poznámka megjegyzés observații observação comentário comentario comentarios nota osservazioni commento"
        " opmerking opmerkingen notitie toelichting anteckning 備考 メモ コメント 비고 메모 备注 備註 ملاحظات"
    ),
    "role": (
        "rôle roleinreport roleincase caserole reportrole partyrole personrole typeofperson typeofparty"
        " verfahrensrolle personenrolle beteiligtenart beteiligung"
        " typedepersonne roledelapersonne statutprocédural"
        " rol tipodepersona tipopersona papel papelnoprocesso ruolo ruoloprocessuale"
        " rola rolawsprawie statusprocesowy úloha procesnípostavení postavenieosoby szerep szerepkör eljárásiszerep rolul"
        " roll partsroll rooli osallisuus uloga betrokkenheid hoedanigheid involvering"
        " роль рольвделе рольусправі процессуальныйстатус процессуальноеположение процесуальнийстатус роля улога"
        " rolü dosyadakirolü ρόλος 役割 立場 関係者区分 역할 관계자구분 角色 涉案身份 涉案角色 الدور دور"
        " eigenschaft qualité qualita qualidade calidad calidadprocesal condición calitate calitateprocesuală minőség"
        " charakter postavení postavenie статусособи asema svojstvo својство sıfat sıfatı качество"
        " ιδιότητα 区分 구분 신분 身份 الصفة صفة"
    ),
    "fact": "calltype funkzelle dauer duree durée durata duracion duración czastrwania длительность"
    " stadt ville ciudad città miasto город oras",
}
