/** What of a watchlist is shown, in which order, and how that stands in the address. */

export const SORTS = { leaving: 'LEAVING_FIRST', added: 'ADDED', title: 'TITLE' } as const;
export type Sort = keyof typeof SORTS;

export const PLACES = ['all', 'mine', 'none'] as const;
export type Place = (typeof PLACES)[number];

export const STATES = ['open', 'done', 'all'] as const;
export type State = (typeof STATES)[number];

export const DAYS = [7, 30] as const;
const MOST_DAYS = 365;

export interface Filters {
	sort: Sort;
	/** On one of my services, on none, or wherever. */
	on: Place;
	/** Leaving in so many days at most. */
	within: number | null;
	state: State;
}

export const USUAL: Filters = { sort: 'leaving', on: 'all', within: null, state: 'open' };

/** The filters of an address; what can't be read of it is as usual. */
export function filtersOf(parameters: Pick<URLSearchParams, 'get'>): Filters {
	const within = parameters.get('within');
	const days = Number(within);
	return {
		sort: one(Object.keys(SORTS) as Sort[], parameters.get('sort')),
		on: one(PLACES, parameters.get('on')),
		within: within && Number.isInteger(days) && days >= 0 && days <= MOST_DAYS ? days : null,
		state: one(STATES, parameters.get('watched'))
	};
}

/** The address of filters: what is as usual isn't in it. */
export function addressOf(filters: Filters): string {
	const parameters = new URLSearchParams();
	if (filters.state !== USUAL.state) parameters.set('watched', filters.state);
	if (filters.on !== USUAL.on) parameters.set('on', filters.on);
	if (filters.within !== null) parameters.set('within', String(filters.within));
	if (filters.sort !== USUAL.sort) parameters.set('sort', filters.sort);
	const written = parameters.toString();
	return written ? `?${written}` : '';
}

/** Whether something of the list may be hidden; the order hides nothing. */
export function narrowed(filters: Filters): boolean {
	return filters.on !== 'all' || filters.within !== null || filters.state !== 'open';
}

/** The filters as the API takes them. */
export function variablesOf(filters: Filters) {
	return {
		sort: SORTS[filters.sort],
		onMyPlatforms: filters.on === 'all' ? null : filters.on === 'mine',
		leavingWithinDays: filters.within,
		watched: filters.state === 'all' ? null : filters.state === 'done'
	};
}

function one<Value extends string>(known: readonly Value[], told: string | null): Value {
	return known.find((each) => each === told) ?? known[0];
}
