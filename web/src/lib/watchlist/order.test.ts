import { expect, test } from 'vitest';
import { USUAL, type Filters } from './filters.ts';
import { compare, fits, put, type Placed } from './order.ts';

const TODAY = '2026-11-22';
const wish = (number: number, part: Partial<Placed> = {}, name = `Title ${number}`): Placed => ({
	addedAt: `2026-11-${10 + number}T20:00:00Z`,
	available: true,
	expiresOn: null,
	watchedAt: null,
	title: { id: `title_${number}`, name },
	...part
});
const ids = (wishes: Placed[]) => wishes.map(({ title }) => Number(title.id.slice(6)));
const sorted = (wishes: Placed[], sort: Filters['sort']) => ids(wishes.toSorted((a, b) => compare(a, b, sort)));

test('what leaves comes first, then what stays, then what is nowhere, and watched ones last', () => {
	const wishes = [
		wish(1, { watchedAt: '2026-11-20T20:00:00Z', expiresOn: '2026-11-23' }),
		wish(2, { available: false }),
		wish(3),
		wish(4, { expiresOn: '2026-12-01' }),
		wish(5, { expiresOn: '2026-11-23' }),
		wish(12, { expiresOn: '2026-11-23' })
	];
	expect(sorted(wishes, 'leaving')).toEqual([5, 12, 4, 3, 2, 1]);
});

test('the newest wish comes first, and names without their accents and capitals', () => {
	expect(sorted([wish(1), wish(3), wish(2)], 'added')).toEqual([3, 2, 1]);
	expect(sorted([wish(1, {}, 'Zelig'), wish(2, {}, 'élite'), wish(3, {}, 'Eden')], 'title')).toEqual([3, 2, 1]);
});

test('filters let through what the API would', () => {
	const soon = wish(1, { expiresOn: '2026-11-29' });
	expect(fits(soon, { ...USUAL, within: 7 }, TODAY)).toBe(true);
	expect(fits(soon, { ...USUAL, within: 6 }, TODAY)).toBe(false);
	expect(fits(wish(1), { ...USUAL, within: 365 }, TODAY)).toBe(false);
	expect(fits(soon, { ...USUAL, on: 'none' }, TODAY)).toBe(false);
	expect(fits(wish(1, { available: false }), { ...USUAL, on: 'none' }, TODAY)).toBe(true);
	expect(fits(soon, { ...USUAL, state: 'done' }, TODAY)).toBe(false);
});

test('a wish is put where it belongs, and never twice', () => {
	const list = [wish(1, { expiresOn: '2026-11-24' }), wish(2, { expiresOn: '2026-11-28' }), wish(3)];
	const moved = put(list, wish(3, { expiresOn: '2026-11-26' }), USUAL, TODAY);
	expect(ids(moved)).toEqual([1, 3, 2]);
	expect(ids(put(moved, wish(3, { expiresOn: '2026-11-26' }), USUAL, TODAY))).toEqual([1, 3, 2]);
	expect(ids(put(list, wish(4, { available: false }), USUAL, TODAY))).toEqual([1, 2, 3, 4]);
});

test('a wish that the filters hide now goes', () => {
	const list = [wish(1), wish(2)];
	expect(ids(put(list, wish(1, { watchedAt: '2026-11-22T20:00:00Z' }), USUAL, TODAY))).toEqual([2]);
});

test('a wish that may stay where it is stays, even where the API broke a draw otherwise', () => {
	const list = [wish(1), wish(2), wish(3)];
	const noted = put(list, { ...wish(2), addedAt: '2026-01-01T00:00:00Z' }, USUAL, TODAY);
	expect(ids(noted)).toEqual([1, 2, 3]);
});
