/** An import on the desk: how it stands and its lines, as the server has them, and what one does about it. */

import { ask, change } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import { done } from '#lib/settings/done.ts';
import { COMMIT, DISCARD, READ_BATCH, SETTLE, TAKE_BACK, type Batch, type Line } from './documents.ts';
import type { Match } from './shown.ts';

const PAGE = 30;
const WAIT_MS = 1_500;
const MOST_WAITS = 8;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What is said of a line: a title, an episode of it, or neither for "none of them". */
export interface Said {
	titleId: string | null;
	episodeId?: string;
	/** The same for all open lines of that name. */
	everywhere: boolean;
}

export class Desk {
	/** Undefined until the first answer; null where there is none of that id. */
	batch = $state.raw<Batch | null | undefined>(undefined);
	lines = $state.raw<Line[] | null>(null);
	more = $state(false);
	/** Whether other lines than those that are shown are on their way. */
	busy = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** What is being done in rounds; it goes on until nothing is left, or it is stopped. */
	working = $state<'writing' | 'undoing' | null>(null);
	/** Why that has ended early. */
	trouble = $state.raw<Problem | null>(null);

	readonly #id: string;
	#match: Match | null = null;
	#end: string | null = null;
	#asked: AbortController | undefined;

	constructor(id: string) {
		this.#id = id;
	}

	/** Show the lines that stand so, from the first on. */
	show(match: Match | null): Promise<void> {
		this.#match = match;
		return this.#read(null, PAGE);
	}

	/** Read again what is shown. */
	again(): Promise<void> {
		return this.#read(null, Math.min(100, Math.max(PAGE, this.lines?.length ?? 0)));
	}

	/** The next page behind what is there; how many were there before. */
	async grow(): Promise<number> {
		const before = this.lines?.length ?? 0;
		await this.#read(this.#end, PAGE);
		return before;
	}

	async #read(after: string | null, first: number): Promise<void> {
		this.#asked?.abort();
		const { signal } = (this.#asked = new AbortController());
		this.busy = true;
		try {
			const match = this.#match ? [this.#match] : null;
			const { importBatch } = await ask(READ_BATCH, { id: this.#id, match, first, after }, signal);
			this.batch = importBatch;
			this.problem = null;
			if (!importBatch) return;
			const { nodes, pageInfo } = importBatch.lines;
			this.lines = after === null ? nodes : [...(this.lines ?? []), ...nodes];
			this.more = pageInfo.hasNextPage;
			this.#end = pageInfo.endCursor;
		} catch (thrown) {
			if (!signal.aborted) this.problem = Problem.of(thrown);
		} finally {
			if (!signal.aborted) this.busy = false;
		}
	}

	/** Say what a line speaks of; of how many it stays open, since the episode isn't known. Rejects with a Problem. */
	async settle(line: string, said: Said): Promise<number> {
		const input = { batchId: this.#id, settlements: [{ line, ...said }] };
		const told = done((await change(SETTLE, { input })).settleImportLines);
		if (told.__typename !== 'ImportLinesSettled') return 0;
		this.batch = told.batch;
		return told.left;
	}

	/** Write what is known to the history, round by round. */
	write(): Promise<void> {
		return this.#rounds('writing', async () => (await change(COMMIT, this.#naming())).commitImport);
	}

	/** Take back what was written, round by round. */
	undo(): Promise<void> {
		return this.#rounds('undoing', async () => (await change(TAKE_BACK, this.#naming())).undoImport);
	}

	/** Let the round that is under way be the last. */
	pause(): void {
		this.working = null;
	}

	/** Throw it away. Rejects with a Problem. */
	async discard(): Promise<void> {
		done((await change(DISCARD, this.#naming())).discardImport);
	}

	async #rounds(work: 'writing' | 'undoing', round: () => Promise<Round | null>): Promise<void> {
		this.working = work;
		this.trouble = null;
		let waits = 0;
		while (this.working === work) {
			try {
				const told = done(await round());
				if (!told.batch) break;
				this.batch = told.batch;
				if (told.done) break;
				waits = 0;
			} catch (thrown) {
				const problem = Problem.of(thrown);
				// The round of a page that was left may still be at work: it ends by itself.
				if (problem.code === 'IMPORT_BUSY' && waits++ < MOST_WAITS) await pause(WAIT_MS);
				else {
					this.trouble = problem;
					break;
				}
			}
		}
		this.working = null;
		await this.again();
	}

	#naming() {
		return { input: { batchId: this.#id } };
	}

	stop(): void {
		this.#asked?.abort();
		this.pause();
	}
}

interface Round {
	__typename: string;
	done?: boolean;
	batch?: Batch;
}
