/** What a plan comes to, in the page's language. The sums are the API's. */

import { count, duration, longDay, shortDay } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { ranges } from '#lib/title/where.ts';
import { weekdays } from './calendar.ts';
import type { Loss, Plan, Way } from './planning.svelte.ts';

/** The whole of it in a sentence; the API's own is English. */
export function sentenceOf(plan: Plan, today: string): string {
	if (getLocale() === 'en') return plan.sentence;
	if (!plan.planned) return m.binge_nothing();
	if (plan.fits && plan.finishesOn) return m.binge_fits({ count: plan.planned, day: longDay(plan.finishesOn, today) });
	return plan.until ? m.binge_misses({ day: longDay(plan.until, today) }) : m.binge_misses_some();
}

/** "60 min a day", or each weekday by name. */
export function weekOf(minutes: readonly number[]): string {
	if (minutes.every((each) => each === minutes[0])) return m.binge_a_day({ time: duration(minutes[0] ?? 0) });
	const names = weekdays(getLocale(), 'short');
	return minutes.map((each, i) => `${names[i]} ${count(each)}`).join(', ');
}

export function lossOf(loss: Loss): string {
	const season = loss.season === 0 ? m.title_specials() : m.title_season({ number: loss.season });
	const what = { season, count: loss.episodes };
	if (loss.trouble === 'TOO_LITTLE_TIME') return m.binge_lost_time(what);
	if (loss.trouble === 'LEAVES_EARLIER') {
		return loss.until ? m.binge_lost_leaves_on({ ...what, day: shortDay(loss.until) }) : m.binge_lost_leaves(what);
	}
	if (loss.trouble === 'TOO_LONG_AN_EPISODE') return m.binge_lost_long(what);
	if (loss.trouble === 'NOT_AVAILABLE') return m.binge_lost_nowhere(what);
	return m.binge_lost_airs(what);
}

/** What a change does, as something to tap. */
export function wayOf(way: Way): string {
	const day = shortDay(way.finishesOn);
	const week = way.minutesByWeekday && weekOf(way.minutesByWeekday);
	if (way.change === 'SKIP_FILLER') return m.binge_way_filler({ day });
	if (way.change === 'MORE_MINUTES' && week) return m.binge_way_minutes({ week, day });
	if (way.change === 'FEWER_SEASONS' && way.seasons) return m.binge_way_seasons({ count: way.seasons.length, seasons: ranges(way.seasons), day });
	if (way.change === 'LEAVING_FIRST' && way.firstSeason !== null) return m.binge_way_first({ season: way.firstSeason });
	return m.binge_way_days({ day });
}
