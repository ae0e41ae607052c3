/** The runs of the sync: read once, then kept up to date as they get on. */

import { ask, change } from '#lib/api/client.ts';
import { follow } from '#lib/api/live.svelte.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import {
	CONFIRM,
	MOVE_CLOCK,
	RELEASE_TITLE,
	RUN_CHANGED,
	RUNS,
	START,
	type Clock,
	type Resting,
	type Run
} from './documents.ts';
import { Later } from './later.ts';
import { isUnderWay, withRun } from './run.ts';
import { changesOf, stateName } from './words.ts';

const PAGE = 10;

export class Syncing {
	runs = $state.raw<readonly Run[] | null>(null);
	/** Titles that rest until somebody releases them. */
	resting = $state.raw<readonly Resting[]>([]);
	clock = $state.raw<Clock | null>(null);
	/** Behind which there are earlier runs. */
	more = $state.raw<string | null>(null);
	problem = $state.raw<Problem | null>(null);
	busy = $state(false);
	/** What a screen reader says. */
	said = $state('');

	readonly current = $derived(this.runs?.find(isUnderWay) ?? null);
	readonly held = $derived(this.runs?.find(({ state }) => state === 'HELD') ?? null);

	readonly #later: Later;
	readonly #ended: () => void;

	/** `ended`: called when a run has, since much may be another then. */
	constructor(later: Later, ended: () => void) {
		this.#later = later;
		this.#ended = ended;
	}

	async read(): Promise<void> {
		try {
			const told = await ask(RUNS, { first: PAGE, after: null });
			this.runs = told.syncRuns.nodes;
			this.more = told.syncRuns.pageInfo.hasNextPage ? told.syncRuns.pageInfo.endCursor : null;
			// What is released in a moment is still in there.
			this.resting = told.quarantinedTitles.filter(({ title }) => !this.#later.waits(title.id));
			this.clock = told.demoClock;
			this.problem = null;
		} catch (thrown) {
			this.problem = Problem.of(thrown);
		}
	}

	async readMore(): Promise<void> {
		await this.#try(async () => {
			const { syncRuns } = await ask(RUNS, { first: PAGE, after: this.more });
			const known = new Set(this.runs?.map(({ id }) => id));
			this.runs = [...(this.runs ?? []), ...syncRuns.nodes.filter(({ id }) => !known.has(id))];
			this.more = syncRuns.pageInfo.hasNextPage ? syncRuns.pageInfo.endCursor : null;
		});
	}

	/** Follow how runs get on, until the function that it returns is called. */
	live(): () => void {
		let begun = false;
		return follow({
			document: RUN_CHANGED,
			variables: () => ({}),
			pick: (data) => {
				// Nothing is missed from the first answer on: what was read before it may be older.
				if (!begun) void this.read();
				begun = true;
				return data.syncRunChanged;
			},
			event: (update) => this.#heard((update as unknown as { run: Run }).run),
			resync: () => void this.read()
		});
	}

	#heard(run: Run): void {
		const before = this.runs?.find(({ id }) => id === run.id);
		this.runs = withRun(this.runs ?? [], run);
		if (before?.state === run.state) return;
		this.said = isUnderWay(run) ? stateName(run.state) : `${stateName(run.state)}. ${changesOf(run)}`;
		if (!isUnderWay(run)) {
			void this.read();
			this.#ended();
		}
	}

	/** Ask upstream now: what is most due, or these titles. */
	start(dryRun: boolean, titleIds: readonly string[] | null = null): Promise<void> {
		return this.#try(async () => {
			const { startSync } = await change(START, { input: { dryRun, titleIds: titleIds && [...titleIds] } });
			if (startSync?.__typename !== 'SyncRunResult') throw refused(startSync);
			this.runs = withRun(this.runs ?? [], startSync.run);
			toasts.say(m.admin_started());
		});
	}

	confirm(id: string): Promise<void> {
		return this.#try(async () => {
			const { confirmSync } = await change(CONFIRM, { id });
			if (confirmSync?.__typename !== 'SyncRunResult') throw refused(confirmSync);
			this.runs = withRun(this.runs ?? [], confirmSync.run);
			toasts.say(m.admin_confirmed());
		});
	}

	/** Let days pass for the stand-ins; rejects with a Problem. */
	async move(days: number): Promise<void> {
		const { moveDemoClock } = await change(MOVE_CLOCK, { days });
		if (moveDemoClock?.__typename !== 'DemoClockMoved') throw refused(moveDemoClock);
		this.clock = moveDemoClock.clock;
		toasts.say(m.admin_clock_moved({ count: days }));
	}

	release({ title: { id, name } }: Resting): void {
		const back = this.#later.plan(id, () => void this.#release(id));
		this.resting = this.resting.filter(({ title }) => title.id !== id);
		toasts.say(m.admin_releasing({ name }), () => {
			back();
			void this.read();
		});
	}

	async #release(id: string): Promise<void> {
		try {
			const { releaseSyncTitle } = await change(RELEASE_TITLE, { id });
			if (releaseSyncTitle?.__typename !== 'SyncTitleReleased') throw refused(releaseSyncTitle);
		} catch (thrown) {
			toasts.say(Problem.of(thrown).message);
		}
		await this.read();
	}

	async #try(work: () => Promise<void>): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		try {
			await work();
		} catch (thrown) {
			toasts.say(Problem.of(thrown).message);
		} finally {
			this.busy = false;
		}
	}
}
