/** The API's own words, in the page's language. */

import { m } from '#lib/paraglide/messages.js';

const MOODS: Record<string, () => string> = {
	COZY: m.mood_cozy, FUNNY: m.mood_funny, EASY: m.mood_easy, UPLIFTING: m.mood_uplifting,
	ROMANTIC: m.mood_romantic, NOSTALGIC: m.mood_nostalgic, THOUGHTFUL: m.mood_thoughtful,
	EPIC: m.mood_epic, THRILLING: m.mood_thrilling, TENSE: m.mood_tense,
	MIND_BENDING: m.mood_mind_bending, DARK: m.mood_dark, SCARY: m.mood_scary,
	HEARTBREAKING: m.mood_heartbreaking
};

const GENRES: Record<string, () => string> = {
	ACTION: m.genre_action, ANIMATION: m.genre_animation, COMEDY: m.genre_comedy,
	CRIME: m.genre_crime, DOCUMENTARY: m.genre_documentary, DRAMA: m.genre_drama,
	EUROPEAN: m.genre_european, FAMILY: m.genre_family, FANTASY: m.genre_fantasy,
	HISTORY: m.genre_history, HORROR: m.genre_horror, MUSIC: m.genre_music,
	REALITY: m.genre_reality, ROMANCE: m.genre_romance, SCIENCE_FICTION: m.genre_science_fiction,
	SPORT: m.genre_sport, THRILLER: m.genre_thriller, WAR: m.genre_war, WESTERN: m.genre_western
};

/** A word that a newer server says and this page doesn't know yet is shown as it is, but readable. */
function said(words: Record<string, () => string>, word: string): string {
	return words[word]?.() ?? word.toLowerCase().replaceAll('_', ' ');
}

export const moodName = (mood: string) => said(MOODS, mood);
export const genreName = (genre: string) => said(GENRES, genre);

/** Words that may run in another direction than the sentence they stand in. */
export const isolated = (words: string) =>
	String.fromCodePoint(0x2068) + words + String.fromCodePoint(0x2069);
