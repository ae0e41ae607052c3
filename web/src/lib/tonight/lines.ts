/** Lines that a model is still writing for an answer, as they arrive. */

import { graphql } from '#lib/api/graphql.ts';
import { listen } from '#lib/api/live.svelte.ts';

const READY = graphql(`
	subscription WhyReady($answer: ID!) {
		whyReady(recommendationId: $answer) {
			__typename
			... on WhyLine {
				whyId
				why
				whySource
			}
		}
	}
`);

/** Calls `told` with each line that a model has written, until all are there or the function that is returned is called. */
export function followLines(answer: string, told: (whyId: string, why: string) => void): () => void {
	return listen(READY, { answer }, ({ whyReady }) => {
		if (whyReady.__typename === 'WhyLine' && whyReady.whySource === 'OLLAMA') {
			told(whyReady.whyId, whyReady.why);
		}
	});
}
