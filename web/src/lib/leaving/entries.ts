/** One list of what leaves, from the two that the API gives: what may be missed, and what is wished for. */

import type { Left, Wished } from './documents.ts';
import type { Scope } from './view.ts';

export interface Entry {
	title: NonNullable<Left['title']>;
	expiresOn: string;
	/** 0 to 1; null for a wish that the API's list of what may be missed leaves out. */
	regret: number | null;
	why: string | null;
	/** Those that leave; empty where all of it does. */
	seasons: readonly number[];
	staysElsewhere: boolean;
	offers: Left['offers'];
	wished: boolean;
	finish: Wished['finish'];
}

/** What is shown in a scope, what would be missed most first; every title once. */
export function entriesOf(left: readonly Left[], wished: readonly Wished[], scope: Scope): Entry[] {
	const wishes = new Map(wished.map((wish) => [wish.title.id, wish]));
	const entries: Entry[] = [];
	for (const { title, onWatchlist, ...rest } of left) {
		if (!title || entries.some((entry) => entry.title.id === title.id)) continue;
		const wish = wishes.get(title.id);
		entries.push({ ...rest, title, wished: onWatchlist, finish: wish?.finish ?? null });
		wishes.delete(title.id);
	}
	// A wish outside of that list, say of an avoided genre, is somebody's wish all the same.
	const others = [...wishes.values()]
		.filter((wish) => wish.expiresOn !== null)
		.map(({ title, offers, finish, expiresOn }) => ({
			title,
			offers,
			finish,
			expiresOn: expiresOn!,
			regret: null,
			why: null,
			seasons: [],
			staysElsewhere: false,
			wished: true
		}));
	const all = [...entries, ...others];
	return scope === 'watchlist' ? all.filter((entry) => entry.wished) : all;
}
