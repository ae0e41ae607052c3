/** How one stands with a title: whether it is on the watchlist, watched and rated. */

import { ask, change } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { ADD, MARK, RATE, REMOVE, SEEN, UNMARK, WISHES } from './deeds.ts';

/** Pages of the watchlist that are looked through; the API can't be asked about one title of it. */
const MOST_PAGES = 10;

interface Answer {
	__typename: string;
	message?: string;
	code?: string;
}

export class Mine {
	/** Null as long as nobody knows. */
	listed = $state<boolean | null>(null);
	watched = $state<boolean | null>(null);
	/** Only what was said on this page: the API doesn't tell what was said before. */
	score = $state<number | null>(null);

	readonly #id: string;
	readonly #name: string;

	constructor(id: string, name: string) {
		this.#id = id;
		this.#name = name;
	}

	/** Finds out; where that fails the buttons offer what one does most. */
	async load(signal: AbortSignal): Promise<void> {
		try {
			const [wish, seen] = await Promise.all([this.#wish(signal), ask(SEEN, { titleId: this.#id }, signal)]);
			this.listed = wish !== null;
			this.watched = !!wish?.watchedAt || !!seen.history?.nodes.some((each) => each.episode === null);
		} catch {
			if (!signal.aborted) this.listed = this.watched = false;
		}
	}

	async add(): Promise<void> {
		await this.#set('listed', true, m.title_added({ name: this.#name }), async () =>
			(await change(ADD, { input: { titleId: this.#id } })).addToWatchlist, () => this.remove());
	}

	async remove(): Promise<void> {
		await this.#set('listed', false, m.title_removed({ name: this.#name }), async () =>
			(await change(REMOVE, { input: { titleId: this.#id } })).removeFromWatchlist, () => this.add());
	}

	async mark(): Promise<void> {
		await this.#set('watched', true, m.title_marked({ name: this.#name }), async () =>
			(await change(MARK, { input: { titleId: this.#id } })).markWatched, () => this.unmark());
	}

	async unmark(): Promise<void> {
		await this.#set('watched', false, m.title_unmarked({ name: this.#name }), async () =>
			(await change(UNMARK, { input: { titleId: this.#id } })).unmarkWatched, () => this.mark());
	}

	async rate(score: number | null): Promise<void> {
		const before = this.score;
		const said = score === null ? m.title_unrated({ name: this.#name }) : m.title_rated({ name: this.#name, score });
		await this.#set('score', score, said, async () =>
			(await change(RATE, { titleId: this.#id, score })).rateTitle, () => this.rate(before));
	}

	/** Shows at once what is wished for, and what was before where it is refused. */
	async #set<Key extends 'listed' | 'watched' | 'score'>(
		key: Key, value: this[Key], said: string, work: () => Promise<Answer | null>, undo: () => unknown
	): Promise<void> {
		const before = this[key];
		this[key] = value;
		try {
			const answer = await work();
			if (!answer || answer.message) throw refused(answer);
			toasts.say(said, () => void undo());
		} catch (thrown) {
			this[key] = before;
			toasts.say(Problem.of(thrown).message);
		}
	}

	async #wish(signal: AbortSignal): Promise<{ watchedAt: string | null } | null> {
		let after: string | null = null;
		for (let page = 0; page < MOST_PAGES; page++) {
			const watchlist: WishPage = (await ask(WISHES, { after }, signal)).watchlist;
			const wish = watchlist?.nodes.find((each) => each.title.id === this.#id);
			if (wish) return wish;
			if (!watchlist?.pageInfo.hasNextPage) break;
			after = watchlist.pageInfo.endCursor;
		}
		return null;
	}
}

type WishPage = {
	nodes: readonly { watchedAt: string | null; title: { id: string } }[];
	pageInfo: { hasNextPage: boolean; endCursor: string | null };
} | null;
