/** The answer to a question: asked anew on every change, the earlier question cancelled. */

import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { ask } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import { followLines } from './lines.ts';
import type { Question } from './question.ts';

const PAUSE_MS = 300;

export const RECOMMEND = graphql(`
	query Recommend($input: RecommendInput!) {
		recommend(input: $input) {
			id
			whysPending
			candidates
			recommendations {
				...Pick
			}
			alternates {
				...Pick
			}
			dropped {
				reason
				count
			}
			relax {
				constraint
				suggestion
				wouldAdd
				timeMin
				mood
				groupSize
				platform {
					slug
					name
				}
			}
		}
	}

	fragment Pick on Recommendation {
		score
		whyId
		why
		whySource
		episodesFit
		terms {
			name
			value
			weight
		}
		offers {
			id
			source
			url
			expiresOn
			platform {
				slug
				name
			}
		}
		title {
			id
			name
			year
			kind
			runtimeMin
			genres
			attributions {
				name
				text
				url
			}
			myWatchlistItem {
				id
			}
		}
	}
`);

export type Answer = NonNullable<ResultOf<typeof RECOMMEND>['recommend']>;
export type Pick = Answer['recommendations'][number];

export class Asking {
	answer = $state.raw<Answer | null>(null);
	problem = $state.raw<Problem | null>(null);
	/** Whether what is shown answers an earlier question. */
	busy = $state(false);

	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked: AbortController | undefined;
	#unfollow: (() => void) | undefined;

	/** Ask in a moment, unless something else is asked first. */
	ask(question: Question, excluded: readonly string[], at_once = false): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
		this.busy = true;
		this.#timer = setTimeout(() => void this.#ask(question, excluded), at_once ? 0 : PAUSE_MS);
	}

	async #ask(question: Question, excluded: readonly string[]): Promise<void> {
		const asked = (this.#asked = new AbortController());
		try {
			const input = {
				mood: question.mood,
				timeMin: question.minutes,
				groupSize: question.company,
				subscribedPlatforms: question.services,
				excludeTitles: [...excluded],
				allowAvoidedGenres: question.allowed.includes('avoided'),
				allowWatched: question.allowed.includes('watched')
			};
			const { recommend } = await ask(RECOMMEND, { input }, asked.signal);
			this.answer = recommend;
			this.problem = null;
			this.#unfollow?.();
			this.#unfollow = recommend?.whysPending ? followLines(recommend.id, this.#told) : undefined;
		} catch (thrown) {
			if (asked.signal.aborted) return;
			this.problem = Problem.of(thrown);
		}
		this.busy = false;
	}

	/** A line has arrived: it takes the template's place. */
	#told = (whyId: string, why: string): void => {
		const answer = this.answer;
		if (!answer) return;
		const recommendations = answer.recommendations.map((pick) =>
			pick.whyId === whyId ? { ...pick, why, whySource: 'OLLAMA' as const } : pick
		);
		this.answer = { ...answer, recommendations };
	};

	/** A title is on the watchlist now, or off it: its answer says so without being asked again. */
	listed = (id: string, listed: boolean): void => {
		const answer = this.answer;
		if (!answer) return;
		const said = (pick: Pick): Pick =>
			pick.title?.id === id ? { ...pick, title: { ...pick.title, myWatchlistItem: listed ? { id } : null } } : pick;
		this.answer = {
			...answer,
			recommendations: answer.recommendations.map(said),
			alternates: answer.alternates.map(said)
		};
	};

	/** Nobody is shown what was answered to somebody else. */
	forget(): void {
		this.stop();
		this.answer = this.problem = null;
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
		this.#unfollow?.();
		this.#unfollow = undefined;
	}
}
