/** A title with all that is known of it; where it is, is followed live. */

import { ask } from '#lib/api/client.ts';
import { early, earlyNow } from '#lib/api/early.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { follow } from '#lib/api/live.svelte.ts';
import { Problem } from '#lib/api/problem.ts';

export const TITLE = graphql(`
	query Title($id: ID!) {
		title(id: $id) {
			id
			name
			kind
			year
			runtimeMin
			genres
			moods {
				mood
			}
			synopsis
			maturity
			countries
			audienceScore
			audienceVotes
			criticsScore
			seasonCount
			episodeCount
			credits {
				name
				role
				character
			}
			attributions {
				name
				text
				url
			}
			finish {
				canFinish
				startBy
				leavesOn
				losesSeasons
				sentence
			}
			myWatchlistItem {
				id
			}
			myRating
			watchedAt
			...Where
		}
	}

	fragment Where on Title {
		offers {
			id
			monetization
			price
			currency
			quality
			seasonNumber
			expiresOn
			confidence
			source
			lastSeenAt
			url
			platform {
				slug
				name
			}
			attributions {
				name
				text
				url
			}
		}
		availabilityTimeline(first: 50) {
			entries {
				at
				kind
				monetization
				seasonNumber
				expiresOn
				previousExpiresOn
				price
				currency
				source
				confidence
				platform {
					slug
					name
				}
			}
			claims {
				source
				believed
				there
				confidence
				observedAt
				expiresOn
				monetization
				seasonNumber
				platform {
					slug
					name
				}
			}
		}
	}
`);

export const MOVED = graphql(`
	subscription TitleMoved($id: ID!, $after: Cursor) {
		availabilityChanged(scope: TITLE, titleId: $id, after: $after) {
			__typename
			... on AvailabilityEvent {
				cursor
				kind
				expiresOn
				seasonNumber
				platform {
					slug
					name
				}
			}
			... on Heartbeat {
				cursor
			}
			... on Resync {
				cursor
			}
		}
	}
`);

export type Title = NonNullable<ResultOf<typeof TITLE>['title']>;
export type Offer = Title['offers'][number];
export type Entry = Title['availabilityTimeline']['entries'][number];
export type Claim = Title['availabilityTimeline']['claims'][number];
export type Moved = Extract<ResultOf<typeof MOVED>['availabilityChanged'], { __typename: 'AvailabilityEvent' }>;

export class Reading {
	/** Null where there is none, undefined as long as nobody knows. */
	title = $state.raw<Title | null | undefined>(undefined);
	problem = $state.raw<Problem | null>(null);
	/** The last thing that changed while the page was open. */
	moved = $state.raw<Moved | null>(null);
	#asked: AbortController | undefined;
	#reading: Promise<void> = Promise.resolve();

	/** Reads it anew; what is there stays until the answer comes. */
	read(id: string): Promise<void> {
		return (this.#reading = this.#read(id));
	}

	async #read(id: string): Promise<void> {
		this.#asked?.abort();
		const asked = (this.#asked = new AbortController());
		try {
			const told =
				earlyNow<ResultOf<typeof TITLE>>('Title', { id }) ??
				(await early<ResultOf<typeof TITLE>>('Title', { id })) ??
				(await ask(TITLE, { id }, asked.signal));
			asked.signal.throwIfAborted();
			this.title = told.title;
			this.problem = null;
		} catch (thrown) {
			if (!asked.signal.aborted) this.problem = Problem.of(thrown);
		}
	}

	/** Follows what changes about where it is; returns the way to stop. */
	follow(id: string): () => void {
		let [begun, left] = [false, false];
		const stop = follow({
			document: MOVED,
			variables: () => ({ id }),
			pick: (data) => {
				// Nothing is missed from the first answer on: what was read before it may be older.
				if (!begun) void this.#reading.then(() => (left ? undefined : this.read(id)));
				begun = true;
				return data.availabilityChanged;
			},
			event: (update) => {
				this.moved = update as Moved;
				void this.read(id);
			},
			resync: () => void this.read(id)
		});
		return () => {
			left = true;
			stop();
		};
	}

	/** Nobody is shown what was read for somebody else. */
	forget(): void {
		this.#asked?.abort();
		this.title = undefined;
		this.moved = null;
	}
}
