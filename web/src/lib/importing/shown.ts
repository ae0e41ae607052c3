/** What of an import's lines is shown, and how that stands in the address. */

export const MATCHES = ['MATCHED', 'AMBIGUOUS', 'UNKNOWN', 'SETTLED', 'SKIPPED'] as const;
export type Match = (typeof MATCHES)[number];
/** Lines that one can go through one by one. */
export const OPEN = ['AMBIGUOUS', 'UNKNOWN'] as const satisfies Match[];
export type Open = (typeof OPEN)[number];

export interface Shown {
	/** Lines that stand so; null: all. */
	match: Match | null;
	/** Whether they are gone through one by one. */
	decide: Open | null;
}

export function shownOf(parameters: Pick<URLSearchParams, 'get'>): Shown {
	return { match: known(MATCHES, parameters.get('show')), decide: known(OPEN, parameters.get('decide')) };
}

/** The address of an import with what is shown of it. */
export function addressOf(id: string, shown: Partial<Shown> = {}): string {
	const parameters = new URLSearchParams();
	if (shown.match) parameters.set('show', shown.match.toLowerCase());
	if (shown.decide) parameters.set('decide', shown.decide.toLowerCase());
	const written = parameters.toString();
	return `/import/${encodeURIComponent(id)}${written ? `?${written}` : ''}`;
}

function known<Word extends string>(words: readonly Word[], told: string | null): Word | null {
	return words.find((word) => word.toLowerCase() === told) ?? null;
}
