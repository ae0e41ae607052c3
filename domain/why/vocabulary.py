"""The words that a line may be made of: data, and the forms that follow from it. Pure.

A line is a closed world. A word is free, or it claims something and needs a ground for it (a topic
of the sheet), or it isn't known, and then the line isn't told. Words that tell stories or speak of
other people are never free. The words of a mood are in `moods.py`.
"""

from collections.abc import Iterable, Mapping

from domain.why.moods import MOODS
from domain.why.spelling import word_set

_FUNCTION = """
a an the this that these those it it's its itself and or but so as at by for from in into of on onto
to with within over through throughout if when whenever while where what whatever which how because
since though although as well after before during around about along across all any each every both
just only quite simply such there there's here here's then up off out between another own
is are be been being was has have having had do does did will would can could may might should must
let lets let's you you'll you're you've you'd your yours yourself that's it'll what's too one ones
yet also already again always almost really truly rather fairly pretty exactly precisely pleasantly
comfortably now tonight tonight's evening evenings evening's once ever more much plenty enough
whole full right early straight away back alongside whether either per plus via upon towards toward
beyond behind-it like-minded time times day bed home afterwards meanwhile perhaps maybe
above inside amid still were next among no-nonsense nonstop
"""

_VERBS = """
watch enjoy savour savor relish pick choose try give bring keep hold draw pull sink settle begin
make take find meet suit match answer promise deserve reward earn expect feel see put press play
stay spend carry deliver build fill come want need belong combine mix blend pair open look sound
seem treat land work reach lean deepen run set offer invite welcome ask add round shape start
indulge lose immerse absorb engage entertain satisfy please delight hook balance wrap sit catch
stick slip weave grab help unfold grow stir touch raise capture craft
evoke discover explore celebrate promise provide ensure guarantee enhance enrich complement
captivate align appeal tick check turn return lead guide pack move roll flow glide sweep dive
step wander know trust matter gather prepare get count mean appreciate consider hope wish curl
"""

_IRREGULAR = """
gave given giving brought kept held drew drawn sank sunk began begun taken took found met felt spent
built came got chosen chose sets setting ran runs running sat sitting put putting lost beginning
beginnings catching caught says tells telling sends stuck wove woven grown grew knew known does
meant led stands stand standing
"""

_NOUNS = """
night pick choice way reason place story tale treat pleasure match kind sort touch mix blend bit
hint slice dose tone feel feeling atmosphere style pace moment scene world journey thing look
opening invitation delight answer option companion turn line note corner room screen couch view step
stay combination detail performance storytelling storyteller filmmaking storyline narrative element
part piece gem find rhythm texture shape side sense watch start attention popcorn dinner cup glass
snack drink lamp candle pick-me-up bedtime tea coffee chocolate appetite craving preference
interest point position
viewing entertainment experience craft character characters setting backdrop subject theme nod
love-letter promise selection recommendation suggestion candidate title addition alternative
occasion company excuse break escape quality skill care rest bonus chunk stretch
flavour flavor ingredient recipe level amount range variety dash pinch streak thread layer
"""

_ADJECTIVES = """
good great fine lovely wonderful perfect ideal solid worthy worthwhile rewarding satisfying
enjoyable engaging absorbing compelling engrossing entertaining memorable strong rich fitting
natural beautiful confident assured elegant striking vivid lively distinctive delightful rounded
generous honest graceful polished thorough careful focused steady clear immersive involving apt
suitable welcome worth ready sure happy glad pleased nice superb excellent terrific splendid
first-rate top-notch pleasing appealing inviting impressive remarkable big special different
magnetic hypnotic luminous subtle bold brisk crisp clean precise sleek stylish smooth deft textured
layered handsome gorgeous intriguing fascinating irresistible pure proper complete captivating
enchanting delicious tasty fresh-faced tailored tempting rounded promising outstanding exceptional
fantastic brilliant amazing top-quality high-quality well-rounded crafted paced little small
similar-minded certain curious convenient handy enticing gentle-paced effective accomplished
masterful skilful skillful dependable reliable simple-hearted
"""

_ADVERBS = """
beautifully wonderfully nicely neatly confidently carefully steadily surely happily naturally
ideally clearly genuinely perfectly superbly remarkably vividly elegantly handsomely generously
finely impressively memorably well subtly smoothly masterfully skilfully skillfully expertly
brilliantly especially particularly definitely certainly absolutely currently altogether
"""

