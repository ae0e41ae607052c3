/** A mutation that either happens or says why not. */

import { refused } from '#lib/api/session.svelte.ts';

interface Payload {
	__typename: string;
	message?: string;
	code?: string;
	retryAfter?: number;
	field?: string | null;
}

/** The payload where it succeeded; throws a Problem where it was refused. */
export function done<Given extends Payload>(payload: Given | null | undefined): Given {
	if (!payload || payload.__typename.endsWith('Error')) throw refused(payload);
	return payload;
}
