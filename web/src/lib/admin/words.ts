/** The API's words about runs, jobs and the model, in the page's language. */

import { numbers } from '#lib/i18n/formats.ts';
import { count, duration } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Run } from './documents.ts';

const STATES: Record<string, () => string> = {
	PLANNED: m.admin_state_planned, ASKING: m.admin_state_asking, LOOKING_AGAIN: m.admin_state_looking_again,
	REMOVING: m.admin_state_removing, HELD: m.admin_state_held, DONE: m.admin_state_done, FAILED: m.admin_state_failed
};

const KINDS: Record<string, () => string> = {
	sync: m.admin_kind_sync, enrich: m.admin_kind_enrich, lines: m.admin_kind_lines, trakt_import: m.admin_kind_trakt_import
};

const REASONS: Record<string, () => string> = {
	not_json: m.admin_reason_not_json, empty: m.admin_reason_empty, too_long: m.admin_reason_too_long,
	not_a_sentence: m.admin_reason_not_a_sentence, markup: m.admin_reason_markup, url: m.admin_reason_url,
	placeholder: m.admin_reason_placeholder, number: m.admin_reason_number, date: m.admin_reason_date,
	name: m.admin_reason_name, word: m.admin_reason_word, claim: m.admin_reason_claim,
	spoiler: m.admin_reason_spoiler, others: m.admin_reason_others, language: m.admin_reason_language
};

/** A word that a newer server says and this page doesn't know yet is shown as it is. */
function said(words: Record<string, () => string>, word: string): string {
	return words[word]?.() ?? word.toLowerCase().replaceAll('_', ' ');
}

export const stateName = (state: string) => said(STATES, state);
export const kindName = (kind: string) => said(KINDS, kind);
export const reasonName = (reason: string) => said(REASONS, reason);

/** What a run did to offers. */
export function changesOf({ added, updated, removed }: Pick<Run, 'added' | 'updated' | 'removed'>): string {
	if (!added && !updated && !removed) return m.admin_same();
	return m.admin_changes({ added: count(added), updated: count(updated), removed: count(removed) });
}

/** "45 sec", "3 min", "2 h 5 min". */
export function spent(seconds: number): string {
	if (seconds >= 60) return duration(Math.round(seconds / 60));
	const style = { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 0 } as const;
	return numbers(style).format(Math.max(1, seconds));
}

/** "about 3 min left". */
export function leftOf(milliseconds: number): string {
	if (milliseconds < 60_000) return m.admin_left_moment();
	return m.admin_left({ time: duration(Math.ceil(milliseconds / 60_000)) });
}

/** "82%". */
export function percent(share: number): string {
	return numbers({ style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** "12", "more than 1,000". */
export function counted(found: { count: number; more: boolean }): string {
	return found.more ? m.admin_over({ count: count(found.count) }) : count(found.count);
}

/** "and 4 more"; nothing where all are shown. */
export function others(found: { count: number; more: boolean; items: readonly unknown[] }): string | null {
	if (found.more) return m.admin_others_many();
	const left = found.count - found.items.length;
	return left > 0 ? m.admin_others({ count: left }) : null;
}
