"""How each fact is said in each of five voices: data. What stands in braces is a fact's value.

Options are separated by " | " and mean the same; "{themes}" may be empty. No wording belongs to
two voices, so five lines in five voices never read alike. tests/why checks that for all facts.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Phrases:
    """The ways to say one kind of fact.

    plain: a clause, or for moods and genres a fragment; does: behind "It"; that: behind a noun
    and "that"; opens: how a note begins; notes: a part of that note; main: a clause that ends a
    sentence; having: behind "With", empty where the fact always ends it.
    """

    plain: str
    does: str
    that: str
    opens: str
    notes: str
    main: str
    having: str = ""


PHRASES: dict[str, Phrases] = {
    "mood high": Phrases(
        plain="{mood} all the way{themes} | {mood} through and through{themes}",
        does="is as {mood} as they come{themes} | is very {mood} indeed{themes}",
        that="an unmistakably {mood} {noun}{themes} | a properly {mood} {noun}{themes}",
        opens="for a truly {mood} evening{themes} | when you want it really {mood}{themes}",
        notes="truly {mood}{themes} | really {mood}{themes}",
        main="it is every bit as {mood} as you asked for{themes}"
        " | it is just as {mood} as you wanted{themes}",
    ),
    "mood some": Phrases(
        plain="rather {mood}{themes} | quite {mood}{themes}",
        does="is fairly {mood}{themes}",
        that="a pretty {mood} {noun}{themes}",
        opens="for a {mood} evening{themes} | when you want it {mood}{themes}",
        notes="on the {mood} side{themes} | more {mood} than not{themes}",
        main="it is {mood} enough for tonight{themes} | it is suitably {mood}{themes}",
    ),
    "mood low": Phrases(
        plain="with a {mood} streak{themes} | a bit {mood}{themes}",
        does="has something {mood} about it{themes} | is a little {mood}{themes}",
        that="a {noun} with a {mood} side{themes}",
        opens="for a faintly {mood} evening{themes} | when a slightly {mood} one will do{themes}",
        notes="{mood} around the edges{themes} | slightly {mood}{themes}",
        main="it has a {mood} note{themes} | it is {mood} in a small way{themes}",
    ),
    "genre": Phrases(
        plain="{a_noun} | {a_noun} to watch now",
        does="is {a_noun}",
        that="{a_noun} for tonight",
        opens="tonight, perhaps {a_noun} | how about {a_noun}",
        notes="{a_noun}",
        main="what you get is {a_noun} | this one is {a_noun}",
    ),
    "bare": Phrases(
        plain="a {noun} you can watch now",
        does="is a {noun} you can start now",
        that="a {noun} for tonight",
        opens="tonight, perhaps this {noun}",
        notes="a {noun}",
        main="this {noun} is there to watch now",
    ),
    "watchlist": Phrases(
        plain="it is on your watchlist | you put it on your watchlist",
        does="waits on your watchlist | is already on your watchlist",
        that="sits on your watchlist | has been waiting on your watchlist",
        opens="straight from your watchlist | a pick from your own watchlist",
        notes="from your watchlist",
        main="it has a place on your watchlist | your watchlist has it already",
        having="a place on your watchlist",
    ),
    "like": Phrases(
        plain="it is close to {title}, {tie} | it has something of {title}, {tie}",
        does="comes close to {title}, {tie} | is not far from {title}, {tie}",
        that="is akin to {title}, {tie} | should remind you of {title}, {tie}",
        opens="picked because {because} | because {because}",
        notes="near to {title}, {tie}",
        main="it belongs near {title}, {tie} | it goes well with {title}, {tie}",
        having="a likeness to {title}, {tie}",
    ),
    "shared": Phrases(
        plain="it has {people} in common with {title}, {tie}"
        " | {people} worked on it, as on {title}, {tie}",
        does="shares {people} with {title}, {tie}",
        that="has {people} in its credits, as has {title}, {tie}",
        opens="more from {people}, known from {title}, {tie}"
        " | picked for {people}, known from {title}, {tie}",
        notes="more from {people}, known from {title}, {tie}",
        main="you know {people} from {title}, {tie}",
        having="{people} in its credits, as in those of {title}, {tie}",
    ),
    "leaving last": Phrases(
        plain="{day} is its last day on {where}",
        does="leaves {where} after {day}",
        that="is gone from {where} after {day}",
        opens="last day on {where} {day} | {day} for the last time on {where}",
        notes="on {where} for the last time {day}",
        main="it says goodbye to {where} after {day}",
        having="its last day on {where} {day}",
    ),
    "leaving later": Phrases(
        plain="it stays on {where} only until {day}",
        does="leaves {where} after {day}",
        that="is on {where} until {day} and no longer",
        opens="only until {day} on {where} | on {where} until {day} only",
        notes="on {where} just until {day}",
        main="it says goodbye to {where} after {day}",
        having="time until {day} to see it on {where}",
    ),
    "seasons last": Phrases(
        plain="{day} is the last day of {seasons} on {where}",
        does="loses {seasons} on {where} after {day}",
        that="has {seasons} on {where} until {day} and no longer",
        opens="last day of {seasons} on {where} {day}",
        notes="{seasons} on {where} for the last time {day}",
        main="it says goodbye to {seasons} on {where} after {day}",
        having="{seasons} gone from {where} after {day}",
    ),
    "seasons later": Phrases(
        plain="{seasons} {stay} on {where} only until {day}",
        does="loses {seasons} on {where} after {day}",
        that="has {seasons} on {where} until {day} and no longer",
        opens="{seasons} only until {day} on {where}",
        notes="{seasons} on {where} just until {day}",
        main="it says goodbye to {seasons} on {where} after {day}",
        having="{seasons} gone from {where} after {day}",
    ),
    "critics": Phrases(
        plain="critics give it {score} of 100 | critics rate it {score} of 100",
        does="has {score} of 100 from the critics | gets {score} of 100 from the critics",
        that="scores {score} of 100 with critics",
        opens="{score} of 100 from critics",
        notes="{score} of 100 from critics | rated {score} of 100 by critics",
        main="it stands at {score} of 100 with the critics",
        having="a critics' score of {score} of 100 | {score} of 100 on the critics' scale",
    ),
    "audience": Phrases(
        plain="viewers give it {score} of 10 | viewers rate it {score} of 10",
        does="has {score} of 10 from its viewers | gets {score} of 10 from its viewers",
        that="scores {score} of 10 with viewers",
        opens="{score} of 10 from viewers",
        notes="{score} of 10 from viewers | rated {score} of 10 by viewers",
        main="it stands at {score} of 10 with its viewers",
        having="a viewers' score of {score} of 10 | {score} of 10 on the viewers' scale",
    ),
    "time film": Phrases(
        plain="at {minutes} it fits your {of} | it fits your {of} at {minutes}",
        does="takes {minutes} of your {of} | asks for {minutes} of your {of}",
        that="fits into your {of} at {minutes} | needs {minutes} of your {of}",
        opens="{minutes} for your {of} | for your {of}, one of {minutes}",
        notes="{minutes} for your {of} | {minutes} out of your {of}",
        main="it runs {minutes}, within your {of}",
        having="a length of {minutes} for your {of} | {minutes} to fit your {of}",
    ),
    "time episode": Phrases(
        plain="an episode of {minutes} fits your {of} | your {of} will do for {minutes} of it",
        does="fits your {of} with an episode of {minutes}",
        that="has episodes of {minutes}, one for your {of}",
        opens="one episode of {minutes} for your {of} | for your {of}, an episode of {minutes}",
        notes="one episode of {minutes} for your {of} | an episode in {minutes} of your {of}",
        main="your {of} will do for an episode of {minutes}",
        having="an episode of {minutes} for your {of}",
    ),
    "time episodes": Phrases(
        plain="{episodes} episodes of {minutes} fit your {of}"
        " | your {of} will do for {episodes} episodes of {minutes}",
        does="fits your {of} with {episodes} episodes of {minutes}"
        " | gives you {episodes} episodes of {minutes} in your {of}",
        that="has episodes of {minutes}, {episodes} of them for your {of}",
        opens="{episodes} episodes of {minutes} for your {of}"
        " | for your {of}, {episodes} episodes of {minutes}",
        notes="{episodes} episodes of {minutes} for your {of}",
        main="you can see {episodes} episodes of {minutes} in your {of}",
        having="{episodes} episodes of {minutes} to your {of} | room for {episodes} episodes of"
        " {minutes} in your {of}",
    ),
    "new": Phrases(
        plain="it is from {year} | it is new, from {year}",
        does="came out in {year} | dates from {year}",
        that="is as recent as {year}",
        opens="something from {year}",
        notes="from {year} | new from {year}",
        main="its year is {year}",
        having="a release year of {year}",
    ),
    "company": Phrases(
        plain="it is a safe choice for {people}, with {votes} ratings"
        " | {votes} viewers have rated it, so it is safe for {people}",
        does="is a safe pick for {people}, going by {votes} ratings"
        " | is easy to agree on for {people}, at {votes} ratings",
        that="should suit {people}, to go by {votes} ratings",
        opens="for the {people} of you, with {votes} ratings behind it"
        " | a safe bet for {people}, with {votes} ratings behind it",
        notes="{votes} ratings to convince {people}",
        main="it should please all {people}, judging by {votes} ratings",
        having="{votes} ratings to reassure the {people} of you",
    ),
}

OPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    (kind, form.name): tuple(getattr(phrases, form.name).split(" | "))
    for kind, phrases in PHRASES.items()
    for form in fields(Phrases)
}
"""Wordings by kind of fact and form."""