# What claims something, and the grounds of which one is needed. See `grounds.py` for topics.
_CLAIMS: Mapping[str, str] = {
    "mood": "mood moods",
    "mood time": "asked asking wished-for requested wanted-tonight",
    # It goes deeper than "a little" only where the mood is strong.
    "mood+": """thoroughly deeply utterly properly intensely extremely very supremely completely
        totally wholly seriously profoundly unfailingly incredibly fully consistently""",
    "like": """like alike close closely echoes echo echoing similar similarly remind reminds recall
        recalls recalling kin kindred kinship cousin companion shares share shared sharing
        follow follows following same taste tastes vein akin near related relative resembles
        resemble resembling resonate resonates common overlap territory ground grounds
        spiritual sibling cut cloth neighbourhood neighborhood side-by-side likewise""",
    "past": """watched saw seen loved enjoyed liked finished adored rated rating appreciated gave
        marks mark""",
    "list": """list lists listed watchlist saved save queue queued queuing waiting wait waits
        bookmarked meant wanted wishlist planned plan planning""",
    "time": """minute minutes hour hours runtime length available budget allow allows slot window
        schedule timing""",
    "short": "short quick quickly brief briefly compact",
    "long": "long lengthy",
    "fits": "single finish finishing done squeeze squeezes squeezed under",
    "spare": "spare",
    "fits mood like": "fit fits fitting",
    "episodes": "episode episodes instalment instalments installment installments",
    "leaving": """leave leaves leaving left go goes going gone depart departs departing until till
        last chance soon expire expires expiring hurry disappears disappear disappearing vanishes
        deadline final catch-it-while remaining remains tomorrow today ends farewell service
        services platform platforms streaming today's tomorrow's departure exits exit""",
    "critics": """critics critic critics' critic's acclaimed acclaim praised praise praising
        reviewers reviewed reviews review critical critically acclaimed""",
    "critics audience fond": "highly",
    "critics audience rating": "score scores scored scoring rate rates points gave",
    "critics audience votes": "rated rating ratings well-liked well-loved well-reviewed esteemed",
    "audience votes": """viewer viewers audience audiences viewers' audience's audiences' popular
        popularly crowd-pleaser crowd-pleasing crowd-pleasers""",
    "votes": "votes widely many million thousand thousands hundreds safe proven",
    "company": """friends everyone everybody group groups crowd together company-of gathering
        gatherings party parties shared share sharing everyone's""",
    "new": "new newest newer fresh freshly recent recently release released newly",
    "people": "made makers maker same hands hand behind who whose mind-behind work",
    "film": "film films film's movie movies movie's feature features cinema cinematic",
    "series": "series show shows season seasons show's",
    "filler": "filler skip skips skipped skipping without",
    "plan": """episode episodes minute minutes hour hours days daily week weeks finish finishes
        finished finishing done plan plans planned end ends sitting binge schedule season
        seasons until total left last final average long short under fit fits leave leaves leaving
        latest today tomorrow weekday weekdays weekend weekends""",
    "unfit": "not won't cannot can't short instead",
}  # fmt: skip

_GENRES: Mapping[str, str] = {
    "action": "action actions",
    "animation": "animation animated animations cartoon",
    "comedy": "comedy comedies comedic",
    "crime": "crime crimes criminal",
    "documentary": "documentary documentaries",
    "drama": "drama dramas dramatic dramatically",
    "european": "european europe",
    "family": "family families",
    "fantasy": "fantasy fantastical fantasies",
    "history": "history historical",
    "horror": "horror horrors",
    "music": "music musical musicals",
    "reality": "reality",
    "romance": "romance romances",
    "science-fiction": "sci-fi science fiction science-fiction sci fi",
    "sport": "sport sports sporting",
    "thriller": "thriller thrillers",
    "war": "war wartime",
    "western": "western westerns",
}

