/** How one stands with a title: whether it is on the watchlist, watched and rated. */

import { change } from '#lib/api/client.ts';
import { sameOwner } from '#lib/api/owner.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { ADD, MARK, RATE, REMOVE, UNMARK } from './deeds.ts';
import type { Title } from './reading.svelte.ts';

type Told = Pick<Title, 'id' | 'name' | 'myWatchlistItem' | 'myRating' | 'watchedAt'>;

interface Answer {
	__typename: string;
	message?: string;
	code?: string;
}

export class Mine {
	listed = $state(false);
	watched = $state(false);
	score = $state<number | null>(null);

	readonly id: string;
	readonly #name: string;
	/** Changes that are on their way: what was read meanwhile is older than they are. */
	#pending = 0;

	constructor(told: Told) {
		this.id = told.id;
		this.#name = told.name;
		this.hear(told);
	}

	/** What was read of it just now. */
	hear({ myWatchlistItem, myRating, watchedAt }: Told): void {
		if (this.#pending) return;
		this.listed = myWatchlistItem !== null;
		this.watched = watchedAt !== null;
		this.score = myRating;
	}

	async add(): Promise<void> {
		await this.#set('listed', true, m.title_added({ name: this.#name }), async () =>
			(await change(ADD, { input: { titleId: this.id } })).addToWatchlist, () => this.remove());
	}

	async remove(): Promise<void> {
		await this.#set('listed', false, m.title_removed({ name: this.#name }), async () =>
			(await change(REMOVE, { input: { titleId: this.id } })).removeFromWatchlist, () => this.add());
	}

	async mark(): Promise<void> {
		await this.#set('watched', true, m.title_marked({ name: this.#name }), async () =>
			(await change(MARK, { input: { titleId: this.id } })).markWatched, () => this.unmark());
	}

	async unmark(): Promise<void> {
		await this.#set('watched', false, m.title_unmarked({ name: this.#name }), async () =>
			(await change(UNMARK, { input: { titleId: this.id } })).unmarkWatched, () => this.mark());
	}

	async rate(score: number | null): Promise<void> {
		const before = this.score;
		const said = score === null ? m.title_unrated({ name: this.#name }) : m.title_rated({ name: this.#name, score });
		await this.#set('score', score, said, async () =>
			(await change(RATE, { titleId: this.id, score })).rateTitle, () => this.rate(before));
	}

	/** Shows at once what is wished for, and what was before where it is refused. */
	async #set<Key extends 'listed' | 'watched' | 'score'>(
		key: Key, value: this[Key], said: string, work: () => Promise<Answer | null>, undo: () => unknown
	): Promise<void> {
		const here = sameOwner();
		const before = this[key];
		this[key] = value;
		this.#pending++;
		try {
			const answer = await work();
			if (!answer || answer.message) throw refused(answer);
			if (here()) toasts.say(said, () => void undo());
		} catch (thrown) {
			this[key] = before;
			if (here()) toasts.say(Problem.of(thrown).message);
		} finally {
			this.#pending--;
		}
	}
}
