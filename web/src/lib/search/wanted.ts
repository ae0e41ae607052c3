/** What is searched for, and how it stands in the address: a search can be sent to somebody. */

import { MOODS, type Mood } from '#lib/tonight/question.ts';

export const GENRES = [
	'ACTION', 'ANIMATION', 'COMEDY', 'CRIME', 'DOCUMENTARY', 'DRAMA', 'EUROPEAN', 'FAMILY', 'FANTASY',
	'HISTORY', 'HORROR', 'MUSIC', 'REALITY', 'ROMANCE', 'SCIENCE_FICTION', 'SPORT', 'THRILLER', 'WAR',
	'WESTERN'
] as const;
export type Genre = (typeof GENRES)[number];

export const KINDS = ['FILM', 'SERIES'] as const;
export type Kind = (typeof KINDS)[number];

export const MINUTES = [30, 60, 90, 120, 180] as const;
export const FIRST_YEAR = 1874;
export const LAST_YEAR = 2100;
const MOST_MINUTES = 1_440;
const LONGEST = 200;

export interface Wanted {
	words: string;
	kind: Kind | null;
	genres: Genre[];
	moods: Mood[];
	from: number | null;
	to: number | null;
	minutes: number | null;
	/** Slugs. */
	services: string[];
}

/** The search that an address asks for; what can't be read of it is left out. */
export function wantedOf(parameters: Pick<URLSearchParams, 'get'>): Wanted {
	const kind = worded(parameters.get('kind'))[0];
	return {
		words: (parameters.get('q') ?? '').slice(0, LONGEST),
		kind: KINDS.find((each) => each === kind) ?? null,
		genres: among(GENRES, parameters.get('genre')),
		moods: among(MOODS, parameters.get('mood')),
		from: whole(parameters.get('from'), FIRST_YEAR, LAST_YEAR),
		to: whole(parameters.get('to'), FIRST_YEAR, LAST_YEAR),
		minutes: whole(parameters.get('minutes'), 1, MOST_MINUTES),
		services: [...new Set((parameters.get('on') ?? '').split(',').filter((slug) => /^[a-z0-9-]{1,80}$/.test(slug)))]
	};
}

/** The address of a search: what is left open isn't in it. */
export function addressOf(wanted: Wanted): string {
	const parameters = new URLSearchParams();
	const say = (name: string, value: string) => value && parameters.set(name, value);
	say('q', wanted.words.trim());
	say('kind', wanted.kind?.toLowerCase() ?? '');
	say('genre', wanted.genres.map(slugged).join(','));
	say('mood', wanted.moods.map(slugged).join(','));
	say('from', String(wanted.from ?? ''));
	say('to', String(wanted.to ?? ''));
	say('minutes', String(wanted.minutes ?? ''));
	say('on', wanted.services.join(','));
	const written = parameters.toString().replaceAll('%2C', ',');
	return written ? `?${written}` : '';
}

/** How many filters there are beside the words. */
export function filtersOf(wanted: Wanted): number {
	const single = [wanted.kind, wanted.from, wanted.to, wanted.minutes].filter((each) => each !== null);
	return single.length + wanted.genres.length + wanted.moods.length + wanted.services.length;
}

/** The same words without any filter. */
export function unfiltered(wanted: Wanted): Wanted {
	return { ...wantedOf(new URLSearchParams()), words: wanted.words };
}

/** With `value` where it was missing, without it where it was there; in the order of `all`. */
export function toggled<Value>(all: readonly Value[], chosen: readonly Value[], value: Value): Value[] {
	return all.filter((each) => chosen.includes(each) !== (each === value));
}

const slugged = (word: string) => word.toLowerCase().replaceAll('_', '-');
const worded = (told: string | null) => (told ?? '').toUpperCase().replaceAll('-', '_').split(',');

function among<Word extends string>(words: readonly Word[], told: string | null): Word[] {
	const chosen = worded(told);
	return words.filter((word) => chosen.includes(word));
}

function whole(told: string | null, least: number, most: number): number | null {
	const value = Number(told);
	return told && Number.isInteger(value) && value >= least && value <= most ? value : null;
}