SPOILERS = word_set(
    """
    die dies died dying dead death deaths kill kills killed killer killers killing murder murders
    murdered murderer twist twists twisted ending endings reveal reveals revealed revealing
    revelation revelations secretly secret secrets traitor traitors betray betrays betrayed
    betrayal culprit finale finales climax survive survives survived survivor survivors spoiler
    spoilers spoil spoils suicide sacrifice sacrifices rapes rape turns-out whodunit denouement
    fate revenge victim victims guilty innocent conspiracy exposed unmasked unmask impostor
    imposter disguise pregnant resurrected ghost-all-along plot plots plotline
    """
)
"""Words that could give a story away; refused whatever the sheet says."""

OTHERS = word_set(
    """
    i i'm i'd i've i'll me my mine myself we we're we've we'll us our ours ourselves he he's him
    his she she's her hers they they're them their theirs someone somebody anyone anybody nobody
    wife husband spouse son sons daughter daughters mother father mum mom dad parents parent child
    children kid kids partner partners girlfriend boyfriend brother brothers sister sisters
    neighbour neighbours neighbor colleague colleagues boss guest guests user users subscribers
    members member fans friend friend's people everyone everybody audience audiences viewer
    viewers others person man woman men women boy girl grandma grandpa flatmate roommate household
    households lover couple couples
    """
)
"""Words for people other than the viewer: such a word needs a ground, and most have none."""

CLAIMS_NEVER = word_set(
    """
    award awards award-winning awarded oscar oscars emmy emmys best better greatest greater worst
    worse most masterpiece masterpieces must-see free cheap cheaper price priced deal sequel
    sequels prequel remake remakes based cast star stars starring starred stunning-cast directed
    director directors directs actor actors actress actresses acted written writer writers
    produced producer soundtrack blockbuster bestselling bestseller adapted adaptation original
    originals exclusive exclusively trailer favourite favourites favorite favorites famous
    legendary-cast hit hits number-one top finest rare rarely unique uniquely unseen only-on
    underrated overlooked hidden true adult adults rated-r language languages subtitles subtitled
    dubbed ever-made first second third half quarter dozen several twice double few couple-of
    handful
    """
)
"""Words for what no sheet ever says."""

NEGATIONS = word_set(
    """
    not no never none nor neither nothing nobody nowhere without hardly barely scarcely cannot
    isn't aren't won't can't don't doesn't didn't wasn't wouldn't shouldn't couldn't hasn't
    haven't ain't unlike except unless despite instead rather-than less least far than anything
    """
)
"""Words that turn a true thing round: refused, since what they turn can't be checked by word."""

LEAVING = frozenset(_CLAIMS["leaving"].split()) - {"today", "tomorrow", "service", "services"}
DID = frozenset(
    _verb + "ed" if not _verb.endswith("e") else _verb + "d" for _verb in _VERBS.split()
) | word_set(
    "gave brought kept drew sank began took found met felt spent built came got chose ran "
    "sat put lost caught knew"
)
"""What somebody did: of the viewer, no sheet knows it, but for what is in PAST."""
PAST = frozenset(_CLAIMS["past"].split()) | {"rated", "rating"}
WISHED = frozenset(_CLAIMS["list"].split())


_DOUBLED = ("begin", "get", "put", "set", "run", "hit", "sit", "let")


def _verb_forms(verb: str) -> set[str]:
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    again = verb[-1] if verb in _DOUBLED else ""
    return {verb, third, stem + "ed", stem + again + "ing"}


def _noun_forms(noun: str) -> set[str]:
    many = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return {noun, many, noun + "'s"}


def _free() -> frozenset[str]:
    plain = f"{_FUNCTION} {_IRREGULAR} {_ADJECTIVES} {_ADVERBS}".split()
    return frozenset(plain).union(
        *map(_verb_forms, _VERBS.split()), *map(_noun_forms, _NOUNS.split())
    )


def _needs() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}

    def put(words: Iterable[str], topics: Iterable[str]) -> None:
        for word in words:
            found.setdefault(word, set()).update(topics)

    for topics, words in _CLAIMS.items():
        put(words.split(), topics.split())
    for genre, words in _GENRES.items():
        put(words.split(), [f"genre:{genre}"])
    for mood, words in MOODS.items():
        put(words.split(), [f"mood:{mood}"])
    return {word: frozenset(topics) for word, topics in found.items()}


NEEDS = _needs()
"""Words that claim something, with the topics of which one must be on the sheet."""
FREE = _free() - NEEDS.keys() - SPOILERS - OTHERS - CLAIMS_NEVER - NEGATIONS
"""Words that anybody may use of anything."""
