/**
 * What is done in a moment, so that it can be taken back without a question before it: the API has no
 * way back. Whoever leaves the page meanwhile has said what they want: then it is done at once.
 */

/** Longer than the words about it are shown, with the way back beside them. */
export const MOMENT_MS = 8_500;

export class Later {
	#waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; work: () => void }>();

	/** Do it in a moment; the function that is returned takes it back, as long as that is possible. */
	plan(id: string, work: () => void): () => void {
		if (this.#waiting.has(id)) return () => this.#drop(id);
		const timer = setTimeout(() => this.#do(id), MOMENT_MS);
		this.#waiting.set(id, { timer, work });
		return () => this.#drop(id);
	}

	/** Whether it is still to be done. */
	waits(id: string): boolean {
		return this.#waiting.has(id);
	}

	/** Do at once what waits. */
	flush(): void {
		for (const id of [...this.#waiting.keys()]) this.#do(id);
	}

	#do(id: string): void {
		const found = this.#waiting.get(id);
		this.#drop(id);
		found?.work();
	}

	#drop(id: string): void {
		clearTimeout(this.#waiting.get(id)?.timer);
		this.#waiting.delete(id);
	}
}
