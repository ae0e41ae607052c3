/** The three colours of a poster, and the one of its words. */

/** Hue in OKLCH degrees for each genre; neighbours in mood are neighbours in hue. */
const HUES: Record<string, number> = {
	action: 30, adventure: 65, animation: 330, anime: 15, comedy: 85, crime: 265, documentary: 195,
	drama: 245, family: 110, fantasy: 300, history: 75, horror: 20, music: 345, mystery: 285,
	reality: 100, romance: 5, 'science-fiction': 215, 'sci-fi': 215, scifi: 215, sport: 145,
	thriller: 235, war: 125, western: 50
};

export interface Colours {
	ground: string;
	deep: string;
	mid: string;
	light: string;
	words: string;
}

/** Hash of an id, for whatever has to vary from title to title (FNV-1a, 32 bits). */
export function seedOf(id: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < id.length; i++) {
		hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
	}
	return hash >>> 0;
}

/** The colours for a title. Grounds are dark, so that words on them have 7:1 and more. */
export function colours(genres: readonly string[], seed: number): Colours {
	const first = genres.find((each) => each in HUES);
	const second = genres.find((each) => each in HUES && each !== first);
	const hue = (first ? HUES[first] : 60) + ((seed >>> 3) % 17) - 8;
	const other = second ? HUES[second] : hue + 140;
	const chroma = 0.045 + ((seed >>> 9) % 5) * 0.008;
	return {
		ground: `oklch(0.27 ${chroma} ${hue})`,
		deep: `oklch(0.2 ${chroma} ${hue})`,
		mid: `oklch(0.5 ${chroma + 0.06} ${hue})`,
		light: `oklch(0.84 0.12 ${other})`,
		words: 'oklch(0.97 0.012 80)'
	};
}
