/** The seasons of a series with their episodes, and what is said of each: story or filler. */

import { ask, change } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';

const EPISODES = graphql(`
	query Episodes($id: ID!) {
		title(id: $id) {
			seasons {
				number
				name
				year
				episodeCount
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

export type Season = NonNullable<ResultOf<typeof EPISODES>['title']>['seasons'][number];
export type Episode = Season['episodes'][number];
export type Verdict = Exclude<Episode['filler'], 'UNKNOWN'>;
type Voted = Pick<Episode, 'id' | 'filler' | 'fillerSource' | 'fillerConfidence' | 'myFillerVote'>;

export class Episodes {
	seasons = $state.raw<Season[] | null>(null);
	problem = $state.raw<Problem | null>(null);
	/** Whether anybody says anything about filler in this series. */
	judged = $derived(this.seasons?.some((season) => season.episodes.some((each) => each.filler !== 'UNKNOWN')) ?? false);

	async load(id: string, signal?: AbortSignal): Promise<void> {
		try {
			this.seasons = (await ask(EPISODES, { id }, signal)).title?.seasons ?? [];
			this.problem = null;
		} catch (thrown) {
			if (!signal?.aborted) this.problem = Problem.of(thrown);
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
		this.seasons = (this.seasons ?? []).map((season) => ({
			...season,
			episodes: season.episodes.map((each) => ({ ...each, ...news.get(each.id) }))
		}));
	}
}
