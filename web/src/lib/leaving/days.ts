/** The days ahead as a calendar shows them. Days are written as the API writes them, `2026-11-21`. */

/** How far the page looks ahead. */
export const DAYS_AHEAD = 30;

/** The day that many days later. */
export function later(day: string, days: number): string {
	const at = new Date(`${day}T12:00:00Z`);
	at.setUTCDate(at.getUTCDate() + days);
	return at.toISOString().slice(0, 10);
}

/** Today and the days after it. */
export function ahead(today: string, days = DAYS_AHEAD): string[] {
	return Array.from({ length: days + 1 }, (_, i) => later(today, i));
}

/** How many columns of its week lie before a day; `first` is the day weeks begin with, 1 Monday to 7 Sunday. */
export function columnsBefore(day: string, first: number): number {
	const weekday = new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
	return (weekday - first + 7) % 7;
}

/** The day with which weeks begin in a language, 1 Monday to 7 Sunday; Monday where the browser can't say. */
export function firstOfWeek(locale: string): number {
	const told = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
	return told.getWeekInfo?.().firstDay ?? 1;
}

/** What stands on which day; the order within a day stays. */
export function byDay<Entry extends { expiresOn: string }>(entries: readonly Entry[]): Map<string, Entry[]> {
	const days = new Map<string, Entry[]>();
	for (const entry of entries) {
		const there = days.get(entry.expiresOn);
		if (there) there.push(entry);
		else days.set(entry.expiresOn, [entry]);
	}
	return days;
}

/** Runs of numbers, [1, 2, 3, 5] as [[1, 3], [5, 5]]: "1–3, 5" is read faster. */
export function runs(numbers: readonly number[]): [number, number][] {
	const found: [number, number][] = [];
	for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
		const last = found.at(-1);
		if (last && last[1] === number - 1) last[1] = number;
		else found.push([number, number]);
	}
	return found;
}
