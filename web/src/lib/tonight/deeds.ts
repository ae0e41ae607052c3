/** What one does about an answer: each with the way back. */

import { change } from '#lib/api/client.ts';
import { graphql } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import type { Pick } from './answer.svelte.ts';

const ADD = graphql(`
	mutation AddToWatchlist($input: AddToWatchlistInput!) {
		addToWatchlist(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);
const REMOVE = graphql(`
	mutation RemoveFromWatchlist($input: WatchlistTitleInput!) {
		removeFromWatchlist(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);
const MARK = graphql(`
	mutation MarkWatched($input: MarkWatchedInput!) {
		markWatched(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);
const UNMARK = graphql(`
	mutation UnmarkWatched($input: UnmarkWatchedInput!) {
		unmarkWatched(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

type Payload = { __typename: string; message?: string; code?: string } | null;

/** Do something; say so if it went well, and what was wrong if not. */
async function doing(work: () => Promise<Payload>, done: string, undo: () => unknown): Promise<boolean> {
	try {
		const payload = await work();
		if (payload && 'message' in payload && payload.message) throw refused(payload);
		toasts.say(done, undo as () => void);
		return true;
	} catch (thrown) {
		toasts.say(Problem.of(thrown).message);
		return false;
	}
}

/** Takes a title out of the answers; returns the way back. */
type Leave = (id: string) => () => void;

export const deeds = {
	async add(pick: Pick): Promise<void> {
		const { id: titleId, name } = pick.title!;
		const remove = () =>
			doing(
				async () => (await change(REMOVE, { input: { titleId } })).removeFromWatchlist,
				m.tonight_removed({ name }),
				() => deeds.add(pick)
			);
		await doing(
			async () => (await change(ADD, { input: { titleId } })).addToWatchlist,
			m.tonight_added({ name }),
			remove
		);
	},

	async watched(pick: Pick, leave: Leave): Promise<void> {
		const { id: titleId, name } = pick.title!;
		const back = leave(titleId);
		const undo = async () => {
			back();
			await change(UNMARK, { input: { titleId } });
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
