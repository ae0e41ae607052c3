/** A file that is being brought: sent, then read by the server, and cancelled at any time. */

import { Problem } from '#lib/api/problem.ts';
import { send } from './upload.ts';

export class Bringing {
	/** The file that is on its way, or that was refused. */
	file = $state.raw<File | null>(null);
	/** How much of it is there, 0 to 1; null where nothing is on its way. */
	part = $state<number | null>(null);
	problem = $state.raw<Problem | null>(null);

	#sending: AbortController | undefined;

	/** Whether it has to be said whose part of the file is meant. */
	get asksWhose(): boolean {
		return this.problem?.field === 'person';
	}

	/** Bring a file; the id of its import, or null where it was cancelled or refused. */
	async bring(file: File, person: string | null = null): Promise<string | null> {
		this.cancel();
		const { signal } = (this.#sending = new AbortController());
		this.file = file;
		this.problem = null;
		this.part = 0;
		try {
			return await send(file, person, (part) => !signal.aborted && (this.part = part), signal);
		} catch (thrown) {
			if (!signal.aborted) this.problem = Problem.of(thrown);
			return null;
		} finally {
			if (!signal.aborted) this.part = null;
		}
	}

	cancel(): void {
		this.#sending?.abort();
		this.part = null;
	}
}
