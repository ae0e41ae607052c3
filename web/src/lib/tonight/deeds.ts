/** What one does about an answer: each with the way back. */

import { change } from '#lib/api/client.ts';
import { sameOwner } from '#lib/api/owner.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { ADD, MARK, REMOVE, UNMARK } from '#lib/title/deeds.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import type { Pick } from './answer.svelte.ts';

type Payload = { __typename: string; message?: string; code?: string } | null;

/** Do something; say so if it went well, and what was wrong if not. */
async function doing(work: () => Promise<Payload>, done: string, undo: () => unknown): Promise<boolean> {
	const here = sameOwner();
	try {
		const payload = await work();
		if (payload && 'message' in payload && payload.message) throw refused(payload);
		if (here()) toasts.say(done, undo as () => void);
		return true;
	} catch (thrown) {
		if (here()) toasts.say(Problem.of(thrown).message);
		return false;
	}
}

/** Takes a title out of the answers; returns the way back. */
type Leave = (id: string) => () => void;

/** Says whether a title is on the watchlist. */
type List = (id: string, listed: boolean) => void;

export const deeds = {
	async add(pick: Pick, list: List): Promise<void> {
		const { id: titleId, name } = pick.title!;
		list(titleId, true);
		const done = await doing(
			async () => (await change(ADD, { input: { titleId } })).addToWatchlist,
			m.tonight_added({ name }),
			() => deeds.remove(pick, list)
		);
		if (!done) list(titleId, false);
	},

	async remove(pick: Pick, list: List): Promise<void> {
		const { id: titleId, name } = pick.title!;
		list(titleId, false);
		const done = await doing(
			async () => (await change(REMOVE, { input: { titleId } })).removeFromWatchlist,
			m.tonight_removed({ name }),
			() => deeds.add(pick, list)
		);
		if (!done) list(titleId, true);
	},

	async watched(pick: Pick, leave: Leave): Promise<void> {
		const { id: titleId, name } = pick.title!;
		const back = leave(titleId);
		const undo = async () => {
			back();
			const undone = await doing(
				async () => (await change(UNMARK, { input: { titleId } })).unmarkWatched,
				m.title_unmarked({ name }),
				() => deeds.watched(pick, leave)
			);
			if (!undone) leave(titleId);
		};
		const done = await doing(
			async () => (await change(MARK, { input: { titleId } })).markWatched,
			m.tonight_watched_said({ name }),
			undo
		);
		if (!done) back();
	},

	not(pick: Pick, leave: Leave): void {
		const back = leave(pick.title!.id);
		toasts.say(m.tonight_not_said({ name: pick.title!.name }), back);
	}
};
