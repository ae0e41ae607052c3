import { describe, expect, it } from 'vitest';
import { firstDayOf, monthAfter, monthsBetween, shortly, weekdays, weeksOf } from './calendar.ts';

describe('a month', () => {
	it('has all its days once, each below its weekday', () => {
		for (const firstDay of [1, 6, 7]) {
			for (const month of ['2026-02', '2026-11', '2028-02', '2027-05']) {
				const weeks = weeksOf(month, firstDay);
				const days = weeks.flat().filter((day) => day !== null);
				expect(weeks.every((week) => week.length === 7)).toBe(true);
				expect(new Set(days).size).toBe(new Date(Date.UTC(+month.slice(0, 4), +month.slice(5), 0)).getUTCDate());
				for (const week of weeks)
					week.forEach((day, i) => day && expect(new Date(`${day}T00:00Z`).getUTCDay() % 7).toBe((firstDay + i) % 7));
			}
		}
	});

	it('begins with a whole week where its first day does', () => {
		expect(weeksOf('2026-02', 7)[0]![0]).toBe('2026-02-01');
		expect(weeksOf('2026-02', 7)).toHaveLength(4);
	});

	it('is followed by the next, also over the year', () => {
		expect(monthAfter('2026-12')).toBe('2027-01');
		expect(monthAfter('2027-01', -1)).toBe('2026-12');
		expect(monthsBetween('2026-11', '2027-01')).toEqual(['2026-11', '2026-12', '2027-01']);
		expect(monthsBetween('2026-11', '2026-10')).toEqual(['2026-11']);
	});
});

it('begins the week where people do', () => {
	expect(firstDayOf('de')).toBe(1);
	expect(weekdays('en', 'short')[0]).toBe('Mon');
});

it('says episodes that follow each other in short', () => {
	const part = (seasonNumber: number, number: number) => ({ seasonNumber, number });
	expect(shortly([part(1, 3), part(1, 4), part(1, 5), part(1, 8), part(2, 1)])).toBe('S1 E3–5, 8, S2 E1');
	expect(shortly([])).toBe('');
});
