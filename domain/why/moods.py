"""The words that say each mood: data. A word may say more than one."""

from collections.abc import Mapping

MOODS: Mapping[str, str] = {
    "cozy": """cozy cosy cozily cosily coziness cosiness warm warmth warming warmly heartwarming
        heart-warming gentle gently gentleness snug snugly comforting comfort comforts comfortable
        soft softly soothing soothes homely kind-hearted kindly kindness tender tenderness charming
        charm charms sweet sweetly mellow unhurried quiet quietly calm calming blanket blankets sofa
        fireside fire snuggle curl cuddle hug restful relaxing peaceful feel-good good-natured
        soul heartfelt""",
    "funny": """funny funnier funnily fun laugh laughs laughing laughter laugh-out-loud hilarious
        hilariously hilarity comic comical comedic comedy witty wit humour humor humorous playful
        playfully silly cheeky giggle giggles chuckle chuckles grin grins smile smiles smiling
        amusing amuses amuse amusement joke jokes sharp sharply quick-witted droll wry wryly dry
        lighthearted light-hearted punchlines gags mischievous daft absurd deadpan light""",
    "tense": """tense tensely tension tensions taut suspense suspenseful gripping gripped grip grips
        nerve nerves nervy nerve-racking nerve-wracking nail-biting nail-biter edge-of-your-seat
        edge seat uneasy unease tight tightly wound simmering simmers slow-burning
        slow-burn slow-burner pressure breathless breath knife-edge anxious anxiety anticipation
        sharp sharply unsettling charged quiet quietly intense intensity riveting tightening
        tightens
        tautly heart-stopping""",
    "dark": """dark darkly darkness darker bleak bleakly grim grimly gritty brooding broods shadowy
        shadows shadow noir sinister murky moody unsettling bitter stark starkly raw harsh
        disturbing ominous black intense intensity unflinching slow-burning slow-burn uneasy edge
        sombre somber grit""",
    "thoughtful": """thoughtful thoughtfully thoughtfulness thought thoughts think thinking
        thought-provoking reflective reflection contemplative meditative intelligent intelligently
        intelligence clever cleverly smart nuanced nuance quiet quietly unhurried patient patiently
        considered ideas idea questions curious curiosity insightful insight insights lingering
        lingers linger provoking measured intimate perceptive mind depth deep slow-burning
        slow-burn food ponder reflect observant sharp""",
    "uplifting": """uplifting uplift uplifts inspiring inspire inspires inspiration inspirational
        hopeful hopefully hope hopes joyful joyous joy bright brightly brightens cheerful cheering
        cheer feel-good feelgood spirits spirit lift lifts lifting buoyant sunny encouraging
        heartening optimistic optimism heartwarming heart-warming warm warmth rousing triumphant
        glow smile smiling life-affirming heartfelt positive positivity mood-lifting""",
    "romantic": """romantic romantically romance romances love loving lovingly love-story tender
        tenderly tenderness passionate passion swoon swooning swoony swoonworthy chemistry longing
        yearning heart hearts date flirtatious sweet sweetly dreamy intimate intimacy affection
        affectionate kiss sparks spark butterflies warm warmth charming heartfelt""",
    "thrilling": """thrilling thrillingly thrills thrill thrill-ride exciting excitement excites
        fast fast-paced fast-moving adrenaline pulse pulse-pounding pulse-racing pulse-quickening
        breathless breathlessly breakneck rush heart-pounding heart-racing action-packed gripping
        gripped grip grips electrifying explosive energetic energy propulsive ride wild racing
        edge-of-your-seat edge seat kinetic high-stakes relentless high-energy action pacy momentum
        riveting high-octane intense fun""",
    "scary": """scary scarily scare scares scared frightening fright frights creepy creepily
        creeping creeps eerie eerily chilling chillingly chill chills spooky terrifying terror
        terrors dread dreadful shivers shiver spine spine-tingling spine-chilling haunting haunts
        haunted unsettling nightmarish nightmares goosebumps uneasy unease sinister menacing menace
        fear fears fearsome horror lights hair-raising jump-scares jumpy""",
    "nostalgic": """nostalgic nostalgically nostalgia memories memory old-fashioned retro classic
        classics vintage throwback throwbacks wistful wistfully bygone yesteryear fond fondly
        reminisce timeless old remember remembered good-old warm warmth rewatch past childhood
        evocative""",
    "mind-bending": """mind-bending mind-bender mind minds mind-blowing surreal surreally strange
        strangely bizarre trippy puzzling puzzle puzzles dizzying disorienting dreamlike
        reality-bending brain brain-teasing brain-teaser head-spinning head labyrinthine inventive
        weird weirdly perplexing uncanny bending bend bends enigmatic mysterious thought-provoking
        think thinking clever cleverly guessing baffling ideas""",
    "epic": """epic epically epics sweeping sweep grand grandly grandeur vast scale sprawling
        majestic monumental mighty towering spectacle spectacular heroic legendary saga ambitious
        ambition colossal large-scale larger-than-life scope adventure canvas""",
    "heartbreaking": """heartbreaking heartbreakingly heartbreak heart-rending heartrending moving
        movingly moved poignant poignantly tearful tears tear tear-jerking tearjerker tear-jerker
        cry crying weep sad sadly sadness sorrow sorrowful bittersweet aching ache achingly
        devastating devastatingly emotional emotionally emotion emotions melancholy melancholic
        touching wrenching gut-wrenching tissues handkerchief heart hearts raw tender
        heartfelt""",
    "easy": """easy easily easygoing easy-going easy-watching light lightly lightness lighthearted
        light-hearted breezy breezily undemanding effortless effortlessly relaxed relaxing relax
        casual casually fun carefree unwind unwinding winding simple cheerful laid-back low-key
        gentle gently comfortable pleasant pleasantly feel-good soothing kick""",
}  # fmt: skip
"""Words by mood. Nothing here says how good a title is, or what happens in it."""
