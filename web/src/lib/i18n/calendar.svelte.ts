/** Today, which is another day after midnight, on a page that is left open too. */

import { todayIn } from './locale.svelte.ts';

const LOOK_MS = 60_000;

class Calendar {
	#now = $state.raw(new Date());

	constructor() {
		const look = () => (this.#now = new Date());
		setInterval(look, LOOK_MS);
		// A device that slept looks at once when somebody comes back.
		document.addEventListener('visibilitychange', look);
	}

	/** Today in a time zone, as the API writes days. */
	today(zone: string): string {
		return todayIn(zone, this.#now);
	}
}

export const calendar = new Calendar();
