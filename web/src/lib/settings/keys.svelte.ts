/** The browsers that are signed in and the tokens of programs: who can get in. */

import { ask, change } from '#lib/api/client.ts';
import type { ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { CREATE_TOKEN, KEYS, REVOKE_OTHERS, REVOKE_SESSION, REVOKE_TOKEN } from './documents.ts';
import { done } from './done.ts';

type Read = NonNullable<ResultOf<typeof KEYS>['me']>;
export type Device = NonNullable<Read['sessions']>[number];
export type Token = NonNullable<Read['apiTokens']>[number];

export class Keys {
	/** Null until they are read; the one in use first. */
	devices = $state.raw<Device[] | null>(null);
	tokens = $state.raw<Token[] | null>(null);
	problem = $state.raw<Problem | null>(null);

	async read(): Promise<void> {
		try {
			const { me } = await ask(KEYS, {});
			this.devices = [...(me?.sessions ?? [])].sort(
				(a, b) => Number(b.current) - Number(a.current) || Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt)
			);
			this.tokens = me?.apiTokens ?? [];
			this.problem = null;
		} catch (thrown) {
			this.problem = Problem.of(thrown);
		}
	}

	/** Each of these rejects with a Problem where it is refused. */
	async endSession(id: string): Promise<void> {
		done((await change(REVOKE_SESSION, { id })).revokeSession);
		this.devices = this.devices?.filter((each) => each.id !== id) ?? null;
	}

	async endOthers(): Promise<void> {
		done((await change(REVOKE_OTHERS, {})).revokeOtherSessions);
		this.devices = this.devices?.filter((each) => each.current) ?? null;
	}

	/** A new token's secret, which nobody can ask for again. */
	async createToken(name: string): Promise<string> {
		const created = done((await change(CREATE_TOKEN, { name })).createApiToken);
		await this.read();
		return 'secret' in created ? created.secret : '';
	}

	async endToken(id: string): Promise<void> {
		done((await change(REVOKE_TOKEN, { id })).revokeApiToken);
		this.tokens = this.tokens?.filter((each) => each.id !== id) ?? null;
	}
}
