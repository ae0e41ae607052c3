/** What of the leaving titles is shown, and how; it stands in the address. */

export const SCOPES = ['mine', 'watchlist', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

export const SHAPES = ['list', 'calendar'] as const;
export type Shape = (typeof SHAPES)[number];

export interface View {
	/** On my services, on my watchlist, or on all services of the country. */
	scope: Scope;
	shape: Shape;
}

/** What an address asks to see; what can't be read of it is as usual. */
export function viewOf(parameters: Pick<URLSearchParams, 'get'>): View {
	return {
		scope: one(SCOPES, parameters.get('show')),
		shape: one(SHAPES, parameters.get('as'))
	};
}

/** The address of a view: what is as usual isn't in it. */
export function addressOf(view: View): string {
	const parameters = new URLSearchParams();
	if (view.scope !== 'mine') parameters.set('show', view.scope);
	if (view.shape !== 'list') parameters.set('as', view.shape);
	const written = parameters.toString();
	return written ? `?${written}` : '';
}

function one<Value extends string>(known: readonly Value[], told: string | null): Value {
	return known.find((each) => each === told) ?? known[0];
}
