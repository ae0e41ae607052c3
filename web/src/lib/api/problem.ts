/** Something that went wrong, in words for people. */

import { m } from '#lib/paraglide/messages.js';

/** What every refusal of the API carries, whatever its type. */
export interface UserError {
	__typename: string;
	message: string;
	field?: string | null;
}

export class Problem extends Error {
	/** What to do next is up to the code: NOT_SIGNED_IN leads to the sign-in, RATE_LIMITED to waiting. */
	constructor(
		message: string,
		readonly code: string,
		readonly retryAfter: number | null = null,
		/** The input that caused it, where one did. */
		readonly field: string | null = null
	) {
		super(message);
		this.name = 'Problem';
	}

	/** Whether asking again could help without changing anything. */
	get passing(): boolean {
		return this.code === 'OFFLINE' || this.code === 'RATE_LIMITED' || this.code === 'UNAVAILABLE';
	}

	static offline(): Problem {
		return new Problem(m.problem_offline(), 'OFFLINE');
	}

	/** Whatever was thrown, as a problem. */
	static of(thrown: unknown): Problem {
		return thrown instanceof Problem ? thrown : new Problem(m.problem_unexpected(), 'UNEXPECTED');
	}
}
