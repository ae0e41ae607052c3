/** What is wished for of a binge, and how it stands in the address: a plan can be sent to somebody. */

export const MOST_MINUTES = 1_440;
export const MOST_DAYS = 3_650;
export const MOST_SKIPPED = 15;
const MOST_SEASON = 500;

export interface Wish {
	/** Minutes of every day; null where those of each weekday are said, or the profile's pace counts. */
	minutes: number | null;
	/** Minutes of each weekday, Monday first. */
	week: number[] | null;
	/** The last day; or in how many days; with neither there is no end. */
	until: string | null;
	days: number | null;
	skipFiller: boolean;
	specials: boolean;
	/** Only these. */
	seasons: number[] | null;
	/** Minutes skipped of each episode; null for what the profile says. */
	credits: number | null;
	recap: number | null;
}

export const ANYHOW: Wish = {
	minutes: null, week: null, until: null, days: null, skipFiller: true, specials: false, seasons: null,
	credits: null, recap: null
};

/** The wish that an address says; what can't be read of it is left out, and of two the more exact one stays. */
export function wishOf(parameters: Pick<URLSearchParams, 'get'>): Wish {
	const week = numbers(parameters.get('week'), 0, MOST_MINUTES);
	const whole = week?.length === 7 && week.some(Boolean) ? week : null;
	const until = dayOf(parameters.get('until'));
	const seasons = numbers(parameters.get('seasons'), 0, MOST_SEASON);
	return {
		minutes: whole ? null : number(parameters.get('minutes'), 1, MOST_MINUTES),
		week: whole,
		until,
		days: until ? null : number(parameters.get('days'), 1, MOST_DAYS),
		skipFiller: parameters.get('filler') !== 'yes',
		specials: parameters.get('specials') === 'yes',
		seasons: seasons && [...new Set(seasons)],
		credits: number(parameters.get('credits'), 0, MOST_SKIPPED),
		recap: number(parameters.get('recap'), 0, MOST_SKIPPED)
	};
}

/** The address of a wish: what is as always isn't in it. */
export function addressOf(wish: Wish): string {
	const parameters = new URLSearchParams();
	const say = (name: string, value: string | number | null | undefined) =>
		value !== null && value !== undefined && parameters.set(name, String(value));
	say('minutes', wish.minutes);
	say('week', wish.week?.join(','));
	say('until', wish.until);
	say('days', wish.days);
	say('filler', wish.skipFiller ? null : 'yes');
	say('specials', wish.specials ? 'yes' : null);
	say('seasons', wish.seasons?.join(','));
	say('credits', wish.credits);
	say('recap', wish.recap);
	const written = parameters.toString().replaceAll('%2C', ',');
	return written ? `?${written}` : '';
}

/** A wish as `bingeSchedule` and `followBinge` take it. */
export function argumentsOf(titleId: string, wish: Wish) {
	return {
		titleId,
		minutesPerDay: wish.minutes,
		byWeekday: wish.week,
		until: wish.until,
		days: wish.days,
		skipFiller: wish.skipFiller,
		specials: wish.specials,
		seasons: wish.seasons,
		skipCreditsMin: wish.credits,
		skipRecapMin: wish.recap
	};
}

/** What can be changed, as the API says it. */
export interface Alternative {
	change: string;
	minutesByWeekday: readonly number[] | null;
	until: string | null;
	seasons: readonly number[] | null;
	firstSeason: number | null;
}

/** The wish with that change. A season that goes first is planned alone: the API takes no other order. */
export function changed(wish: Wish, way: Alternative): Wish {
	const next = { ...wish };
	if (way.change === 'SKIP_FILLER') next.skipFiller = true;
	if (way.seasons) next.seasons = [...way.seasons];
	else if (way.firstSeason !== null) next.seasons = [way.firstSeason];
	if (way.until) [next.until, next.days] = [way.until, null];
	if (way.minutesByWeekday) {
		const even = way.minutesByWeekday.every((each) => each === way.minutesByWeekday![0]);
		next.minutes = even ? way.minutesByWeekday[0]! : null;
		next.week = even ? null : [...way.minutesByWeekday];
	}
	return next;
}

/** A whole number between two, as somebody typed it; null for anything else. */
export function number(told: string | null, least: number, most: number): number | null {
	const value = Number(told);
	return told?.trim() && Number.isInteger(value) && value >= least && value <= most ? value : null;
}

function numbers(told: string | null, least: number, most: number): number[] | null {
	const all = told?.split(',').map((each) => number(each, least, most)) ?? [];
	return all.length && all.every((each) => each !== null) ? (all as number[]) : null;
}

/** A day of the calendar; not 30 February. */
export function dayOf(told: string | null): string | null {
	if (!told || !/^\d{4}-\d{2}-\d{2}$/.test(told)) return null;
	const at = Date.parse(`${told}T00:00:00Z`);
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(told) ? told : null;
}
