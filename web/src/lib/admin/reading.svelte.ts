/** Something that is read, shown while it is read again, and says when it can't be. */

import { Problem } from '#lib/api/problem.ts';

export class Reading<Value> {
	value = $state.raw<Value | undefined>(undefined);
	problem = $state.raw<Problem | null>(null);

	readonly #ask: (signal: AbortSignal) => Promise<Value>;
	#asked: AbortController | undefined;

	constructor(ask: (signal: AbortSignal) => Promise<Value>) {
		this.#ask = ask;
	}

	/** Read it; an earlier reading that is still on its way doesn't count any more. */
	async read(): Promise<void> {
		this.#asked?.abort();
		const { signal } = (this.#asked = new AbortController());
		try {
			const value = await this.#ask(signal);
			if (signal.aborted) return;
			this.value = value;
			this.problem = null;
		} catch (thrown) {
			if (!signal.aborted) this.problem = Problem.of(thrown);
		}
	}

	stop(): void {
		this.#asked?.abort();
	}
}
