"""Which words after "my PLATFORM is" say how it is, and which say what somebody is called there.

"My line is busy" and "my snap is kestrelblue" are built alike. No dictionary of every language is at hand, so the
choice is made by what a wrong answer costs: a strong hit on "line/busy" puts an innocent man beside a stranger, a
weak one costs a glance. Hence, for a name of letters alone (digits, "_", "@", a dot or a capital inside tell a name):

- a word of the lists below, or with one of the endings of a description, is no name: text search still finds it;
- of the rest, eleven letters and more without the ending of any usual noun or foreign word make an account
  ("kestrelblue": hardly anything so long is a single word), shorter ones only a bare user name, which is weak;
- where the platform is itself an everyday word ("line", "session"), nothing shorter is kept at all, and no account;
- after "username is", "id is" or in quotes a name needs no length, and in "my username is" a word of the lists is a
  bare user name.
"""

import re
from enum import IntEnum

from cets.domains.identifiers.extract import decoys


class Evidence(IntEnum):
    """How surely a written word is somebody's name on a platform."""

    NONE = 0
    WEAK = 1  # a bare user name
    SURE = 2  # an account


_LONG_ENOUGH = 11
#: With a shorter stem these are syllables: "ring", "red", "sly".
_LEAST_STEM = 3
_DESCRIPTION = re.compile(
    rf"\w{{{_LEAST_STEM},}}(?:ing|ings|in'|ed|ous|ful|less|able|ible|ably|ibly|ly|ish|iest|ier|some|ness|nesses|tions?|sions?"
    r"|ments?|ity|ities|ism|ists?|ical|ial|ual|ional|ive|ives|ary|ory|ward|wards|where|thing|body|self|selves|wise"
    r"|ance|ence|ances|ences|ancy|ency|ship|ships|hood|ology|ography|ized|ised|proof|worthy|like)"
)
#: Endings of long nouns and of words of other languages: such a name is kept, but not as an account.
_PERHAPS_A_WORD = re.compile(
    r"\w+(?:al|ic|ics|ant|ent|ants|ents|ate|ates|ete|ure|ures|age|ages|ers?|ors?|ess|dom|ise|ize|ist|ism|ys?|ies|ions?"
    r"|times?|days?|sides?|stairs|ground|weight|work|works|piece|phe|ude|ine|ile|que|est|th|ths|ght|word|words|one|ones"
    r"|gram|chat|book|land|es|en|em|ung|ungen|lich|isch|keit|heit|schaft|bar|los|tum|ad[oa]s?|id[oa]s?|mente|dad|miento"
    r"|eurs?|euse|eux|aire|ement|able|esse|ique|ment|ato|ata|are|ere|ire|zione|mento|agem|heid|baar|ing"
    r"|owany|ami|iert"
    # the second halves of compounds that are words
    r"|hand|handed|storm|wo?m[ae]n|bolt|board|room|house|ball|back|down|out|up|over|off|way|head|eye|tail|fish|berry|fly|bird|flower"
    r"|stone|wood|water|fire|quake|made|break|box|case|paper|pipe|point|power|print|proof|road|rock|set|ship|shop|shot|show|skin"
    r"|star|step|stop|stroke|table|town|tree|wall|wave|wind|wing|yard|song|sense|scape|script|mark|mind|mate|mail|load|lock|lift"
    r"|heart|hold|hour|foot|force|frame|fall|face|drop|craft|crow|cut|cup|cake|bread|bell|bed|belt|beat|band|bag|born|bone|garten|ow)"
)
_AMOUNT = re.compile(
    r"\d+(?:st|nd|rd|th|[ap]m|h|hrs?|hours?|mins?|minutes?|secs?|seconds?|days?|weeks?|wks?|months?|years?|yrs?|yo|[kmgt]b|[kmg]bps"
    r"|[kmg]hz|px|fps|percent|pct|ish|ppl|people|followers|friends|gbp|eur|usd|quid|euros?|dollars?|pounds?)",
    re.IGNORECASE,
)
_PLAIN_CASE = re.compile(r"[^\W\d_](?:[^\W\d_A-Z]*|[^\W\d_a-z]*)")
_LETTERS_AND_HYPHENS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def evidence(name: str, *, named: bool, owned: bool, everyday: bool) -> Evidence:
    """Weigh a word beside a platform.

    `named`: "username", "id" or quotes announce it; `owned`: somebody's, not any ("the user name is required");
    `everyday`: the platform's name is a usual word as well.
    """
    if _AMOUNT.fullmatch(name):
        return Evidence.NONE
    if not _LETTERS_AND_HYPHENS.fullmatch(name):
        return Evidence.NONE if _is_end_of_sentence(name) else Evidence.SURE
    if is_usual(name):
        return Evidence.WEAK if named and owned and not _is_never(name) else Evidence.NONE
    if named or ("-" not in name and not _PLAIN_CASE.fullmatch(name)):
        return Evidence.SURE
    is_long = len(name) >= _LONG_ENOUGH and name.isascii() and "-" not in name
    is_long = is_long and not _PERHAPS_A_WORD.fullmatch(name.lower())
    if everyday:
        return Evidence.WEAK if is_long else Evidence.NONE
    return Evidence.SURE if is_long else Evidence.WEAK


