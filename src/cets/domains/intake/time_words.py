"""The words in which sources write times: zones, days of the week and months, in several languages."""

# ruff: noqa: RUF001 - the words stand in the letters of their languages

#: Zone names that stand for one offset wherever they are used. EST, CST, IST, BST and their like do not.
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "wet": 0, "west": 60,
    "edt": -240, "cdt": -300, "mdt": -360, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "met": 60, "mest": 120, "mez": 60, "mesz": 120, "msk": 180, "sgt": 480, "hkt": 480,
    "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780, "jst": 540, "kst": 540,
    "ict": 420, "wib": 420, "wita": 480, "wit": 540, "myt": 480, "pht": 480, "pkt": 300, "npt": 345, "trt": 180, "sast": 120, "cat": 120,
    "eat": 180, "wat": 60, "brt": -180, "art": -180, "uyt": -180, "cot": -300, "pet": -300, "seč": 60, "selč": 120,
}  # fmt: skip
DOUBTFUL_ZONES = {
    "est": (-300, 600),
    "cst": (-360, 480),
    "mst": (-420, 480),
    "pst": (-480, 480),
    "bst": (60, 360),
    "ist": (330, 60, 120),
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Names of the days in other languages; the short ones first.
_WEEKDAYS_ELSEWHERE = (
    ("mo lun seg ma", "montag lundi lunes lunedì segunda maandag måndag mandag"),
    ("di mar ter", "dienstag mardi martes martedì terça dinsdag tisdag tirsdag"),
    ("mi mer mié mie qua wo", "mittwoch mercredi miércoles mercoledì quarta woensdag onsdag"),
    ("do jeu jue gio qui", "donnerstag jeudi jueves giovedì quinta donderdag torsdag"),
    ("fr ven vie sex vr", "freitag vendredi viernes venerdì sexta vrijdag fredag"),
    ("sa sam sáb sab za", "samstag sonnabend samedi sábado sabato zaterdag lördag lørdag"),
    ("so dim dom zo", "sonntag dimanche domingo domenica zondag söndag søndag"),
)
SHORT_WEEKDAYS = {name: day for day, (short, _) in enumerate(_WEEKDAYS_ELSEWHERE) for name in short.split()}
LONG_WEEKDAYS = {name: day for day, (_, long) in enumerate(_WEEKDAYS_ELSEWHERE) for name in long.split()}


#: Of further languages, both as a month is called and as it stands in a date. Words that are one month in one language and
#: another in the next ("listopad", "lip", "lis", "srp" in Polish, Czech and Croatian) are none.
_IN_LATIN_LETTERS = (
    "styczeń stycznia sty leden ledna led január januára ianuarie ian ocak oca tammikuu tammikuuta siječanj siječnja",
    "luty lutego lut únor února úno február februára februarie şubat şub helmikuu helmikuuta veljača veljače",
    "marzec marca březen března bře marec március martie mart maaliskuu maaliskuuta ožujak ožujka",
    "kwiecień kwietnia kwi duben dubna dub apríl apríla április aprilie nisan nis huhtikuu huhtikuuta travanj travnja",
    "maja květen května kvě máj mája május mayıs toukokuu toukokuuta svibanj svibnja",
    "czerwiec czerwca cze červen června jún júna június iunie iun haziran haz kesäkuu kesäkuuta lipanj lipnja",
    "lipiec lipca srpanj srpnja červenec července júl júla július iulie iul temmuz tem heinäkuu heinäkuuta",
    "sierpień sierpnia sie srpen srpna augusta augusztus ağustos ağu elokuu elokuuta kolovoz kolovoza",
    "wrzesień września wrz září septembra szeptember septembrie eylül eyl syyskuu syyskuuta rujan rujna",
    "październik października paź říjen října říj októbra október octombrie ekim eki lokakuu lokakuuta",
    "listopadu novembra noiembrie noi kasım marraskuu marraskuuta studeni studenoga",
    "grudzień grudnia gru prosinec prosince pro decembra decembrie aralık ara joulukuu joulukuuta prosinac prosinca",
)
_IN_OTHER_LETTERS = (
    "січень січня січ январь января янв ιανουάριος ιανουαρίου ιαν јануар януари",
    "лютий лютого лют февраль февраля фев февр φεβρουάριος φεβρουαρίου φεβ фебруар февруари",
    "березень березня бер март марта мар μάρτιος μαρτίου μαρ",
    "квітень квітня квіт кві апрель апреля апр απρίλιος απριλίου απρ април",
    "травень травня трав тра май мая μάιος μαΐου μαΐ мај",
    "червень червня черв чер июнь июня июн ιούνιος ιουνίου ιουν јун юни",
    "липень липня лип июль июля июл ιούλιος ιουλίου ιουλ јул юли",
    "серпень серпня серп сер август августа авг αύγουστος αυγούστου αυγ",
    "вересень вересня вер сентябрь сентября сен сент σεπτέμβριος σεπτεμβρίου σεπ септембар септември",
    "жовтень жовтня жовт жов октябрь октября окт οκτώβριος οκτωβρίου οκτ октобар октомври",
    "листопад листопада лист лис ноябрь ноября ноя нояб νοέμβριος νοεμβρίου νοε новембар ноември",
    "грудень грудня груд гру декабрь декабря дек δεκέμβριος δεκεμβρίου δεκ децембар декември",
)

#: Of languages whose names have letters that are no part of a word for patterns, or that stand where no others do: they are
#: replaced by the English ones before anything is read. Hungarian has its own short forms.
_WRITTEN_OTHERWISE = (
    "يناير ژانویه ינואר בינואר जनवरी जन॰ জানুয়ারী জানুয়ারি มกราคม ม.ค.",
    "فبراير فوریه פברואר בפברואר फ़रवरी फ़र॰ ফেব্রুয়ারী ফেব্রুয়ারি กุมภาพันธ์ ก.พ.",
    "márc مارس מרץ במרץ मार्च মার্চ มีนาคม มี.ค.",
    "ápr أبريل آوریل אפריל באפריל अप्रैल এপ্রিল เมษายน เม.ย.",
    "مايو مه מאי במאי मई মে พฤษภาคม พ.ค.",
    "يونيو ژوئن יוני ביוני जून জুন มิถุนายน มิ.ย.",
    "يوليو ژوئیه יולי ביולי जुलाई जुल॰ জুলাই กรกฎาคม ก.ค.",
    "أغسطس اوت אוגוסט באוגוסט अगस्त अग॰ আগস্ট สิงหาคม ส.ค.",
    "szept سبتمبر سپتامبر ספטמבר בספטמבר सितंबर सित॰ সেপ্টেম্বর กันยายน ก.ย.",
    "أكتوبر اکتبر אוקטובר באוקטובר अक्टूबर अक्टू॰ অক্টোবর ตุลาคม ต.ค.",
    "نوفمبر نوامبر נובמבר בנובמבר नवंबर नव॰ নভেম্বর พฤศจิกายน พ.ย.",
    "ديسمبر دسامبر דצמבר בדצמבר दिसंबर दिस॰ ডিসেম্বর ธันวาคม ธ.ค.",
)


def _month_names() -> dict[str, int]:
    rows = (
        "jan january januar janvier enero gennaio janeiro januari styczen januar ene janv gen",
        "feb february februar fevrier février febrero febbraio fevereiro februari fév fev febr",
        "mar march märz marz mars marzo março marco maart mär mrt mrz",
        "apr april avril abril aprile avr abr",
        "may mai mayo maggio maio mei maj mag",
        "jun june juni juin junio giugno junho giu",
        "jul july juli juillet julio luglio julho juil lug",
        "aug august août aout agosto augustus augusti aoû ago",
        "sep sept september septembre septiembre settembre setembro set",
        "oct october oktober octobre octubre ottobre outubro okt ott out",
        "nov november novembre noviembre novembro",
        "dec december dezember décembre decembre diciembre dicembre dezembro dez déc dic",
    )
    known = zip(rows, _IN_LATIN_LETTERS, _IN_OTHER_LETTERS, strict=True)
    return {name: number for number, three in enumerate(known, 1) for row in three for name in row.split()}


MONTHS = _month_names()
#: A word as it stands between blanks, and the English name of the month.
MONTHS_IN_ENGLISH = {
    word: english
    for english, names in zip(
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        _WRITTEN_OTHERWISE,
        strict=True,
    )
    for word in names.split()
}
