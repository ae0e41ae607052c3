/** The titles that a search finds: a newer search takes the place of the one that is on its way. */

import { ask } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import type { Wanted } from './wanted.ts';

const PAGE = 24;

export const SEARCH = graphql(`
	query Search(
		$words: String
		$kinds: [TitleKind!]
		$genres: [Genre!]
		$moods: [Mood!]
		$from: Int
		$to: Int
		$minutes: Int
		$services: [String!]
		$first: Int!
		$after: String
		$count: Boolean!
	) {
		titles(
			search: $words
			kinds: $kinds
			genres: $genres
			moods: $moods
			minYear: $from
			maxYear: $to
			maxRuntimeMin: $minutes
			platforms: $services
			first: $first
			after: $after
		) {
			nodes {
				id
				name
				year
				kind
				runtimeMin
				seasonCount
				genres
				attributions {
					name
					text
					url
				}
				offers(monetizations: [SUBSCRIPTION, FREE, ADS]) {
					id
					source
					expiresOn
					platform {
						slug
						name
					}
				}
			}
			pageInfo {
				hasNextPage
				endCursor
			}
			totalCount @include(if: $count) {
				counted
				more
			}
		}
	}
`);

export const SERVICES = graphql(`
	query Services {
		platforms {
			slug
			name
		}
	}
`);

type Page = NonNullable<ResultOf<typeof SEARCH>['titles']>;
export type Found = Page['nodes'][number];

export class Searching {
	/** Null until the first answer. */
	found = $state.raw<Found[] | null>(null);
	more = $state(false);
	/** How many there are on all pages. */
	total = $state.raw<Page['totalCount'] | null>(null);
	/** Whether what is shown answers an earlier search. */
	busy = $state(false);
	/** Whether the next page is on its way. */
	growing = $state(false);
	problem = $state.raw<Problem | null>(null);

	#wanted: Wanted | undefined;
	#after: string | null = null;
	#asked: AbortController | undefined;

	/** Begins anew with the first page. */
	async search(wanted: Wanted): Promise<void> {
		this.#wanted = wanted;
		this.busy = true;
		this.growing = false;
		const page = await this.#page(null);
		if (!page) return;
		this.found = page.nodes;
		this.total = page.totalCount ?? null;
		this.busy = false;
	}

	/** The next page behind what is there; tells how many were there before. */
	async grow(): Promise<number> {
		const before = this.found?.length ?? 0;
		this.growing = true;
		const page = await this.#page(this.#after);
		if (!page) return before;
		const known = new Set(this.found?.map((each) => each.id));
		this.found = [...(this.found ?? []), ...page.nodes.filter((each) => !known.has(each.id))];
		this.growing = false;
		return before;
	}

	/** Nobody is shown what was found for somebody else, who may see more. */
	forget(): void {
		this.stop();
		this.found = this.total = this.problem = null;
		this.more = false;
	}

	stop(): void {
		this.#asked?.abort();
	}

	async #page(after: string | null): Promise<Page | null> {
		this.#asked?.abort();
		const asked = (this.#asked = new AbortController());
		try {
			const { titles } = await ask(SEARCH, { ...variablesOf(this.#wanted!), first: PAGE, after, count: !after }, asked.signal);
			if (!titles) throw Problem.of(null);
			this.#after = titles.pageInfo.endCursor;
			this.more = titles.pageInfo.hasNextPage;
			this.problem = null;
			return titles;
		} catch (thrown) {
			if (asked.signal.aborted) return null;
			this.problem = Problem.of(thrown);
			this.busy = this.growing = false;
			return null;
		}
	}
}

function variablesOf(wanted: Wanted) {
	const some = <Value>(values: Value[]) => (values.length ? values : null);
	return {
		words: wanted.words.trim() || null,
		kinds: wanted.kind ? [wanted.kind] : null,
		genres: some(wanted.genres),
		moods: some(wanted.moods),
		from: wanted.from,
		to: wanted.to,
		minutes: wanted.minutes,
		services: some(wanted.services)
	};
}
