/** The page's lists, read and then kept up to date: what leaves, what has come, and what has just changed. */

import { ask } from '#lib/api/client.ts';
import { follow } from '#lib/api/live.svelte.ts';
import { Problem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';
import { keep, kept } from '#lib/offline.ts';
import { DAYS_AHEAD } from './days.ts';
import {
	ARRIVALS,
	AVAILABILITY_CHANGED,
	LEAVING,
	type Arrival,
	type AvailabilityEvent
} from './documents.ts';
import { entriesOf, type Entry } from './entries.ts';
import { announcement, newsOf, type News } from './news.ts';
import type { Scope } from './view.ts';

const ARRIVAL_DAYS = 14;
/** Events that come together are one reading: a nightly sync moves hundreds of days at once. */
const GATHER_MS = 250;
const MARKED_MS = 60_000;
/** The same is told twice within moments: what was heard long before needn't be remembered. */
const MOST_SEEN = 2_000;
const AGAIN_MS = 15_000;

interface Lists {
	entries: Entry[];
	arrivals: Arrival[];
}

export class Leaving {
	lists = $state.raw<Lists | null>(null);
	problem = $state.raw<Problem | null>(null);
	/** When the lists were true that are shown although the server can't be asked; null while they are fresh. */
	asOf = $state.raw<string | null>(null);
	/** Words beside a card that has changed, by title. */
	marks = $state.raw<ReadonlyMap<string, string>>(new Map());
	/** What a screen reader says. */
	said = $state('');
	/** Whether what is shown is of the scope before. */
	busy = $state(false);

	#scope: Scope = 'mine';
	/** Of which scope the lists are, and since when. */
	#shown: Scope | null = null;
	#readAt = '';
	#reading: Promise<void> = Promise.resolve();
	#asked: AbortController | undefined;
	#again: ReturnType<typeof setTimeout> | undefined;
	#gathering: ReturnType<typeof setTimeout> | undefined;
	#news = new Map<string, News>();
	#seen = new Set<string>();
	#timers = new Set<ReturnType<typeof setTimeout>>();

	/** Show a scope. `anew`: for somebody else, of whose lists nothing may stay. */
	show(scope: Scope, anew: boolean): void {
		this.#scope = scope;
		if (anew) {
			this.lists = this.#shown = null;
			this.#hush();
		}
		this.busy = !!this.lists;
		void this.read();
	}

	/** Read everything again. What is shown stays until there is something newer. */
	read(): Promise<void> {
		clearTimeout(this.#again);
		this.#asked?.abort();
		this.#asked = new AbortController();
		return (this.#reading = this.#read(this.#scope, this.#asked.signal));
	}

	async #read(scope: Scope, signal: AbortSignal): Promise<void> {
		try {
			if (!session.me) await session.load();
			const member = !!session.me;
			const onlyMine = member && scope !== 'all';
			const [left, come] = await Promise.all([
				ask(LEAVING, { days: DAYS_AHEAD, onlyMine, member }, signal),
				ask(ARRIVALS, { days: ARRIVAL_DAYS }, signal)
			]);
			const entries = entriesOf(left.leavingSoon ?? [], left.watchlist?.nodes ?? [], member ? scope : 'all');
			this.#showing(scope, { entries, arrivals: come.newOnMyPlatforms ?? [] }, null);
			this.#readAt = new Date().toISOString();
			if (member) keep(`leaving:${scope}`, this.lists);
		} catch (thrown) {
			if (!signal.aborted) this.#failed(scope, Problem.of(thrown));
		}
	}

	#showing(scope: Scope, lists: Lists | null, asOf: string | null): void {
		// The same again, as right after the feed has begun, is nothing to draw.
		if (JSON.stringify(lists) !== JSON.stringify(this.lists)) this.lists = lists;
		this.asOf = asOf;
		this.problem = null;
		this.busy = false;
		this.#shown = scope;
	}

	/** What was read last stays readable, here or from an earlier evening; it is tried again by itself. */
	#failed(scope: Scope, problem: Problem): void {
		if (problem.code === 'UNAUTHENTICATED' && session.me) {
			// It has ended elsewhere: nobody is signed in any more, and nobody may look.
			session.me = null;
			void this.read();
			return;
		}
		this.#again = setTimeout(() => void this.read(), AGAIN_MS);
		const copy = kept<Lists>(`leaving:${scope}`);
		if (this.lists && this.#shown === scope) this.#showing(scope, this.lists, this.asOf ?? this.#readAt);
		else this.#showing(scope, copy?.value ?? null, copy?.at ?? null);
		if (!this.lists) this.problem = problem;
	}

	/** Follow what changes, on my watchlist and on my services, until the function that it returns is called. */
	live(today: () => string): () => void {
		const beginning = new Set(['MY_WATCHLIST', 'MY_PLATFORMS'] as const);
		const stops = [...beginning].map((scope) =>
			follow({
				document: AVAILABILITY_CHANGED,
				variables: () => ({ scope }),
				pick: (data) => {
					// Nothing is missed from the first answer on: what was read before it may be older.
					if (beginning.delete(scope) && !beginning.size) this.#soon();
					return data.availabilityChanged;
				},
				event: (update) => this.#heard(update as AvailabilityEvent, today()),
				resync: () => this.#soon()
			})
		);
		return () => stops.forEach((stop) => stop());
	}

	#heard(event: AvailabilityEvent, today: string): void {
		// Both feeds tell of a wish on one of my services.
		if (this.#seen.has(event.cursor)) return;
		this.#seen.add(event.cursor);
		if (this.#seen.size > MOST_SEEN) this.#seen.delete(this.#seen.values().next().value!);
		const news = newsOf(event, today);
		if (news) this.#news.set(news.id, news);
		this.#soon();
	}

	/** Read in a moment, then say what has changed: nobody hears of a card before it has moved. */
	#soon(): void {
		this.#gathering ??= setTimeout(async () => {
			this.#gathering = undefined;
			const heard = this.#news;
			const news = [...heard.values()];
			heard.clear();
			await this.#reading;
			// The page is left by now, or it is somebody else's.
			if (heard !== this.#news) return;
			await this.read();
			if (heard === this.#news) this.#tell(news);
		}, GATHER_MS);
	}

	/** What was heard is nobody's news any more. */
	#hush(): void {
		clearTimeout(this.#gathering);
		this.#gathering = undefined;
		this.#news = new Map();
		this.marks = new Map();
		this.said = '';
	}

	#tell(news: readonly News[]): void {
		if (!news.length) return;
		this.said = announcement(news);
		this.marks = new Map([...this.marks, ...news.map(({ id, mark }) => [id, mark] as const)]);
		const fade = setTimeout(() => {
			this.#timers.delete(fade);
			const now = new Map(this.marks);
			for (const { id, mark } of news) if (now.get(id) === mark) now.delete(id);
			this.marks = now;
		}, MARKED_MS);
		this.#timers.add(fade);
	}

	stop(): void {
		this.#asked?.abort();
		clearTimeout(this.#again);
		this.#hush();
		this.#timers.forEach(clearTimeout);
	}
}
