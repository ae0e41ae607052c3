"""The words that speak for a mood, in keywords and in synopses: data, explained in docs/moods.md.

A sign is a word or a phrase; its last word also counts in its other forms ("haunt" finds haunted,
haunting, haunts), which `mood_signs.py` spells out when it is imported. A strong sign is enough
for a mood, a mild one needs company. The lists are English, and so is what they can read.
"""

from typing import NamedTuple


class Signs(NamedTuple):
    """One mood's words, separated by commas and line ends."""

    strong: str
    mild: str


SIGNS: dict[str, Signs] = {
    "cozy": Signs(
        """cozy, cosy, heartwarming, bake, bakery, christmas, santa, talking animal, gentle,
        teddy bear, bedtime story, cottage, kitten, puppy, countryside""",
        """animal, dog, cat, pet, bunny, farm, grandma, grandmother, grandpa, toy, fairy tale, pony,
        tea, cooking, recipe, village, bookshop, kindness, penguin, preschool, garden, nanny, inn,
        friendship, bear, charming, holiday season, small town doctor, vet, kind hearted, polite""",
    ),
    "funny": Signs(
        """comedian, comedienne, hilarious, hilariously, hilarity, sitcom, slapstick, spoof, parody,
        stand up comedy, standup, comedy, laugh, laughter, humor, humour, humorous, sketch show,
        dark comedy, black comedy, mockumentary, prank, screwball, farce, jokes, comic genius""",
        """awkward, misadventure, antics, hijinks, zany, quirky, bumbling, mistaken identity, wacky,
        outrageous, silly, mayhem, clumsy, raunchy, improv, irreverent, witty, inept, mishap,
        satire, satirical, hapless, buddy, absurd, sarcastic, bachelor party, funny, misfit,
        goofy""",
    ),
    "tense": Signs(
        """suspense, suspenseful, hostage, hitman, assassin, assassinate, conspiracy, manhunt,
        ransom, stalk, kidnap, kidnapped, kidnapping, blackmail, espionage, bomb,
        psychological thriller, race against time, standoff, whistleblower, thriller, submarine""",
        """investigate, investigation, murder, detective, fbi, cia, terrorist, trapped, spy,
        survive, threat, threaten, danger, dangerous, deadly, suspect, fugitive, on the run,
        betrayal, mole, prison escape, disappearance, paranoia, undercover, robbery, sinister,
        deception, witness, cold war, surveillance, survival, terrorism, stranded, hunted, intruder,
        captive, heist""",
    ),
    "dark": Signs(
        """serial killer, gore, torture, neo noir, film noir, rape, sadism, sadistic, psychopath,
        dystopia, dystopian, brutal, brutality, cannibal, massacre, genocide, gruesome, grisly,
        depraved, human trafficking, mass murder, child abuse, slaughter, crime boss, nihilism,
        extreme violence, post apocalyptic, drug cartel, hate crime, concentration camp, bleak""",
        """murder, murderous, kill, killer, revenge, vengeance, corrupt, corruption, mafia,
        gangster, cartel, drug dealer, drug, suicide, prison, seedy, violent, violence, ruthless,
        underworld, evil, sinister, assassin, blood, bloody, slavery, nazi, apocalypse, obsession,
        drug addiction, addict, insanity, psychotic, death row, abuse, mob, hitman, cult, noir,
        anti hero, mental illness, vigilante, zombie, prostitution, prostitute""",
    ),
    "thoughtful": Signs(
        """philosophy, philosophical, philosopher, documentary, existential, existentialism,
        intimate, social commentary, meaning of life, civil rights, ecology, wildlife,
        natural world, nature, human condition, human rights, activism, biography, climate change,
        meditation, artificial intelligence, journalism, courtroom""",
        """explore, examine, society, historian, politics, political, interview, culture, cultural,
        identity, faith, religion, religious, poet, poetry, scientist, racism, justice, reflect,
        true story, based on true story, immigrant, psychology, poverty, species, literature,
        archive, isolation, loneliness, morality, moral, midlife crisis, aging, chronicle, jury,
        education, journalist, writer, artist, court case, historical figure, social, mental""",
    ),
    "uplifting": Signs(
        """inspirational, uplifting, heartwarming, underdog, triumph, triumphant, optimism,
        feel good, against all odds, second chance, perseverance, redemption, optimistic, joy,
        joyful, joyous, unlikely friendship, follow their dream, inspire, hopeful, kindness""",
        """friendship, dream, coach, dance, champion, championship, courage, miracle, mentor,
        overcome, heal, compassion, talent, musical, singing, singer, faith, teacher, generosity,
        celebrate, celebration, hope, self discovery, win, success, human spirit, adoption,
        rehabilitation, beloved, loyalty, delight""",
    ),
    "romantic": Signs(
        """romance, romantic, love story, in love, true love, love triangle, love affair,
        forbidden love, first love, new love, secret love, love at first sight, soulmate, soul mate,
        sweetheart, star crossed, matchmaker, love of one s life, love of his life,
        love of her life, lovesickness, courtship, romcom""",
        """love, boyfriend, girlfriend, marriage, marry, dating, crush, flirt, seduction, affair,
        fiancé, fiancée, fiance, fiancee, proposal, honeymoon, valentine, wedding, bride, kiss,
        attraction, suitor, passionate, heartthrob, blind date, bachelorette, bachelor, newlywed""",
    ),
    "thrilling": Signs(
        """heist, car chase, martial arts, superhero, shootout, gunfight, secret agent, fast paced,
        adrenaline, car race, street race, high stakes, high octane, treasure hunt, kung fu,
        swordplay, super powers, bounty hunter, mercenary, daredevil, swashbuckler, jailbreak,
        swashbuckling, explosion, chase, race against time, stunt""",
        """mission, fight, escape, rescue, race, showdown, adventure, spy, villain, combat, warrior,
        pirate, treasure, alien invasion, vigilante, assassin, explosive, samurai, ninja, robbery,
        dinosaur, shark, extreme, sniper, dragon, save the world, saving the world, marvel comic,
        dc comics, action, commando, outlaw, gunslinger, duel, battle, hunter, cyborg, hostage""",
    ),
    "scary": Signs(
        """haunted house, slasher, zombie, demon, demonic, possession, exorcism, exorcist,
        terrifying, terrorize, horror, nightmare, paranormal, undead, found footage, poltergeist,
        creepy, evil spirit, bloodthirsty, evil doll, ghost story, flesh eating, body horror,
        supernatural horror, masked killer, evil force""",
        """serial killer, ghost, monster, vampire, werewolf, witch, curse, supernatural, evil,
        occult, satan, haunt, satanic, sinister, creature, killer, terror, blood, asylum, séance,
        cannibal, eerie, devil, parasite, halloween, shark, psychopath, scream, spirit, torture,
        gore, fear""",
    ),
    "nostalgic": Signs(
        """nostalgia, nostalgic, 1950s, 1960s, 1970s, 1980s, 1990s, 50s, 60s, 70s, 80s, 90s, retro,
        childhood memory, golden age, vaudeville, reminisce, looks back, look back, class reunion,
        summer camp, old times, good old days""",
        """memories, remember, classic, reunion, childhood, reunite, growing up, old friend,
        vintage, jukebox, disco, vhs, arcade, schoolmate, boyhood, girlhood, youth, hometown, elvis,
        becoming an adult, coming of age, childhood friend, puberty, flashback, old flame,
        rock n roll""",
    ),
    "mind-bending": Signs(
        """time travel, time loop, time machine, dream world, surreal, surrealism,
        parallel universe, alternate reality, multiverse, simulated reality, virtual reality,
        subconscious, amnesia, mind bending, hallucination, split personality, multiple personality,
        nonlinear timeline, plot twist, quantum, black hole, wormhole, unreliable narrator, clone,
        telepathy, paradox, doppelganger, lucid dream, alternate dimension, parallel world,
        memory loss, twist, alternate timeline, other dimension, nature of reality""",
        """dream, artificial intelligence, android, dimension, experiment, psychedelic, cyberpunk,
        insanity, strange, bizarre, puzzle, cyborg, hypnosis, dystopia, consciousness, premonition,
        vision, alternate, memory, illusion, mysterious, robot, alien, cryptic, deja vu,
        mutation""",
    ),
    "epic": Signs(
        """epic, saga, ancient rome, ancient greece, sword and sorcery, middle earth, space opera,
        medieval, gladiator, conquest, empire, crusade, dynasty, mythology, emperor, good vs evil,
        roman empire, viking, chosen one, world war ii, d day, prophecy, battle of, middle ages,
        seven kingdoms, greek myth, high fantasy, civil war""",
        """battle, army, dragon, kingdom, king, queen, legend, warrior, sword, soldier, rebellion,
        revolution, war, world war, historical figure, galaxy, civilization, fleet, siege, knight,
        throne, wizard, destiny, ancient, invasion, myth, god, tribe, odyssey, space war, prince,
        quest, realm, samurai, lord, heir, colony, rebel, navy, mankind, humanity, elves""",
    ),
    "heartbreaking": Signs(
        """heartbreak, tragedy, tragic, terminal illness, terminally ill, cancer, grief, grieve,
        loss of father, loss of mother, loss of son, loss of child, loss of, loss of family,
        loss of brother, loss of daughter, loss of husband, loss of wife, mourn, death of a friend,
        dying, tearjerker, holocaust, alzheimer, leukemia, dementia, hospice, miscarriage, suicide,
        tragically, concentration camp, loss of sister""",
        """loss, widow, orphan, illness, funeral, depression, lost love, divorce, sacrifice,
        abandoned, estranged, farewell, sorrow, alcoholism, drug addiction, guilt, genocide, regret,
        dying and death, trauma, poverty, slavery, coma, loneliness, forbidden love, accident,
        fatal""",
    ),
    "easy": Signs(
        """sitcom, reality show, reality tv, game show, talk show, cooking competition,
        lighthearted, light hearted, makeover, dating show, variety show, home renovation, cartoon,
        beach party, bake, preschool, sketch comedy, buddy comedy, sing along, romantic comedy,
        quiz show""",
        """vacation, shopping, fashion, celebrity, contest, contestant, competition, cooking, chef,
        holiday, slapstick, spoof, pet, cheerleader, roommate, wacky, silly, recipe, puppy,
        stand up comedy, prank, decorate, hilarious, party, fun, summer, teenager, food, antics""",
    ),
}  # fmt: skip
