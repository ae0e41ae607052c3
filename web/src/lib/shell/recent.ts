/** The titles that were looked at last in this browser, for the palette; forgotten with whoever looked at them. */

import { keep, kept } from '#lib/offline.ts';

export interface Seen {
	id: string;
	name: string;
	year: number | null;
	genres: readonly string[];
}

const KEPT = 'recent';
const MOST = 6;

/** The list with a title first, once, and not longer than one reads. */
export function withFirst(seen: readonly Seen[], title: Seen): Seen[] {
	return [title, ...seen.filter(({ id }) => id !== title.id)].slice(0, MOST);
}

export const recent = {
	/** The last one first. It is read anew each time: other tabs look at titles too. */
	all(): Seen[] {
		const value = kept<Seen[]>(KEPT)?.value;
		return Array.isArray(value) ? value.filter((each) => typeof each?.id === 'string' && typeof each.name === 'string') : [];
	},

	/** Somebody looks at a title. */
	saw({ id, name, year, genres }: Seen): void {
		keep(KEPT, withFirst(recent.all(), { id, name, year, genres: [...genres] }));
	}
};
