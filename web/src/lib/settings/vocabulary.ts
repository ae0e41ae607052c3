/** The API's words that one can choose, in the page's language. */

import { genreName, moodName } from '#lib/i18n/words.ts';
import type { Me } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';

type Profile = NonNullable<Me['profile']>;
export type Mood = Profile['moodPreferences'][number];
export type Genre = Profile['avoidedGenres'][number];
export type Maturity = Profile['maturityCeiling'];

const MOODS: readonly Mood[] = [
	'COZY', 'FUNNY', 'EASY', 'UPLIFTING', 'ROMANTIC', 'NOSTALGIC', 'THOUGHTFUL',
	'EPIC', 'THRILLING', 'TENSE', 'MIND_BENDING', 'DARK', 'SCARY', 'HEARTBREAKING'
];
const GENRES: readonly Genre[] = [
	'ACTION', 'ANIMATION', 'COMEDY', 'CRIME', 'DOCUMENTARY', 'DRAMA', 'EUROPEAN', 'FAMILY', 'FANTASY', 'HISTORY',
	'HORROR', 'MUSIC', 'REALITY', 'ROMANCE', 'SCIENCE_FICTION', 'SPORT', 'THRILLER', 'WAR', 'WESTERN'
];
const CEILINGS: Record<Maturity, () => string> = {
	EVERYONE: m.profiles_ceiling_everyone,
	OLDER_KIDS: m.profiles_ceiling_older_kids,
	TEENS: m.profiles_ceiling_teens,
	MATURE: m.profiles_ceiling_mature,
	ADULTS: m.profiles_ceiling_adults
};

/** Moods, from the mildest to the heaviest. */
export const moods = () => MOODS.map((value) => ({ value, label: moodName(value) }));

/** Genres, by name. */
export const genres = () =>
	GENRES.map((value) => ({ value, label: genreName(value) })).sort((a, b) => a.label.localeCompare(b.label));

/** What a profile is shown at most, from the youngest. */
export const ceilings = () =>
	(Object.keys(CEILINGS) as Maturity[]).map((value) => ({ value, label: CEILINGS[value]() }));

export const ceilingName = (maturity: Maturity) => CEILINGS[maturity]();
