/** A month as weeks of days, and what is watched on a day in short. */

/** `2026-11` of `2026-11-22`. */
export const monthIn = (day: string) => day.slice(0, 7);

/** The month so many months later. */
export function monthAfter(month: string, by = 1): string {
	const [year, number] = month.split('-').map(Number) as [number, number];
	return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** The months from one to another, both counted; 1,200 at most. */
export function monthsBetween(first: string, last: string): string[] {
	const months = [first];
	while (months.at(-1)! < last && months.length < 1_200) months.push(monthAfter(months.at(-1)!));
	return months;
}

/**
 * Its weeks, each of seven days or nulls where another month is.
 * `firstDay` is 1 for Monday to 7 for Sunday.
 */
export function weeksOf(month: string, firstDay: number): (string | null)[][] {
	const [year, number] = month.split('-').map(Number) as [number, number];
	const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
	const begin = new Date(Date.UTC(year, number - 1, 1)).getUTCDay() || 7;
	const gap = (begin - firstDay + 7) % 7;
	const cells = Array.from({ length: Math.ceil((gap + count) / 7) * 7 }, (_, i) => {
		const day = i - gap + 1;
		return day >= 1 && day <= count ? `${month}-${String(day).padStart(2, '0')}` : null;
	});
	return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}

/** The first day of the week where that language is spoken, 1 for Monday to 7 for Sunday. */
export function firstDayOf(locale: string): number {
	type WithWeek = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
	const told = new Intl.Locale(locale).maximize() as WithWeek;
	return (told.getWeekInfo?.() ?? told.weekInfo)?.firstDay ?? 1;
}

/** Names of weekdays, Monday first. */
export function weekdays(locale: string, width: 'short' | 'long'): string[] {
	const format = new Intl.DateTimeFormat(locale, { weekday: width, timeZone: 'UTC' });
	// 1 January 2024 was a Monday.
	return Array.from({ length: 7 }, (_, i) => format.format(Date.UTC(2024, 0, 1 + i)));
}

interface Part {
	seasonNumber: number;
	number: number;
}

/** Episodes that follow each other as one: season, first and last. */
export function runsOf(episodes: readonly Part[]): { season: number; first: number; last: number }[] {
	const runs: { season: number; first: number; last: number }[] = [];
	for (const { seasonNumber, number } of episodes) {
		const run = runs.at(-1);
		if (run && run.season === seasonNumber && run.last + 1 === number) run.last = number;
		else runs.push({ season: seasonNumber, first: number, last: number });
	}
	return runs;
}

/** "S1 E3–5, S2 E1": the way people write it in every language. */
export function shortly(episodes: readonly Part[]): string {
	let season: number | null = null;
	return runsOf(episodes)
		.map((run) => {
			const which = run.first === run.last ? `${run.first}` : `${run.first}–${run.last}`;
			const said = run.season === season ? which : `S${run.season} E${which}`;
			season = run.season;
			return said;
		})
		.join(', ');
}
