/** What is said of a leaving title. */

import { count, duration } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { runs } from './days.ts';

/** "1994 · 2 h 22 min"; a series' minutes are those of an episode, and stay out. */
export function facts(title: { year: number | null; kind: string; runtimeMin: number | null }): string {
	const length = title.kind === 'FILM' && title.runtimeMin ? duration(title.runtimeMin) : null;
	return [title.year, length].filter(Boolean).join(' · ');
}

/** "Seasons 1–3, 5". */
export function seasonsSaid(numbers: readonly number[]): string {
	const seasons = runs(numbers)
		.map(([from, to]) => (from === to ? count(from) : `${count(from)}–${count(to)}`))
		.join(', ');
	return m.leaving_seasons({ count: numbers.length, seasons });
}

/** Each service once. */
export function services(offers: readonly { platform: { slug: string; name: string } }[]): string {
	return [...new Map(offers.map(({ platform }) => [platform.slug, platform.name])).values()].join(', ');
}
