/** The palette's titles: found as one types, a newer search in place of the one on its way; and wished for. */

import { ask, change } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';

const PAUSE_MS = 150;
const LONGEST = 200;

const FIND = graphql(`
	query FindTitles($words: String!) {
		titles(search: $words, first: 8) {
			nodes {
				id
				name
				year
				kind
				genres
			}
		}
	}
`);

const WISH = graphql(`
	mutation WishFromPalette($input: AddToWatchlistInput!) {
		addToWatchlist(input: $input) {
			__typename
			... on WatchlistItemAdded {
				alreadyThere
			}
			... on UserError {
				message
				code
			}
		}
	}
`);

const UNWISH = graphql(`
	mutation UnwishFromPalette($input: WatchlistTitleInput!) {
		removeFromWatchlist(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export type Found = NonNullable<ResultOf<typeof FIND>['titles']>['nodes'][number];

export class Titles {
	found = $state.raw<readonly Found[]>([]);
	busy = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** What was put on the list from here. */
	wished = $state.raw<ReadonlySet<string>>(new Set());

	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked: AbortController | undefined;

	/** Search in a moment, unless something else is typed first. */
	search(typed: string): void {
		this.stop();
		const words = typed.trim().slice(0, LONGEST);
		this.problem = null;
		this.busy = words.length > 1;
		if (!this.busy) this.found = [];
		else this.#timer = setTimeout(() => void this.#search(words), PAUSE_MS);
	}

	async #search(words: string): Promise<void> {
		const { signal } = (this.#asked = new AbortController());
		try {
			const { titles } = await ask(FIND, { words }, signal);
			this.found = titles?.nodes ?? [];
		} catch (thrown) {
			if (signal.aborted) return;
			this.found = [];
			this.problem = Problem.of(thrown);
		}
		this.busy = false;
	}

	/** Put a title on the watchlist, or take it off again where that was done here. Rejects with a Problem. */
	async wish(titleId: string): Promise<'added' | 'there' | 'removed'> {
		const input = { titleId };
		if (this.wished.has(titleId)) {
			const { removeFromWatchlist } = await change(UNWISH, { input });
			if (!removeFromWatchlist || 'message' in removeFromWatchlist) throw refused(removeFromWatchlist);
			this.wished = new Set([...this.wished].filter((id) => id !== titleId));
			return 'removed';
		}
		const { addToWatchlist } = await change(WISH, { input });
		if (addToWatchlist?.__typename !== 'WatchlistItemAdded') throw refused(addToWatchlist);
		// What was there before is not ours to take away.
		if (addToWatchlist.alreadyThere) return 'there';
		this.wished = new Set([...this.wished, titleId]);
		return 'added';
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
	}
}
