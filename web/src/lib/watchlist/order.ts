/** Where a wish belongs on a list that is shown: by the rules by which the API filters and sorts. */

import { daysBetween } from '#lib/i18n/locale.svelte.ts';
import type { Filters, Sort } from './filters.ts';

/** What of a wish decides its place. */
export interface Placed {
	addedAt: string;
	available: boolean;
	expiresOn: string | null;
	watchedAt: string | null;
	title: { id: string; name: string };
}

/** Whether the filters let a wish through. */
export function fits(wish: Placed, filters: Filters, today: string): boolean {
	if (filters.on !== 'all' && wish.available !== (filters.on === 'mine')) return false;
	if (filters.state !== 'all' && !!wish.watchedAt !== (filters.state === 'done')) return false;
	if (filters.within === null) return true;
	return wish.expiresOn !== null && daysBetween(today, wish.expiresOn) <= filters.within;
}

/** Negative where `a` comes first. */
export function compare(a: Placed, b: Placed, sort: Sort): number {
	if (sort === 'added') return Date.parse(b.addedAt) - Date.parse(a.addedAt) || number(a) - number(b);
	if (sort === 'title') return byText(key(a), key(b)) || number(a) - number(b);
	return rank(a) - rank(b) || byText(a.expiresOn ?? '', b.expiresOn ?? '') || number(a) - number(b);
}

/** The list with the wish where it belongs, once; without it where the filters hide it. */
export function put<Wish extends Placed>(
	wishes: readonly Wish[],
	wish: Wish,
	filters: Filters,
	today: string
): Wish[] {
	const others = wishes.filter((each) => each.title.id !== wish.title.id);
	if (!fits(wish, filters, today)) return others;
	// Where it stands, if it may stand there: nothing moves under a finger without a reason.
	const there = wishes.findIndex((each) => each.title.id === wish.title.id);
	const before = others[there - 1];
	const behind = others[there];
	const stays =
		there >= 0 &&
		(!before || compare(before, wish, filters.sort) <= 0) &&
		(!behind || compare(wish, behind, filters.sort) <= 0);
	const later = others.findIndex((each) => compare(wish, each, filters.sort) < 0);
	const at = stays ? there : later < 0 ? others.length : later;
	return others.toSpliced(at, 0, wish);
}

/** What leaves comes first, then what stays, then what can't be seen; watched ones come last. */
function rank(wish: Placed): number {
	const last = wish.watchedAt ? 3 : 0;
	return last + (!wish.available ? 2 : wish.expiresOn === null ? 1 : 0);
}

function key(wish: Placed): string {
	return wish.title.name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function byText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Ids end in a number, by which the API settles a draw. */
function number(wish: Placed): number {
	return Number(/\d+$/.exec(wish.title.id)?.[0] ?? 0);
}
