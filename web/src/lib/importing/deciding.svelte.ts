/** Going through the lines that somebody has to decide on, one by one; where one stands is the server's to know. */

import { ask } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import type { Desk, Said } from './desk.svelte.ts';
import { READ_BATCH, type Line } from './documents.ts';
import type { Open } from './shown.ts';

const AHEAD = 15;

export class Deciding {
	/** The line to decide on; null: none is left, undefined: not known yet. */
	line = $state.raw<Line | null | undefined>(undefined);
	/** Lines that are left for later, in this round. */
	later = $state(0);
	busy = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** The series that the line speaks of, where its episode has to be said too. */
	series = $state<string | null>(null);
	/** Of how many others the series is known by now, but not the episode. */
	left = $state(0);

	readonly #desk: Desk;
	readonly #id: string;
	readonly #match: Open;
	#queue: Line[] = [];
	#more = true;
	#after: string | null = null;
	#asked: AbortController | undefined;

	constructor(desk: Desk, id: string, match: Open) {
		this.#desk = desk;
		this.#id = id;
		this.#match = match;
	}

	/** The first line of those that are open, from the beginning. */
	async begin(): Promise<void> {
		this.later = 0;
		this.#after = null;
		await this.#fetch();
		this.#next();
	}

	/** Say what the line speaks of, and go on to the next. */
	async say(said: Said): Promise<void> {
		const line = this.line;
		if (!line || this.busy) return;
		this.busy = true;
		this.problem = null;
		try {
			const left = await this.#desk.settle(line.line, said);
			// What was said of others of that name, and what is still open of them, is the server's to say.
			if (said.everywhere) await this.#fetch();
			const stays = left > 0 && (!said.everywhere || this.#queue.some((each) => each.line === line.line));
			this.left = left - Number(stays);
			if (stays) this.series = said.titleId;
			else {
				this.#after = line.line;
				await this.#ahead();
			}
		} catch (thrown) {
			this.problem = Problem.of(thrown);
		}
		this.busy = false;
	}

	/** Leave the line as it is, and go on to the next. */
	async skip(): Promise<void> {
		if (!this.line || this.busy) return;
		this.busy = true;
		this.problem = null;
		this.later++;
		this.#after = this.line.line;
		try {
			await this.#ahead();
		} catch (thrown) {
			this.problem = Problem.of(thrown);
		}
		this.busy = false;
	}

	async #ahead(): Promise<void> {
		this.series = null;
		this.#queue = this.#queue.filter((each) => each.line !== this.line?.line);
		if (!this.#queue.length && this.#more) await this.#fetch();
		this.#next();
	}

	#next(): void {
		if (!this.problem) this.line = this.#queue[0] ?? null;
	}

	/** What is open behind the last line that was decided on, or left for later. */
	async #fetch(): Promise<void> {
		this.#asked?.abort();
		const { signal } = (this.#asked = new AbortController());
		try {
			const asked = { id: this.#id, match: [this.#match], first: AHEAD, after: this.#after };
			const { importBatch } = await ask(READ_BATCH, asked, signal);
			if (!importBatch) throw Problem.of(null);
			this.#queue = importBatch.lines.nodes;
			this.#more = importBatch.lines.pageInfo.hasNextPage;
		} catch (thrown) {
			if (!signal.aborted) this.problem = Problem.of(thrown);
		}
	}

	stop(): void {
		this.#asked?.abort();
	}
}