def is_usual(name: str) -> bool:
    """Say whether a word of letters is one of a sentence: in a list, or built like a description."""
    word = name.lower()
    if "-" in word:
        return all(is_usual(part) for part in word.split("-"))
    stems = (word, word.removesuffix("s"), word.removesuffix("er"), word.removesuffix("est"))
    return (
        _is_never(word)
        or word in decoys.NOT_PLATFORMS
        or any(stem in USUAL for stem in stems)
        or bool(_DESCRIPTION.fullmatch(word))
    )


def _is_never(name: str) -> bool:
    return name.lower() in decoys.NOT_NAMES


def _is_end_of_sentence(name: str) -> bool:
    """Say whether a dot joins two sentences whose space was forgotten: "down.She", "private.dm"."""
    before, dot, after = name.partition(".")
    if not dot or not before.isalpha() or not after.isalpha() or not is_usual(before):
        return False
    return (before[-1].islower() and after[0].isupper()) or is_usual(after)


#: Words of everyday English (and of chats) that follow "is"; with "-s", "-er", "-est" too.
_WORDS = """
able absent absurd abuzz acceptable accurate addictive adult afraid alert alike alive alone amiss angry anonymous
apart around asleep average aware away awful awkward bare based basic beautiful big bit bizarre blah bland blank bleak
blind blue blurry boring bot bound brand brief bright brilliant brown busted busy buzz calm careful casual cat cheap
cheerful child childish chill choppy clean clear clever close cloudy cold colourful colorful comfy common complete
complex content correct corrupt cosy cozy crazy creepy cringe cross crowded cruel cursed cute daft daily
damn dangerous dark dear decent deep default delayed delicate delicious dense desperate different difficult dim direct
dirty distant dodgy dog dope double dreadful dull dumb dusty each eager early easy eerie either elegant else elsewhere
english enough entire epic equal even ever every evil exact exclusive expensive expert explicit external extinct extra
fab fabulous fair false familiar family famous fantastic far fast fat faulty few fickle fierce final finished fire
firm first fishy fit fixed flaky flat flawless foreign forever former foul fragile frantic french fresh friend
friendly frozen fuller funky funny furious further fuzzy game gay generic gentle genuine german ghost giant girl
global gloomy golden gorgeous grand green grey gray grim gross gutted guy half handy happy hard harmless hate heavy
hectic helpful hidden high hilarious history home honest hopeless horrible horrid hot huge human hungry hurt icy ideal
idle ill illegal immature important incomplete incorrect incredible indoors inside insane instant intact intense
interesting internal international invalid invisible iffy jammed jealous job joke jumpy junk junior keen kept kid kind
kinda lag laggy lame large last late lately lazy leaky least leet left legal legendary legit less life light likely
limited lit little live lively local lonely long loose lost lot loud lousy love lovely low loyal lucky lush mad magic
main major man manual many mature maybe mean medium mega melting mental merry mess messy mild minor minus misleading
missing mixed mobile modern modest monthly moody more most mostly much muddy mum mute muted naff name narrow
natural near neat needy nervous neutral never next nicer noisy none normal nosy noted nothing notorious nowhere
numb nuts obscure obsolete obvious odd offensive offline often older once one online onto open optional orange
ordinary original other out outdated outside over overloaded own paid painful pal pale paradise parent past patchy
pathetic patient peak peaceful perfect permanent personal petty pink plain pointless polite poor pop popular posh
positive possible powerful precious present pretty primary prime pro problematic proof proper proud pure purple
quality quick quiet quieter quite random rank rare raw ready real recent red redundant regular reliable remote
restricted rich ridiculous right risky robust rotten rough round royal rubbish rude ruined rusty sad safe sane savage
scam scary scratchy screwed scruffy second secondary secure senior sensitive separate serious severe shady shaky
shallow shaped sharp sharper shiny shocking short shot shut shy sick silent silly similar simple
single sketchy slack sleepy slick slower sluggish small smart smelly smooth snazzy sober social soft solid some
sometimes soon sore sorted sound sour spam spammy spare special spicy split spooky spotty square stable stale standard
static steady stellar sticky stiff strange strict strong stuck stuff stupid subtle such sudden super superb sure
suspect suspicious sweet swift taken tame temporary tense terrible terrific thick thin thing three thriving tidy tight
tiny tired today together tomorrow tonight too top topnotch toxic tricky true trash two ugly ultra unavailable under
uneasy unfair unique unreal unsafe unstable unusual upset upside urgent usable used useful useless usual utter vague
valid vast verified very vibrant viral vital vivid void vulgar wack waiting warm waste wasted weak weekly well west
wet whack white whole wicked wide wild wise within wonderful woke wonky work worse worst worth wow wrong yellow
yesterday young yet zero mine ours theirs hers yours himself herself myself itself themselves yourself anyone someone
everyone nobody nope yeah yep nah ye yea alright aight innit tho though til till until unless while whilst although
since after before against along among behind below beneath beside between beyond by during except from into like of
off per than through toward up upon via with without across did do does done doing don doesn wasn isn ain aint cant
wont will would should could shall may might must can dm dms pm pms msg message messages inbox add text said says say
see seen saw get gets got go goes going went come comes came make makes made take takes took give gave given want
wants need needs let lets put puts run runs ran think thinks thought know knows knew look looks feel feels felt seem
seems tell tells told ask asks use uses find found sun mon tue wed thu fri sat monday tuesday wednesday thursday
friday saturday sunday january february march april june july august september october november december morning
afternoon evening night noon midnight spring summer autumn winter school college class office bed town city london
england paris berlin church court prison hospital police mom dad mother father brother sister son daughter boy wife
husband mate mates cousin boyfriend girlfriend bestie kids children people everybody person folks guys men women woman
lads teacher doctor bank phone number email mail address website web app site page screen computer laptop tablet
device internet wifi connection service support server network contact password login code photo photos pics picture
pictures video videos clip clips post posts story stories feed friends follower followers music song songs movie
movies news food water money cash cost costs free gold silver black thumb shock chaos heaven nightmare disaster
bliss fun death garbage gibberish nonsense pants toast key crucial awesome
amazeballs peng bonkers crackers bananas poison ace mint tosh tat lol lmao lmfao rofl omg wtf idk smh fr tbh rn
atm btw imo asap brb ngl istg fml gtg cya bye hi hey hello sup thanks thank ty pls plz please sorry ok k kk cheers
always usually seldom downstairs upstairs downtown somewhere anywhere everywhere everything anything something
whatever whenever wherever whoever however therefore otherwise nevertheless meanwhile altogether underneath alongside
throughout afterwards beforehand appropriate inappropriate masterpiece catastrophe sacrosanct overblown overrun
overdue overdone underway undone unseen unknown unread unsent unheard unspoken unwell broke shown known grown thrown
blown flown drawn sworn torn worn born bought brought caught taught sent spent lent bent built held sold led fed met
read set cut hit burnt learnt meant dealt slept swept won sung rung begun broken stolen spoken chosen written
forgotten beaten eaten fallen forbidden proven mistaken privat gesperrt offen kaputt weg neu alt leer voll gut
schlecht toll cool langsam schnell laut leise falsch richtig privé fermé ouvert cassé nouveau vieux rapide nul bloqué
mort vide plein bon mauvais privado cerrado abierto roto nuevo viejo lento bueno malo muerto vacío lleno bloqueado
privato chiuso aperto rotto nuovo vecchio buono cattivo morto vuoto pieno bloccato
"""
USUAL = frozenset(_WORDS.split())
