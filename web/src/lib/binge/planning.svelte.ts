/** A plan for a wish: asked anew on every change, the earlier question cancelled; sittings page by page. */

import { ask, change } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { FOLLOW, PLANS, UNFOLLOW } from './following.ts';
import { argumentsOf, type Wish } from './wish.ts';

const PAUSE_MS = 300;
const PAGE = 100;

export const PLAN = graphql(`
	query Binge(
		$titleId: ID!
		$minutesPerDay: Int
		$byWeekday: [Int!]
		$until: Date
		$days: Int
		$skipFiller: Boolean!
		$specials: Boolean!
		$seasons: [Int!]
		$skipCreditsMin: Int
		$skipRecapMin: Int
		$first: Int!
		$after: String
	) {
		bingeSchedule(
			titleId: $titleId
			minutesPerDay: $minutesPerDay
			byWeekday: $byWeekday
			until: $until
			days: $days
			skipFiller: $skipFiller
			specials: $specials
			seasons: $seasons
			skipCreditsMin: $skipCreditsMin
			skipRecapMin: $skipRecapMin
		) {
			episodes
			filler
			planned
			minutes
			minutesWithFiller
			minutesByWeekday
			episodesPerDay
			fits
			startOn
			until
			finishesOn
			latestStart
			sentence
			preview
			skipFiller
			specials
			skipCreditsMin
			skipRecapMin
			sittingsTotal
			losses {
				season
				episodes
				trouble
				until
			}
			alternatives {
				change
				finishesOn
				firstSeason
				minutesByWeekday
				seasons
				until
			}
			sittings(first: $first, after: $after) {
				nodes {
					date
					minutes
					allowed
					episodes {
						seasonNumber
						number
						name
						minutes
						filler
						assumed
					}
				}
				pageInfo {
					hasNextPage
					endCursor
				}
			}
		}
	}
`);

export type Plan = NonNullable<ResultOf<typeof PLAN>['bingeSchedule']>;
export type Sitting = Plan['sittings']['nodes'][number];
export type Loss = Plan['losses'][number];
export type Way = Plan['alternatives'][number];
export type Followed = NonNullable<ResultOf<typeof PLANS>['bingePlans']>[number];

export class Planning {
	plan = $state.raw<Plan | null>(null);
	sittings = $state.raw<Sitting[]>([]);
	more = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** Whether what is shown answers an earlier wish. */
	busy = $state(false);
	/** The plan of this title that the profile follows. */
	followed = $state.raw<Followed | null>(null);

	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked: AbortController | undefined;
	#after: string | null = null;

	/** Ask in a moment, unless something else is asked first. */
	ask(titleId: string, wish: Wish, at_once = false): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
		this.busy = true;
		this.#timer = setTimeout(() => void this.#page(titleId, wish, null), at_once ? 0 : PAUSE_MS);
	}

	/** The sittings behind those that are there. */
	async grow(titleId: string, wish: Wish): Promise<void> {
		if (this.busy || !this.more) return;
		this.busy = true;
		await this.#page(titleId, wish, this.#after);
	}

	async #page(titleId: string, wish: Wish, after: string | null): Promise<void> {
		const asked = (this.#asked = new AbortController());
		try {
			const variables = { ...argumentsOf(titleId, wish), first: PAGE, after };
			const { bingeSchedule } = await ask(PLAN, variables, asked.signal);
			if (!bingeSchedule) throw Problem.of(null);
			const { nodes, pageInfo } = bingeSchedule.sittings;
			this.plan = bingeSchedule;
			this.sittings = after ? [...this.sittings, ...nodes] : nodes;
			this.more = pageInfo.hasNextPage;
			this.#after = pageInfo.endCursor;
			this.problem = null;
		} catch (thrown) {
			if (asked.signal.aborted) return;
			this.problem = Problem.of(thrown);
		}
		this.busy = false;
	}

	/** Finds out whether a plan of this title is followed. */
	async find(titleId: string): Promise<void> {
		const { bingePlans } = await ask(PLANS, {});
		this.followed = bingePlans?.find((each) => each.title?.id === titleId) ?? null;
	}

	/** Follows this wish from now on. Rejects with a Problem. */
	async follow(titleId: string, wish: Wish): Promise<void> {
		const { followBinge } = await change(FOLLOW, { input: argumentsOf(titleId, wish) });
		if (followBinge?.__typename !== 'BingeFollowed') throw refused(followBinge);
		this.followed = followBinge.plan;
	}

	/** Follows none any more. Rejects with a Problem. */
	async unfollow(titleId: string): Promise<void> {
		const { unfollowBinge } = await change(UNFOLLOW, { titleId });
		if (unfollowBinge?.__typename !== 'BingeUnfollowed') throw refused(unfollowBinge);
		this.followed = null;
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
	}
}
