/** What is said of an evening's answer: the ways out, and what made a title rank. */

import { duration } from '#lib/i18n/locale.svelte.ts';
import { moodName } from '#lib/i18n/words.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Way } from './loosen.ts';
import type { Degree } from './terms.ts';

/** What to do: on the button. The API's own sentence where a newer server has another way. */
export function wayName(way: Way & { suggestion: string }): string {
	switch (way.constraint) {
		case 'TIME':
			return way.timeMin === null ? m.tonight_way_time_open() : m.tonight_way_time({ time: duration(way.timeMin) });
		case 'MOOD':
			return way.mood === null ? m.tonight_way_mood_open() : m.tonight_way_mood({ mood: moodName(way.mood) });
		case 'PLATFORM':
			return m.tonight_way_platform({ name: way.platform?.name ?? '' });
		case 'COMPANY':
			return m.tonight_way_company({ count: way.groupSize ?? 1 });
		case 'AVOIDED_GENRE':
			return m.tonight_way_avoided();
		case 'WATCHED':
			return m.tonight_way_watched();
		case 'EXCLUDED':
			return m.tonight_way_excluded();
		default:
			return way.suggestion;
	}
}

/** What was done. */
export function wayTaken(way: Way): string {
	switch (way.constraint) {
		case 'TIME':
			return way.timeMin === null ? m.tonight_now_time_open() : m.tonight_now_time({ time: duration(way.timeMin) });
		case 'MOOD':
			return way.mood === null ? m.tonight_now_mood_open() : m.tonight_now_mood({ mood: moodName(way.mood) });
		case 'PLATFORM':
			return m.tonight_now_platform({ name: way.platform?.name ?? '' });
		case 'COMPANY':
			return m.tonight_now_company({ count: way.groupSize ?? 1 });
		case 'AVOIDED_GENRE':
			return m.tonight_now_avoided();
		case 'WATCHED':
			return m.tonight_now_watched();
		default:
			return m.tonight_now_excluded();
	}
}

const TERMS: Record<string, { name: () => string; text: () => string }> = {
	mood: { name: m.tonight_term_mood, text: m.tonight_term_mood_text },
	quality: { name: m.tonight_term_quality, text: m.tonight_term_quality_text },
	history: { name: m.tonight_term_history, text: m.tonight_term_history_text },
	watchlist: { name: m.tonight_term_watchlist, text: m.tonight_term_watchlist_text },
	leaving: { name: m.tonight_term_leaving, text: m.tonight_term_leaving_text },
	recency: { name: m.tonight_term_recency, text: m.tonight_term_recency_text },
	time: { name: m.tonight_term_time, text: m.tonight_term_time_text },
	broad: { name: m.tonight_term_broad, text: m.tonight_term_broad_text }
};
const DEGREES: Record<Degree, () => string> = {
	much: m.tonight_degree_much, some: m.tonight_degree_some, little: m.tonight_degree_little, none: m.tonight_degree_none
};

export const termName = (name: string) => TERMS[name]?.name() ?? name;
export const termText = (name: string) => TERMS[name]?.text() ?? '';
export const degreeName = (degree: Degree) => DEGREES[degree]();
