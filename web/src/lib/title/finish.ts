/** Whether there is time for the rest of a title, in the page's language. */

import { longDay } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { ranges } from './where.ts';

interface Finish {
	canFinish: boolean;
	startBy: string | null;
	leavesOn: string;
	losesSeasons: readonly number[];
	sentence: string;
}

/** What to do: the API's own sentence says most, in English. */
export function finishSaid(finish: Finish, kind: 'FILM' | 'SERIES', today: string): string {
	if (getLocale() === 'en') return finish.sentence;
	const last = longDay(finish.leavesOn, today);
	if (kind === 'FILM') return m.title_finish_film({ day: last });
	if (finish.canFinish) return m.title_finish_yes({ day: longDay(finish.startBy ?? today, today) });
	if (!finish.losesSeasons.length) return m.title_finish_no({ day: last });
	const seasons = { count: finish.losesSeasons.length, seasons: ranges(finish.losesSeasons) };
	return m.title_finish_loses({ ...seasons, day: last });
}
