import { describe, expect, it } from 'vitest';
import { ANYHOW, addressOf, argumentsOf, changed, dayOf, wishOf, type Alternative } from './wish.ts';

const read = (address: string) => wishOf(new URLSearchParams(address));
const way = (part: Partial<Alternative> & { change: string }): Alternative => ({
	minutesByWeekday: null, until: null, seasons: null, firstSeason: null, ...part
});

describe('the address of a plan', () => {
	it('says all of it and nothing that is as always', () => {
		for (const address of [
			'?minutes=60&until=2026-12-31&filler=yes&specials=yes&seasons=1,2&credits=2&recap=0',
			'?week=0,30,30,30,30,120,120&days=20',
			''
		]) expect(addressOf(read(address))).toBe(address);
		expect(read('')).toEqual(ANYHOW);
	});

	it('leaves out what it can not read', () => {
		expect(read('?minutes=0&week=1,2&until=2026-02-30&days=x&seasons=1,,2&credits=99')).toEqual(ANYHOW);
		expect(read('?week=0,0,0,0,0,0,0')).toEqual(ANYHOW);
	});

	it('keeps the more exact of two that say the same', () => {
		const wish = read('?minutes=60&week=1,2,3,4,5,6,7&days=9&until=2026-12-31');
		expect([wish.minutes, wish.days, wish.until]).toEqual([null, null, '2026-12-31']);
	});
});

describe('an alternative', () => {
	const wish = read('?minutes=30&days=20&filler=yes');

	it('changes the minutes, evenly or by weekday', () => {
		expect(changed(wish, way({ change: 'MORE_MINUTES', minutesByWeekday: Array(7).fill(165) })).minutes).toBe(165);
		const week = changed(wish, way({ change: 'MORE_MINUTES', minutesByWeekday: [1, 2, 3, 4, 5, 6, 7] }));
		expect([week.minutes, week.week]).toEqual([null, [1, 2, 3, 4, 5, 6, 7]]);
	});

	it('moves the last day in place of a number of days', () => {
		const later = changed(wish, way({ change: 'MORE_DAYS', until: '2027-03-31' }));
		expect([later.until, later.days]).toEqual(['2027-03-31', null]);
	});

	it('leaves out filler, keeps some seasons, or plans the one that leaves', () => {
		expect(changed(wish, way({ change: 'SKIP_FILLER' })).skipFiller).toBe(true);
		expect(changed(wish, way({ change: 'FEWER_SEASONS', seasons: [1, 2] })).seasons).toEqual([1, 2]);
		expect(changed(wish, way({ change: 'LEAVING_FIRST', firstSeason: 3 })).seasons).toEqual([3]);
		expect(wish.seasons).toBeNull();
	});
});

it('asks the API in its own words', () => {
	expect(argumentsOf('title_1', read('?minutes=60&recap=1'))).toMatchObject({ titleId: 'title_1', minutesPerDay: 60, skipRecapMin: 1, skipCreditsMin: null });
});

it('knows the days of the calendar', () => {
	expect([dayOf('2028-02-29'), dayOf('2026-02-29'), dayOf('x'), dayOf(null)]).toEqual(['2028-02-29', null, null, null]);
});
