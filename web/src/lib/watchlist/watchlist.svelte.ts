/** A watchlist as it is shown: read by pages, changed here at once, and kept up to date with other devices. */

import type { VariablesOf } from '#lib/api/graphql.ts';
import { ask } from '#lib/api/client.ts';
import { follow } from '#lib/api/live.svelte.ts';
import { Problem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';
import { AVAILABILITY_CHANGED } from '#lib/leaving/documents.ts';
import { keep, kept } from '#lib/offline.ts';
import { WATCHLIST, WATCHLIST_CHANGED, type WatchlistEvent, type Wish } from './documents.ts';
import { USUAL, narrowed, variablesOf, type Filters } from './filters.ts';
import { compare, fits, put } from './order.ts';

const PAGE = 20;
const MOST = 100;
const GATHER_MS = 250;
const AGAIN_MS = 15_000;
const KEPT = 'watchlist';

type PageInfo = { endCursor: string | null; hasNextPage: boolean } | null;

export class Watchlist {
	wishes = $state.raw<Wish[] | null>(null);
	/** Whether there are more behind those. */
	more = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** When the list was true, where it is a copy that can't be read again now. */
	asOf = $state.raw<string | null>(null);
	/** Whether nobody is signed in. */
	guest = $state(false);
	/** Whether what is shown answers other filters. */
	busy = $state(false);
	filters: Filters = USUAL;

	/** Titles of which a change is on its way: until it is answered, what others tell of them is older. */
	#own = new Map<string, number>();
	readonly #today: () => string;
	#shown: Filters | null = null;
	#readAt = '';
	/** Counts what has changed the list since it was read: an answer that was asked for before may not know of it. */
	#deeds = 0;
	/** Whose list it is. */
	#owner: string | null = null;
	#end: string | null = null;
	#asked: AbortController | undefined;
	#paging: AbortController | undefined;
	#gathering: ReturnType<typeof setTimeout> | undefined;
	#again: ReturnType<typeof setTimeout> | undefined;

	constructor(today: () => string) {
		this.#today = today;
	}

	/** Show what fits the filters. `anew`: for somebody else, of whose list nothing may stay. */
	show(filters: Filters, anew: boolean): void {
		this.filters = filters;
		if (anew) {
			this.wishes = this.#shown = null;
			// What is still on its way is about the list of somebody else.
			this.#own = new Map();
			this.#owner = session.owner;
		}
		this.busy = !!this.wishes;
		this.#paging?.abort();
		void this.read(0);
	}

	/** Read everything that is shown again. */
	async read(first = this.wishes?.length ?? 0): Promise<void> {
		clearTimeout(this.#again);
		this.#asked?.abort();
		const { filters } = this;
		const { signal } = (this.#asked = new AbortController());
		const before = this.#deeds;
		try {
			if (!session.me) await session.load();
			const { nodes, pageInfo } = await this.#pages(filters, first, signal);
			if (this.#own.size || this.#deeds !== before) {
				// Something was done meanwhile that this answer may not know of.
				this.#soon();
				return;
			}
			this.guest = false;
			this.#showing(filters, nodes, null);
			this.#page(pageInfo);
			this.#readAt = new Date().toISOString();
			this.#keep();
		} catch (thrown) {
			if (!signal.aborted) this.#failed(filters, Problem.of(thrown));
		}
	}

	/** At least so many, in as many pages as that takes. */
	async #pages(filters: Filters, wanted: number, signal: AbortSignal) {
		const nodes: Wish[] = [];
		let pageInfo: PageInfo = null;
		do {
			const first = Math.min(MOST, Math.max(PAGE, wanted - nodes.length));
			const after = pageInfo?.endCursor ?? null;
			const variables: VariablesOf<typeof WATCHLIST> = { first, after, ...variablesOf(filters) };
			const { watchlist } = await ask(WATCHLIST, variables, signal);
			nodes.push(...(watchlist?.nodes ?? []));
			pageInfo = watchlist?.pageInfo ?? null;
		} while (pageInfo?.hasNextPage && nodes.length < wanted);
		return { nodes, pageInfo };
	}

	/** Read what comes behind. Rejects with a Problem, or an AbortError where something else is shown by now. */
	async showMore(): Promise<void> {
		const { signal } = (this.#paging = new AbortController());
		const variables = { first: PAGE, after: this.#end, ...variablesOf(this.filters) };
		const { watchlist } = await ask(WATCHLIST, variables, signal);
		const there = new Set(this.wishes?.map((wish) => wish.title.id));
		// What was put on the list since then may be on both pages.
		const more = watchlist?.nodes.filter((wish) => !there.has(wish.title.id)) ?? [];
		this.#deeds++;
		this.wishes = [...(this.wishes ?? []), ...more];
		this.#page(watchlist?.pageInfo ?? null);
	}

	#page(info: PageInfo): void {
		this.#end = info?.endCursor ?? null;
		this.more = info?.hasNextPage ?? false;
	}

	#showing(filters: Filters, wishes: Wish[] | null, asOf: string | null): void {
		this.wishes = wishes;
		this.asOf = asOf;
		this.problem = null;
		this.busy = false;
		this.#shown = filters;
	}

	/** What was read last stays readable, here or from an earlier evening; it is tried again by itself. */
	#failed(filters: Filters, problem: Problem): void {
		this.guest = problem.code === 'UNAUTHENTICATED';
		if (this.guest) return this.#showing(filters, null, null);
		this.#again = setTimeout(() => void this.read(), AGAIN_MS);
		if (this.wishes && this.#shown === filters) {
			this.#showing(filters, this.wishes, this.asOf ?? this.#readAt);
			return;
		}
		const copy = kept<Wish[]>(KEPT);
		const wishes = copy?.value
			.filter((wish) => fits(wish, filters, this.#today()))
			.sort((a, b) => compare(a, b, filters.sort));
		this.#showing(filters, wishes ?? null, copy?.at ?? null);
		this.more = false;
		if (!wishes) this.problem = problem;
	}

	/** Follow what others of the household and other devices do, until the function that it returns is called. */
	live(): () => void {
		let begun = false;
		// When a day moves, all that hangs on it does: the fuse, the warning, the plan, the place on the list.
		const days = follow({
			document: AVAILABILITY_CHANGED,
			variables: () => ({ scope: 'MY_WATCHLIST' as const }),
			pick: (data) => data.availabilityChanged,
			event: () => this.#soon(),
			resync: () => this.#soon()
		});
		const wishes = follow({
			document: WATCHLIST_CHANGED,
			variables: () => ({}),
			pick: (data) => {
				// Nothing is missed from the first answer on: what was read before it may be older.
				if (!begun) this.#soon();
				begun = true;
				return data.watchlistChanged;
			},
			event: (update) => {
				const { item, title } = update as WatchlistEvent;
				if (this.#own.has(title.id)) return;
				this.#deeds++;
				if (item) this.put(item);
				else this.drop(title.id);
			},
			resync: () => this.#soon()
		});
		return () => {
			days();
			wishes();
		};
	}

	/** Read in a moment: a nightly sync moves many days at once. */
	#soon(): void {
		this.#gathering ??= setTimeout(() => {
			this.#gathering = undefined;
			// What is on its way here would come back as it was.
			if (this.#own.size) this.#soon();
			else void this.read();
		}, GATHER_MS);
	}

	/** Show a wish as it is, where it belongs; behind the last page it waits to be asked for. */
	put(wish: Wish): void {
		if (!this.wishes) return;
		const wishes = put(this.wishes, wish, this.filters, this.#today());
		const last = wishes.at(-1)?.title.id === wish.title.id;
		const there = this.wishes.some((each) => each.title.id === wish.title.id);
		this.wishes = last && this.more && !there ? wishes.slice(0, -1) : wishes;
		this.#keep();
	}

	/** Show the list without it. Returns where it was; -1 where it was not. */
	drop(titleId: string): number {
		const at = this.wishes?.findIndex((wish) => wish.title.id === titleId) ?? -1;
		if (at >= 0) this.wishes = this.wishes!.toSpliced(at, 1);
		this.#keep();
		return at;
	}

	/** Show it again where it was. */
	restore(wish: Wish, at: number): void {
		if (!this.wishes || this.wishes.some((each) => each.title.id === wish.title.id)) return;
		if (at < 0) this.put(wish);
		else this.wishes = this.wishes.toSpliced(at, 0, wish);
		this.#keep();
	}

	/** Do something about a title; meanwhile nobody else changes what is shown of it. */
	async holding<Result>(titleId: string, work: () => Promise<Result>): Promise<Result> {
		const own = this.#own;
		this.#deeds++;
		own.set(titleId, (own.get(titleId) ?? 0) + 1);
		try {
			return await work();
		} finally {
			const others = own.get(titleId)! - 1;
			if (others) own.set(titleId, others);
			else own.delete(titleId);
		}
	}

	#keep(): void {
		if (this.wishes && !narrowed(this.filters) && session.owner === this.#owner) keep(KEPT, this.wishes);
	}

	stop(): void {
		this.#asked?.abort();
		this.#paging?.abort();
		clearTimeout(this.#again);
		clearTimeout(this.#gathering);
	}
}
