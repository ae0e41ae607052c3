/** What one does about a wish: shown at once, taken back where the API refuses, and with the way back. */

import { change } from '#lib/api/client.ts';
import { sameOwner } from '#lib/api/owner.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { REMOVE_WISH, RESTORE_WISH, UPDATE_WISH, WISH_UNWATCHED, WISH_WATCHED, type Wish } from './documents.ts';
import type { Watchlist } from './watchlist.svelte.ts';

type Payload = { __typename: string; message?: string; code?: string; item?: Wish | null } | null;

export class Deeds {
	readonly #list: Watchlist;
	/** What is on its way for a title: the next thing waits for it, so that an undo comes second. */
	readonly #last = new Map<string, Promise<unknown>>();

	constructor(list: Watchlist) {
		this.#list = list;
	}

	/** Take it off the list; it comes back where it was. */
	async remove(wish: Wish): Promise<void> {
		const { id: titleId, name } = wish.title;
		const at = this.#list.drop(titleId);
		const here = sameOwner();
		const undo = () => {
			if (!here()) return;
			this.#list.restore(wish, at);
			void this.#do(titleId, async () => (await change(RESTORE_WISH, { input: { titleId } })).undoRemoveFromWatchlist, () =>
				this.#list.drop(titleId)
			);
		};
		toasts.say(m.watchlist_removed_said({ name }), undo);
		await this.#do(
			titleId,
			async () => (await change(REMOVE_WISH, { input: { titleId } })).removeFromWatchlist,
			() => this.#list.restore(wish, at)
		);
	}

	/** Say that it was watched, or that it was not after all. */
	async watched(wish: Wish, watched: boolean): Promise<void> {
		const { name } = wish.title;
		const at = this.#list.wishes?.findIndex((each) => each.title.id === wish.title.id) ?? -1;
		const mark = (is: boolean) => this.#mark(wish, is);
		const here = sameOwner();
		toasts.say(watched ? m.watchlist_watched_said({ name }) : m.watchlist_unwatched_said({ name }), () => {
			if (!here()) return;
			// First where it was, then as it is.
			this.#list.drop(wish.title.id);
			this.#list.restore(wish, at);
			void mark(!watched);
		});
		await mark(watched);
	}

	#mark(wish: Wish, watched: boolean): Promise<boolean> {
		const { id: titleId } = wish.title;
		const marked = { ...wish, watchedAt: watched ? (wish.watchedAt ?? new Date().toISOString()) : null };
		this.#list.put(marked);
		return this.#do(
			titleId,
			async () =>
				watched
					? (await change(WISH_WATCHED, { input: { titleId } })).markWatched
					: (await change(WISH_UNWATCHED, { input: { titleId } })).unmarkWatched,
			() => this.#list.put(wish)
		);
	}

	/** Write a note, or with an empty one none. Rejects with a Problem, which is shown beside it. */
	async note(wish: Wish, written: string): Promise<void> {
		const note = written.trim() || null;
		await this.#change(wish.title.id, { note });
	}

	/** Where they would rather watch it; null for wherever it is. */
	async prefer(wish: Wish, service: { slug: string; name: string } | null): Promise<void> {
		const here = sameOwner();
		this.#list.put({ ...wish, platformPreference: service });
		try {
			await this.#change(wish.title.id, { platformPreference: service?.slug ?? null });
		} catch (thrown) {
			if (!here()) return;
			this.#list.put(wish);
			toasts.say(Problem.of(thrown).message);
		}
	}

	async #change(titleId: string, part: { note: string | null } | { platformPreference: string | null }): Promise<void> {
		await this.#queue(titleId, async () => (await change(UPDATE_WISH, { input: { titleId, ...part } })).updateWatchlistItem);
	}

	/** Do it, show what came of it; where it is refused say why, and go back. */
	async #do(titleId: string, work: () => Promise<Payload>, back: () => void): Promise<boolean> {
		const here = sameOwner();
		try {
			await this.#queue(titleId, work);
			return true;
		} catch (thrown) {
			if (!here()) return false;
			back();
			toasts.say(Problem.of(thrown).message);
			return false;
		}
	}

	#settle(payload: Payload): void {
		if (!payload || payload.message) throw refused(payload);
		// Where something else is on its way already, its answer is the newer one.
		if (payload.item && !this.#waiting(payload.item.title.id)) this.#list.put(payload.item);
	}

	#waiting(titleId: string): boolean {
		return (this.#queued.get(titleId) ?? 0) > 1;
	}

	readonly #queued = new Map<string, number>();

	async #queue(titleId: string, work: () => Promise<Payload>): Promise<void> {
		const here = sameOwner();
		this.#queued.set(titleId, (this.#queued.get(titleId) ?? 0) + 1);
		const before = this.#last.get(titleId) ?? Promise.resolve();
		const mine = this.#list.holding(titleId, async () => {
			await before.catch(() => {});
			// What waited is not to be done to the list of whoever has come meanwhile, nor shown on it.
			if (!here()) return;
			const payload = await work();
			if (here()) this.#settle(payload);
		});
		this.#last.set(titleId, mine);
		try {
			await mine;
		} finally {
			this.#queued.set(titleId, this.#queued.get(titleId)! - 1);
			if (this.#last.get(titleId) === mine) this.#last.delete(titleId);
		}
	}
}
