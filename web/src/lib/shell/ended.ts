/** Where somebody is led whose session has ended without them. */

import type { Ended } from '#lib/api/session.svelte.ts';

export const WHY = 'why';

/** The door, with a sentence why, and the way back to where they were; null where they stand there already. */
export function doorFor(ended: Ended, at: Pick<URL, 'pathname' | 'search'>): string | null {
	if (at.pathname === '/welcome') return null;
	const parameters = new URLSearchParams({ [WHY]: ended });
	// The first evening belongs to an account; whoever comes back begins with tonight.
	if (!at.pathname.startsWith('/welcome/')) parameters.set('next', at.pathname + at.search);
	return `/welcome?${parameters}`;
}
