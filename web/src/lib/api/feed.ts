/** What a feed does with what it hears, without a socket: its place among all events, and when it comes back. */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** What every live answer has: where it stands among all events. */
export interface Update {
	__typename: string;
	cursor: string;
}

/** Where a feed stands: an event is told once, in its order, and missed ones are asked for behind it. */
export class Place {
	/** The last cursor that was heard; null before the first. */
	after: string | null = null;
	#position = -1;

	/** What is to be done about an update; null where it is old, or a sign of life. */
	hear({ __typename, cursor }: Update): 'event' | 'resync' | null {
		const at = Number(cursor.split('.')[0]);
		if (__typename === 'Resync') {
			// It may lie before ours: the server's history is another one since it was restored.
			this.#stand(cursor, at);
			return 'resync';
		}
		if (!(at > this.#position)) {
			// A sign of life where we are already; what is older must not lead us back.
			if (__typename === 'Heartbeat' && at === this.#position) this.after = cursor;
			return null;
		}
		this.#stand(cursor, at);
		return __typename === 'Heartbeat' ? null : 'event';
	}

	/** The cursor is refused: go on from now. Returns whether there was one, so that something may be missed. */
	lose(): boolean {
		const had = this.after !== null;
		this.after = null;
		this.#position = -1;
		return had;
	}

	#stand(cursor: string, at: number): void {
		this.after = cursor;
		this.#position = at;
	}
}

/**
 * What the end of a subscription means. `again`: come back soon. `whose`: come back, and find out who
 * is signed in, since that has ended or changed. `cursor`: the cursor is no cursor. `later`: it was
 * refused, and asking soon again changes nothing.
 */
export type Verdict = 'again' | 'whose' | 'cursor' | 'later';

/** 1012 is a restart, or that the profile has changed. */
const WHOSE = new Set([1012, 4401, 4403]);
/** Of which the server says that coming back is of no use: then only another version of us is. */
const OURS = new Set([1002, 1007, 1009, 4400, 4406, 4409, 4429]);

/** The verdict on what a subscription ended with: an event of the socket's, or the answer's errors. */
export function verdictOf(ended: unknown): Verdict {
	if (Array.isArray(ended)) {
		const { code, field } = (ended[0] as { extensions?: Record<string, unknown> } | undefined)?.extensions ?? {};
		if (code === 'UNAUTHENTICATED') return 'whose';
		return field === 'after' ? 'cursor' : 'later';
	}
	const code = (ended as { code?: unknown } | null | undefined)?.code;
	if (typeof code !== 'number') return 'again';
	if (WHOSE.has(code)) return 'whose';
	return OURS.has(code) ? 'later' : 'again';
}

/** How long to wait before the try after so many that failed; `chance` of 0 to 1 keeps many apart. */
export function pauseBefore(failed: number, verdict: Verdict, chance: number): number {
	const longest = verdict === 'later' ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS * 2 ** Math.min(failed, 5);
	return Math.min(longest, LONGEST_PAUSE_MS) * (0.5 + chance / 2);
}

/** Without a word for so long the socket is dead, though nobody has closed it. */
export const SILENT_MS = 45_000;
/** Who comes back to the page after a sleep doesn't wait that long. */
export const SILENT_AWAKE_MS = 20_000;
