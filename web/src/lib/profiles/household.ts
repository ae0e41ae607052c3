/** What one does about the profiles of a household. Each rejects with a Problem where it is refused. */

import { change } from '#lib/api/client.ts';
import { session, type Me } from '#lib/api/session.svelte.ts';
import { done } from '#lib/settings/done.ts';
import type { Maturity } from '#lib/settings/vocabulary.ts';
import { CREATE, DELETE, FORGET_PIN, RENAME, SET_CEILING, SET_PIN } from './documents.ts';

export type Member = Me['profiles'][number];

const isMe = (id: string) => session.me?.profile?.id === id;
/** Who watches may see something else now; of the others only the list does. */
const follow = (id: string) => (isMe(id) ? session.moved() : session.refresh());

export const household = {
	async create(name: string, ceiling: Maturity): Promise<void> {
		done((await change(CREATE, { name, ceiling })).createProfile);
		await session.refresh();
	},

	/** Only what differs is sent; a name that is refused changes nothing. */
	async edit(member: Member, name: string, ceiling: Maturity): Promise<void> {
		const { id } = member;
		if (name !== member.name) done((await change(RENAME, { id, name })).renameProfile);
		if (ceiling === member.maturityCeiling) return session.refresh();
		try {
			done((await change(SET_CEILING, { id, ceiling })).setMaturityCeiling);
		} finally {
			await follow(id);
		}
	},

	/** Guard it, or with null no more. */
	async setPin({ id }: Member, pin: string | null): Promise<void> {
		done((await change(SET_PIN, { id, pin })).setProfilePin);
		await session.refresh();
	},

	/** Take a forgotten PIN away. */
	async forgetPin({ id }: Member, password: string): Promise<void> {
		done((await change(FORGET_PIN, { id, password })).forgetProfilePin);
		await session.refresh();
	},

	async remove({ id }: Member): Promise<void> {
		const mine = isMe(id);
		done((await change(DELETE, { id })).deleteProfile);
		await (mine ? session.moved() : session.refresh());
	}
};
