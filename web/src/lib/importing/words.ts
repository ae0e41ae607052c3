/** What is said of an import and of its lines. */

import { count, longDay, moment, todayIn } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Batch, Counts, Line, Meant } from './documents.ts';
import type { Match } from './shown.ts';

export const MATCH_NAMES: Record<Match, () => string> = {
	MATCHED: m.importing_matched,
	AMBIGUOUS: m.importing_ambiguous,
	UNKNOWN: m.importing_unknown,
	SETTLED: m.importing_settled,
	SKIPPED: m.importing_skipped
};

export const countOf = (counts: Counts, match: Match): number =>
	({
		MATCHED: counts.matched,
		AMBIGUOUS: counts.ambiguous,
		UNKNOWN: counts.unknown,
		SETTLED: counts.settled,
		SKIPPED: counts.skipped
	})[match];

/** A number as messages take it: what decides on the form, and how it is written. */
export const many = (value: number) => ({ count: value, n: count(value) });

/** The match report in sentences: what isn't there isn't spoken of. */
export function report(counts: Counts): string {
	return [
		m.importing_report_lines(many(counts.lines)),
		counts.matched && m.importing_report_matched(many(counts.matched)),
		counts.settled && m.importing_report_settled(many(counts.settled)),
		counts.ambiguous && m.importing_report_ambiguous(many(counts.ambiguous)),
		counts.unknown && m.importing_report_unknown(many(counts.unknown)),
		counts.skipped && m.importing_report_skipped(many(counts.skipped))
	]
		.filter(Boolean)
		.join(' ');
}

/** "12 watched · 3 ratings · 1 wish". */
export function saying(counts: Counts): string {
	return [
		counts.watches && m.importing_watches(many(counts.watches)),
		counts.ratings && m.importing_ratings(many(counts.ratings)),
		counts.wishes && m.importing_wishes(many(counts.wishes)),
		counts.passed && m.importing_passed(many(counts.passed))
	]
		.filter(Boolean)
		.join(' · ');
}

/** How an import stands, in a sentence. */
export function standing(batch: Batch, zone: string): string {
	const { counts } = batch;
	if (batch.state === 'COMMITTED' && batch.committedAt)
		return counts.open
			? m.importing_state_partly({ written: count(counts.committed), open: count(counts.open) })
			: m.importing_state_written({ at: moment(batch.committedAt, zone) });
	if (batch.state === 'UNDONE' && batch.undoneAt) return m.importing_state_undone({ at: moment(batch.undoneAt, zone) });
	if (counts.committed) return m.importing_state_partly({ written: count(counts.committed), open: count(counts.open) });
	if (counts.ambiguous) return m.importing_state_asks(many(counts.ambiguous));
	return counts.open ? m.importing_state_ready() : m.importing_state_nothing();
}

/** "Season 2 Episode 5 · The Name": what of a series is meant. */
export function episodeSaid(season: number | null, episode: number | null, name: string | null): string {
	// Many are called what they are counted.
	if (name === `Episode ${episode}`) name = null;
	const place = [
		season !== null && m.importing_season({ number: season }),
		episode !== null && m.importing_episode({ number: episode })
	];
	return [place.filter(Boolean).join(' '), name].filter(Boolean).join(' · ');
}

/** What a line says, without its name: "Watched Saturday, 3 February 2024". */
export function told(line: Line, zone: string): string {
	const day = line.at ? longDay(line.dayOnly ? line.at.slice(0, 10) : todayIn(zone, new Date(line.at)), todayIn(zone)) : null;
	if (line.what === 'WATCH') return day ? m.importing_told_watch({ day }) : m.importing_told_watch_ever();
	if (line.what === 'RATING') return m.importing_told_rating({ score: line.score ?? 0 });
	return day ? m.importing_told_wish({ day }) : m.importing_told_wish_ever();
}

/** "The Jungle Book 1967, The Jungle Book 2016": what may be meant. */
export function choices(line: Line): string {
	const names = line.candidates.map(({ title }) => [title.name, title.year].filter(Boolean).join(' '));
	return new Intl.ListFormat(document.documentElement.lang, { type: 'disjunction' }).format(names);
}

/** "2014 · Film". */
export function facts(title: { year: number | null; kind: Meant['kind'] | null }): string {
	return [title.year, title.kind && kindName(title.kind)].filter(Boolean).join(' · ');
}

const kindName = (kind: Meant['kind']) => (kind === 'FILM' ? m.importing_film() : m.importing_series());
