import { expect, test } from 'vitest';
import { ahead, byDay, columnsBefore, firstOfWeek, later, runs } from './days.ts';

test('a day later is the next one on the calendar, over months, leap days and clock changes', () => {
	expect(later('2026-11-30', 1)).toBe('2026-12-01');
	expect(later('2028-02-28', 1)).toBe('2028-02-29');
	expect(later('2026-12-31', 1)).toBe('2027-01-01');
	// Clocks change on both of these days, here or there.
	expect(later('2026-10-24', 2)).toBe('2026-10-26');
	expect(later('2026-03-28', 2)).toBe('2026-03-30');
});

test('the days ahead begin today and never miss or repeat one', () => {
	const days = ahead('2026-11-22');
	expect(days[0]).toBe('2026-11-22');
	expect(days.at(-1)).toBe('2026-12-22');
	expect(new Set(days).size).toBe(31);
	expect([...days].sort()).toEqual(days);
});

test('a day stands below its weekday, wherever weeks begin', () => {
	// 22 November 2026 is a Sunday.
	expect(columnsBefore('2026-11-22', 7)).toBe(0);
	expect(columnsBefore('2026-11-22', 1)).toBe(6);
	expect(columnsBefore('2026-11-22', 6)).toBe(1);
});

test('weeks begin with a day of the week in every language of ours', () => {
	for (const locale of ['en', 'de', 'es', 'ar']) {
		const first = firstOfWeek(locale);
		expect(first).toBeGreaterThanOrEqual(1);
		expect(first).toBeLessThanOrEqual(7);
	}
});

test('titles keep their order within their day', () => {
	const days = byDay([
		{ id: 'b', expiresOn: '2026-12-01' },
		{ id: 'a', expiresOn: '2026-11-30' },
		{ id: 'c', expiresOn: '2026-12-01' }
	]);
	expect(days.get('2026-12-01')?.map(({ id }) => id)).toEqual(['b', 'c']);
	expect(days.size).toBe(2);
});

test('numbers in a row are one run', () => {
	expect(runs([3, 1, 2, 5, 5])).toEqual([
		[1, 3],
		[5, 5]
	]);
	expect(runs([])).toEqual([]);
});
