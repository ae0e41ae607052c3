/** What the dashboard hears of a title, as it happens. */

import { follow } from '#lib/api/live.svelte.ts';
import { HEARD, type Heard } from './documents.ts';

const MOST = 12;
/** Later than that, it is hardly what was sent. */
const OURS_MS = 30_000;

export interface Line {
	cursor: string;
	/** Null where something was missed. */
	event: Heard | null;
	/** How long after something was sent; null where nothing was, lately. */
	ms: number | null;
}

export class Hearing {
	lines = $state.raw<Line[]>([]);
	/** Whether nothing is missed from now on. */
	listening = $state(false);

	/** Listen until the function that it returns is called. */
	listen(id: string, sentAt: () => number | null): () => void {
		this.lines = [];
		this.listening = false;
		const add = (cursor: string, event: Heard | null) => {
			const began = sentAt();
			const ms = began === null ? null : Math.round(performance.now() - began);
			this.lines = [...this.lines, { cursor, event, ms: ms !== null && ms < OURS_MS ? ms : null }].slice(-MOST);
		};
		let missed = 0;
		return follow({
			document: HEARD,
			variables: () => ({ id }),
			pick: ({ availabilityChanged }) => {
				this.listening = true;
				return availabilityChanged;
			},
			event: (update) => add(update.cursor, update as Heard),
			resync: () => add(`missed-${missed++}`, null)
		});
	}
}
