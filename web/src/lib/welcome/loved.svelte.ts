/** The titles somebody loved: found while one types, rated ten and marked as watched when they are chosen. */

import { ask, change } from '#lib/api/client.ts';
import type { ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { done } from '#lib/settings/done.ts';
import { MARK, RATE, UNMARK } from '#lib/title/deeds.ts';
import { FIND } from './documents.ts';

export type Loved = NonNullable<ResultOf<typeof FIND>['titles']>['nodes'][number];

export const MOST = 5;
/** How many are offered at once. */
export const OFFERED = 6;
const BEST = 10;
const PAUSE_MS = 200;

export class Loving {
	chosen = $state.raw<Loved[]>([]);
	/** Null where nothing is looked for. */
	found = $state.raw<Loved[] | null>(null);
	/** What many have seen, for as long as nothing is looked for. */
	popular = $state.raw<Loved[]>([]);
	problem = $state.raw<Problem | null>(null);

	#asked: AbortController | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** What is on its way for a title: taking it back waits for it. */
	readonly #last = new Map<string, Promise<unknown>>();

	/** Read what is offered before somebody types; without it there is the search alone. */
	async begin(): Promise<void> {
		if (this.popular.length) return;
		try {
			const { titles } = await ask(FIND, { words: null, first: OFFERED + MOST });
			this.popular = titles?.nodes ?? [];
		} catch {
			// The search says what is wrong when it is used.
		}
	}

	find(words: string): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
		this.problem = null;
		if (!words.trim()) {
			this.found = null;
			return;
		}
		this.#timer = setTimeout(() => void this.#find(words), PAUSE_MS);
	}

	async choose(title: Loved): Promise<void> {
		if (this.chosen.length >= MOST || this.chosen.some((each) => each.id === title.id)) return;
		this.chosen = [...this.chosen, title];
		await this.#do(
			title.id,
			async () => {
				done((await change(RATE, { titleId: title.id, score: BEST })).rateTitle);
				done((await change(MARK, { input: { titleId: title.id } })).markWatched);
			},
			() => (this.chosen = this.chosen.filter((each) => each.id !== title.id))
		);
	}

	async drop(title: Loved): Promise<void> {
		const before = this.chosen;
		this.chosen = before.filter((each) => each.id !== title.id);
		await this.#do(
			title.id,
			async () => {
				done((await change(RATE, { titleId: title.id, score: null })).rateTitle);
				done((await change(UNMARK, { input: { titleId: title.id } })).unmarkWatched);
			},
			() => (this.chosen = [...this.chosen, title])
		);
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
	}

	async #find(words: string): Promise<void> {
		const asked = (this.#asked = new AbortController());
		try {
			const { titles } = await ask(FIND, { words, first: OFFERED }, asked.signal);
			this.found = titles?.nodes ?? [];
		} catch (thrown) {
			if (!asked.signal.aborted) this.problem = Problem.of(thrown);
		}
	}

	async #do(id: string, work: () => Promise<void>, back: () => void): Promise<void> {
		this.problem = null;
		const mine = (this.#last.get(id) ?? Promise.resolve()).catch(() => {}).then(work);
		this.#last.set(id, mine);
		try {
			await mine;
		} catch (thrown) {
			back();
			this.problem = Problem.of(thrown);
		}
	}
}
