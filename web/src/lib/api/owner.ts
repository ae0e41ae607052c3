/** Whether whoever began something is still the one who is here. */

import { session } from './session.svelte.ts';

/** Begins now: tells, whenever it is asked, whether it is still the same profile. */
export function sameOwner(): () => boolean {
	const { owner } = session;
	return () => session.owner === owner;
}
