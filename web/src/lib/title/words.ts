/** What the API says about offers and titles, in the page's language. */

import { numbers } from '#lib/i18n/formats.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { m } from '#lib/paraglide/messages.js';
import { surenessOf } from './where.ts';

type Words = Record<string, () => string>;

const MONETIZATIONS: Words = {
	SUBSCRIPTION: m.title_included, ADS: m.title_ads, FREE: m.title_free, RENT: m.title_rent,
	BUY: m.title_buy, CINEMA: m.title_cinema
};
const QUALITIES: Words = { SD: () => 'SD', HD: () => 'HD', UHD_4K: () => '4K', UNKNOWN: () => '' };
const MATURITIES: Words = {
	EVERYONE: m.title_everyone, OLDER_KIDS: m.title_older_kids, TEENS: m.title_teens,
	MATURE: m.title_mature, ADULTS: m.title_adults
};
const CHANGES: Words = {
	ADDED: m.title_change_added, LEAVING: m.title_change_leaving, DATE_MOVED: m.title_change_moved,
	RENEWED: m.title_change_renewed, REMOVED: m.title_change_removed, CHANGED: m.title_change_changed,
	COUNTDOWN: m.title_change_countdown
};
const ROLES: Words = { DIRECTOR: m.title_director, CREATOR: m.title_creator, ACTOR: m.title_actor };
const FILLERS: Words = {
	CANON: m.title_canon, MIXED: m.title_mixed, FILLER: m.title_filler, UNKNOWN: m.title_unknown
};
const SURENESS: Words = { sure: m.title_sure, likely: m.title_likely, unsure: m.title_unsure };
const SOURCES: Record<string, string> = { justwatch: 'JustWatch', tmdb: 'TMDB', trakt: 'Trakt', mal: 'MyAnimeList' };

const said = (words: Words, word: string) => words[word]?.() ?? word.toLowerCase().replaceAll('_', ' ');

export const monetizationName = (word: string) => said(MONETIZATIONS, word);
export const qualityName = (word: string) => said(QUALITIES, word);
export const maturityName = (word: string) => said(MATURITIES, word);
export const changeName = (word: string) => said(CHANGES, word);
export const roleName = (word: string) => said(ROLES, word);
export const fillerName = (word: string) => said(FILLERS, word);
export const sureName = (confidence: number) => said(SURENESS, surenessOf(confidence));

/** Whose word it is: `simulator/justwatch` is a stand-in, `demo` is made up. */
export function sourceName(source: string): string {
	if (source === 'demo') return m.title_source_demo();
	if (source === 'votes') return m.title_source_votes();
	if (source === 'you') return m.title_source_you();
	const name = (key: string) => SOURCES[key] ?? key;
	if (source.startsWith('simulator/')) return m.title_source_simulator({ name: name(source.slice(10)) });
	return name(source.replace(/^(sync|webhook)\//, ''));
}

/** "8.4". */
export function score(value: number): string {
	return numbers({ maximumFractionDigits: 1 }).format(value);
}

/** "Germany" of `DE`. */
export function countryName(code: string): string {
	try {
		return new Intl.DisplayNames([getLocale()], { type: 'region' }).of(code) ?? code;
	} catch {
		return code;
	}
}

/** A price, kept in its own order where the language is read from the right. */
export const apart = (text: string): string => `\u2066${text}\u2069`;
