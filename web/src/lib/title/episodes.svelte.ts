/** The seasons of a series, the episodes of those that are opened, and what is said of each: story or filler. */

import { SvelteMap } from 'svelte/reactivity';
import { ask, change } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';

const SEASONS = graphql(`
	query Seasons($id: ID!) {
		title(id: $id) {
			seasons {
				number
				name
				year
				episodeCount
				fillers
			}
		}
	}
`);

const EPISODES = graphql(`
	query Episodes($id: ID!, $season: Int!) {
		title(id: $id) {
			seasons(numbers: [$season]) {
				episodes {
					...Told
				}
			}
		}
	}

	fragment Told on Episode {
		id
		number
		absoluteNumber
		name
		runtimeMin
		airDate
		filler
		fillerSource
		fillerConfidence
		myFillerVote
	}
`);

const VOTE = graphql(`
	mutation VoteFiller($input: VoteFillerInput!) {
		voteFiller(input: $input) {
			__typename
			... on FillerVoted {
				episodes {
					...Voted
				}
			}
			... on UserError {
				message
				code
			}
		}
	}

	fragment Voted on Episode {
		id
		filler
		fillerSource
		fillerConfidence
		myFillerVote
	}
`);

const UNVOTE = graphql(`
	mutation UnvoteFiller($input: UnvoteFillerInput!) {
		unvoteFiller(input: $input) {
			__typename
			... on FillerVoted {
				episodes {
					...Voted
				}
			}
			... on UserError {
				message
				code
			}
		}
	}

	fragment Voted on Episode {
		id
		filler
		fillerSource
		fillerConfidence
		myFillerVote
	}
`);

export type Season = NonNullable<ResultOf<typeof SEASONS>['title']>['seasons'][number];
export type Episode = NonNullable<ResultOf<typeof EPISODES>['title']>['seasons'][number]['episodes'][number];
export type Verdict = Exclude<Episode['filler'], 'UNKNOWN'>;
type Voted = Pick<Episode, 'id' | 'filler' | 'fillerSource' | 'fillerConfidence' | 'myFillerVote'>;

export class Episodes {
	seasons = $state.raw<Season[] | null>(null);
	/** The episodes of those seasons that were opened. */
	of = new SvelteMap<number, readonly Episode[]>();
	problem = $state.raw<Problem | null>(null);
	/** Whether anybody says anything about filler in this series. */
	judged = $derived(this.seasons?.some((season) => season.fillers.some((each) => each !== 'UNKNOWN')) ?? false);

	readonly #id: string;
	readonly #left = new AbortController();

	constructor(id: string) {
		this.#id = id;
	}

	async load(): Promise<void> {
		await this.#reading(async (signal) => {
			this.seasons = (await ask(SEASONS, { id: this.#id }, signal)).title?.seasons ?? [];
		});
	}

	/** Reads the episodes of a season, once. */
	async open(season: number): Promise<void> {
		if (this.of.has(season)) return;
		await this.#reading(async (signal) => {
			const { title } = await ask(EPISODES, { id: this.#id, season }, signal);
			this.of.set(season, title?.seasons[0]?.episodes ?? []);
		});
	}

	stop(): void {
		this.#left.abort();
	}

	async #reading(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
		try {
			await work(this.#left.signal);
			this.problem = null;
		} catch (thrown) {
			if (!this.#left.signal.aborted) this.problem = Problem.of(thrown);
		}
	}

	/** Says what one thinks of an episode, or with null nothing any more. Tells whether it was taken. */
	async vote(episode: Episode, verdict: Verdict | null): Promise<boolean> {
		const episodeIds = [episode.id];
		try {
			const answer = verdict
				? (await change(VOTE, { input: { episodeIds, verdict } })).voteFiller
				: (await change(UNVOTE, { input: { episodeIds } })).unvoteFiller;
			if (answer?.__typename !== 'FillerVoted') throw refused(answer);
			this.#hear(answer.episodes);
			toasts.say(m.title_voted());
			return true;
		} catch (thrown) {
			toasts.say(Problem.of(thrown).message);
			return false;
		}
	}

	#hear(voted: readonly Voted[]): void {
		const news = new Map(voted.map((each) => [each.id, each]));
		for (const [number, before] of this.of) {
			if (!before.some((each) => news.has(each.id))) continue;
			const episodes = before.map((each) => ({ ...each, ...news.get(each.id) }));
			this.of.set(number, episodes);
			const fillers = episodes.map((each) => each.filler);
			this.seasons = (this.seasons ?? []).map((season) => (season.number === number ? { ...season, fillers } : season));
		}
	}
}
