/** Something that is saved by itself when it is changed: shown at once, and as it was where it is refused. */

import { Problem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';

export class Saving<Value> {
	/** What is chosen; it counts when it is saved. */
	value: Value;
	state = $state<'still' | 'saving' | 'saved'>('still');
	problem = $state.raw<Problem | null>(null);

	readonly #send: (value: Value) => Promise<unknown>;
	#kept: Value;
	#sending: Promise<void> | null = null;

	constructor(value: Value, send: (value: Value) => Promise<unknown>) {
		this.value = $state.raw(value);
		this.#kept = value;
		this.#send = send;
	}

	/** Choose something else. What is chosen meanwhile is sent after it, the last of it alone. */
	set(value: Value): Promise<void> {
		this.value = value;
		this.problem = null;
		this.state = 'saving';
		this.#sending ??= this.#run();
		return this.#sending;
	}

	async #run(): Promise<void> {
		try {
			while (this.value !== this.#kept) {
				const sent = this.value;
				await this.#send(sent);
				this.#kept = sent;
				if (this.value !== sent) continue;
				this.state = 'saved';
				// What the other pages and tabs show may follow from it.
				await session.refresh().catch(() => {});
			}
			this.state = 'saved';
		} catch (thrown) {
			this.value = this.#kept;
			this.state = 'still';
			this.problem = Problem.of(thrown);
		}
		this.#sending = null;
	}
}
