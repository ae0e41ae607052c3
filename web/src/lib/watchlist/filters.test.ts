import { expect, test } from 'vitest';
import { PLACES, SORTS, STATES, USUAL, addressOf, filtersOf, narrowed, variablesOf, type Sort } from './filters.ts';

test('all filters are found again at their address', () => {
	for (const sort of Object.keys(SORTS) as Sort[])
		for (const on of PLACES)
			for (const state of STATES)
				for (const within of [null, 0, 7, 365]) {
					const filters = { sort, on, state, within };
					expect(filtersOf(new URLSearchParams(addressOf(filters)))).toEqual(filters);
				}
});

test('what an address says that is no filter is as usual', () => {
	for (const address of ['', '?within=-1', '?within=1e9', '?within=7.5', '?sort=__proto__&on=moon&watched=1'])
		expect(filtersOf(new URLSearchParams(address))).toEqual(USUAL);
	expect(addressOf(USUAL)).toBe('');
});

test('an order hides nothing, each filter may', () => {
	expect(narrowed({ ...USUAL, sort: 'title' })).toBe(false);
	expect(narrowed({ ...USUAL, on: 'mine' })).toBe(true);
	expect(narrowed({ ...USUAL, within: 0 })).toBe(true);
	expect(narrowed({ ...USUAL, state: 'done' })).toBe(true);
});

test('the API is asked for what is shown', () => {
	expect(variablesOf(USUAL)).toEqual({
		sort: 'LEAVING_FIRST', onMyPlatforms: null, leavingWithinDays: null, watched: false
	});
	expect(variablesOf({ sort: 'added', on: 'none', within: 7, state: 'all' })).toEqual({
		sort: 'ADDED', onMyPlatforms: false, leavingWithinDays: 7, watched: null
	});
});
