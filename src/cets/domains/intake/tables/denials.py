"""Words by which a cell speaks of a role and does not give it: not, no longer, the wife of; and answers to a question.

All are without accents and in lower case, as `words.tokens` has them.
"""

# ruff: noqa: RUF001 - the words stand in the letters of their languages


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: What follows them in its part of the cell is denied.
NEGATIONS = _listed(
    "aldri aldrig ancien ancienne aucun aucune bez degil ehemalig ehemalige ehemaliger ehemals ei eika "
    "eivat ex former formerly geen hayir icke ikke ikkje inga ingen inte jamais kein keine keinen keiner "
    "mai nao ne nebyl neither nem neni nessun nessuna nessuno never ni nicht nicio niciun nie niemals "
    "niet nije nincs ningun ninguna nisu no non nooit nor not nu nunca ohne pas sans sem senza sin "
    "tidigare tidligere voormalig without zaden zadna zonder δεν μη οχι πρωην без бывшии колишніи не нет "
    "ни није ні غير ليس ليست "
)
#: From here on it is said again.
BUTS = _listed(
    "ale ama bensi but ci hanem lecz ma maar mais mas men pero sino sondern utan vaan αλλα а але но "
)
#: Whoever is so called, wherever it stands in the cell, is it no more or never was; the words joined.
CLEARED = _listed(
    "absolvida absolvido absuelta absuelto achitat acquitte acquitted artatlan assolta assolto atort "
    "ausgeschlossen avskriven beraat blanchi cleared descartada descartado discounted disculpe dismissed "
    "ecarte eliminated entlastet esclusa escluso excluded exclus exculpado exonerada exonerado exonerated "
    "falsamente falschlich falschlicherweise falsely felmentett felmentve freigesprochen friad frifunnet "
    "frikand frikendt frikjent horsdecause ilibado ingiustamente injustamente innocent innocente "
    "inocentado inocente kizarva masum mistakenly nevin nevinny nevinovat nichtmehr nietmeer niewinny "
    "nolonger notanymore oczyszczony onschuldig onterecht osloboden oslobodeny osvobozeny plussuspect "
    "prosciolto ruledout scagionato syyton uitgesloten unfounded uniewinniony unjustly unrecht unschuldig "
    "vapautettu vrijgesproken vyloucen wrongfully wrongly wykluczony zprosten αθωος αθωωθηκε виправдании "
    "исключен невинен невиновен непричастен оправдан "
)
#: Who is named by somebody else, and is not the one. No word stands here that a title may be ("Frau").
OTHERS = _listed(
    "abogada abogado acquaintance advocaat advogada advogado advokat adwokat aiti ami amica amico amie "
    "amiga amigo angajator angehorige angehoriger annesi anwalt anwaltin anya apa arbeidsgiver "
    "arbeitgeber arbejdsgiver arbetsgivare arkadasi asianajaja associate attorney aunt avocat avocate "
    "avocatul avukati avvocato babasi barat barrister boyfriend brat bratr broer bror brother bruder "
    "buurman buurvrouw carer colleague collega collegue compagna compagne compagno compagnon conjoint "
    "conjointe corka counsel cousin coworker dad datore daughter dcera defender defensor difensore "
    "dochter doctor echtgenoot echtgenote ehefrau ehemann eltern elternteil empleador employee employer "
    "employers employeur empregador epouse epoux esi esposa esposo familiar familie familj famille family "
    "far father feleseg femme ferj fiance fiancee figlia figlio filha filho fille fils flatmate follower followers foraeldre "
    "foralder foreldre frate fratello frere freund freundin friend friends girlfriend grandfather "
    "grandmother grandparent granne guardian hermana hermano hija hijo housemate husband hustru interes "
    "interesse interest interet irma irmao isa isvereni kardesi karisi kci kocasi kollege kollegin kone "
    "landlord lawyer lebensgefahrte lebensgefahrtin madre mae majka mama manzel manzelka mari marido "
    "marito matka maz mere mies moeder moglie mor mother mujer mulher mum munkaado mutter nabo nachbar "
    "nachbarin neighbor neighbour nephew niece novia novio obronca odvjetnik ojciec oncle onkel oom otec "
    "ouder ouders padre pai pareja parent parente parents partner partnerin pere poika pracodawca pravnik "
    "prieten prijatelj pritel proche przyjaciel rechtsanwalt rechtsanwaltin relation relative relatives "
    "representative rodzina roommate sasiad schwester sestra sibling siblings sin siostra sisko sister "
    "soeur sohn solicitor son sora sorella soster sot sotia sotie sotul soused spouse stepdaughter "
    "stepfather stepmother stepson suprug supruga syn syster tante tata teacher tenant testver tio "
    "tochter tyonantaja tytar ugyved uncle vader vaimo vater vecina vecino veli vermieter verteidiger "
    "verteidigerin verwandte verwandter vicino vizinha vizinho voisin voisine vriend vriendin vrouw "
    "werkgever wife ystava zio znajomy zona zoon zus δικηγορος μητερα πατερας συζυγος адвокат батько брат "
    "дочь друг дружина жена мати мать муж отец работодатель родственник сестра сосед сын чоловік زوج زوجة "
    "صديق محامي والد والدة "
)
#: The same of places of work.
OFFICES = _listed(
    "school teacher police officer investigator agency bank employer hospital charity schule polizei ecole scuola "
    "escuela escola szkola "
)
#: Of both those that stand over a person's own values, too ("Family name", "Bank account", "Person of interest").
ALSO_OWN = _listed("bank familie famille family familj interes interesse interest interet relation relations")
#: "The wife of the suspect": what stands before them is meant. (No "der": it is an article as well.)
OF = _listed("af av d da de degli dei del dell della dello des di do du of van vom von ")
#: These may stand before them all the same.
COUNTED = _listed("all any een ein eine einer en group list one three two un una une uno ")
#: The same in scripts without blanks, around the role.
DENIED_EASTERN = r"(?:非|不是|并非|並非|无|無|元|前)(?:{0})|(?:{0}).{{0,2}}(?:[でて]はな|[でて]な|[じし]ゃな|아님|아닌|아니)"
OF_EASTERN = r"(?:{0})\s*(?:の|的|의)\s*\w"
#: Answers; signs that may say yes as well as no (a cross) are none.
YES = _listed(
    "1 adevarat ano da dogru evet igaz igen j ja jawohl kylla o on oui prawda s sand sant si sim t tak "
    "tosi true var verdadeiro verdadero vero vrai waar wahr x y yep yes ναι да истина так نعم ○ ● ◯ ☑ ✅ ✓ "
    "✔ はい 是 有 네 예 "
)
NO = _listed(
    "- -- 0 ei epatosi f fals falsa falsch false falsk falskt falso faux hamis hayir n nao ne nee nei "
    "nein nej nem nie no non nope nu onwaar usant yanlis yok οχι ложь не нет ні لا – — ☐ いいえ 不是 否 无 無 아니 "
    "아니오 아니요 "
)
NO_WORDS = frozenset(word for word in NO if len(word) > 1 and word.isalpha())
ANSWERS = frozenset(word for word in YES | NO if word.isalpha())
#: Beside a role in a heading that asks ("Is victim", "Suspect flag").
ASKING = _listed(
    "a alleged an any are been confirmed e ein eine era es est flag flagged has if is ist "
    "marked possible potential previously registered sex sexual status un una une uno war was whether "
)
#: What says neither yes nor no, alone or at the start of a cell; words joined.
UNSURE = _listed(
    "? ?? tbc tba tbd toconfirm tobeconfirmed likely possibly possible poss probable probably prob maybe perhaps "
    "unsure unclear uncertain unknown unk notsure notknown suspected pending moglich moglicherweise vielleicht "
    "wahrscheinlich vermutlich unklar unbekannt fraglich evtl eventuell zuklaren offen peutetre possiblement "
    "probablement incertain inconnu aconfirmer averifier posible posiblemente probablemente quiza quizas talvez "
    "desconocido porconfirmar forse possibile probabile probabilmente sconosciuto daconfermare daverificare "
    "misschien mogelijk waarschijnlijk onbekend onduidelijk possivel possivelmente provavel desconhecido "
    "aconfirmar mozliwe mozliwie prawdopodobnie nieznane moze dopotwierdzenia kanskje mulig muligens maske "
    "muligvis kanske mojligen troligen ehka mahdollisesti mozna mozno snad talan poate posibil belki muhtemelen "
    "mozda moguce ισωσ πιθανον возможно вероятно может неизвестно уточняется можливо імовірно невідомо може "
    "不明 未確認 可能 미상 불명 未知 不详 待定 ربما محتمل "
)
