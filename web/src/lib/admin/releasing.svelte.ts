/** The job ledger: how it stands, and jobs that are released in a moment. */

import { ask, change } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { JOBS, RELEASE_JOB, type GivenUp } from './documents.ts';
import type { Later } from './later.ts';
import { Reading } from './reading.svelte.ts';
import { kindName } from './words.ts';

const FIRST = 20;
/** Nothing tells of jobs as they change. */
const AGAIN_MS = 20_000;

export class Releasing {
	readonly ledger = new Reading(async (signal) => (await ask(JOBS, { first: FIRST }, signal)).jobs);
	/** Counts what is planned and taken back, since the plans aren't watched. */
	#turn = $state(0);

	readonly #later: Later;
	readonly givenUp = $derived.by(() => {
		void this.#turn;
		return this.ledger.value?.quarantined.nodes.filter(({ id }) => !this.#later.waits(id)) ?? [];
	});

	constructor(later: Later) {
		this.#later = later;
	}

	/** Read it, and again while somebody looks, until the function that it returns is called. */
	watch(): () => void {
		void this.ledger.read();
		const again = setInterval(() => {
			if (document.visibilityState === 'visible') void this.ledger.read();
		}, AGAIN_MS);
		return () => {
			clearInterval(again);
			this.ledger.stop();
		};
	}

	release({ id, kind }: GivenUp): void {
		const back = this.#later.plan(id, () => void this.#release(id));
		this.#turn++;
		toasts.say(m.admin_releasing({ name: kindName(kind) }), () => {
			back();
			this.#turn++;
		});
	}

	async #release(id: string): Promise<void> {
		try {
			const { releaseJob } = await change(RELEASE_JOB, { id });
			if (releaseJob?.__typename !== 'JobReleased') throw refused(releaseJob);
		} catch (thrown) {
			toasts.say(Problem.of(thrown).message);
		}
		await this.ledger.read();
		this.#turn++;
	}
}
