/** An account at Trakt: its code waits to be typed in there, then it is read once, and it can be disconnected. */

import { ask, change } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';
import { Problem } from '#lib/api/problem.ts';
import { done } from '#lib/settings/done.ts';

const READING_MS = 2_000;
const AWAY_MS = 10_000;

const TRAKT = graphql(`
	fragment Trakt on TraktAccount {
		__typename
		... on TraktSignIn {
			...Code
		}
		... on TraktConnection {
			username
			linkedAt
			readAt
			problem
			signIn {
				...Code
			}
			reading {
				askedAt
				done
				items
				pages
				ofPages
				problem
				batch {
					id
				}
			}
		}
	}

	fragment Code on TraktSignIn {
		userCode
		verificationUrl
		expiresAt
		intervalS
		standIn
	}
`);

const ACCOUNT = graphql(
	`
		query TraktAccount {
			traktAccount {
				...Trakt
			}
		}
	`,
	[TRAKT]
);

const START = graphql(`
	mutation StartTrakt {
		startTraktSignIn {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

const FINISH = graphql(
	`
		mutation FinishTrakt {
			finishTraktSignIn {
				__typename
				... on TraktSignInAsked {
					connected
					askAgainInS
					account {
						...Trakt
					}
				}
				... on UserError {
					message
					code
				}
			}
		}
	`,
	[TRAKT]
);

const READ = graphql(`
	mutation ReadTrakt {
		importFromTrakt {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

const DISCONNECT = graphql(`
	mutation DisconnectTrakt($undo: Boolean!) {
		disconnectTrakt(deleteImported: $undo) {
			__typename
			... on TraktDisconnected {
				revoked
				done
			}
			... on UserError {
				message
				code
			}
		}
	}
`);

type Account = ResultOf<typeof TRAKT>;
export type Connected = Extract<Account, { __typename: 'TraktConnection' }>;
export type Code = NonNullable<Connected['signIn']>;

export class Trakt {
	/** Undefined until it is known; null where nothing was begun. */
	account = $state.raw<Account | null | undefined>(undefined);
	/** Whether this installation can't ask Trakt at all. */
	absent = $state(false);
	busy = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** The code that waits to be typed in. */
	readonly code: Code | null = $derived(
		this.account?.__typename === 'TraktSignIn' ? this.account : ((this.account as Connected | null)?.signIn ?? null)
	);
	readonly connected = $derived(this.account?.__typename === 'TraktConnection' ? this.account : null);

	#timer: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;

	async load(): Promise<void> {
		try {
			this.account = (await ask(ACCOUNT, {})).traktAccount;
			this.problem = null;
		} catch (thrown) {
			this.problem = Problem.of(thrown);
		}
		this.#wait();
	}

	/** Have a code made. */
	start(): Promise<void> {
		return this.#doing(async () => void done((await change(START, {})).startTraktSignIn));
	}

	/** Have the account read once. */
	read(): Promise<void> {
		return this.#doing(async () => void done((await change(READ, {})).importFromTrakt));
	}

	/** Forget the account, and with `undo` what was read there; whether Trakt knows of it, null where it was refused. */
	async disconnect(undo: boolean): Promise<boolean | null> {
		let revoked: boolean | null = null;
		await this.#doing(async () => {
			for (;;) {
				const told = done((await change(DISCONNECT, { undo })).disconnectTrakt);
				if (told.__typename !== 'TraktDisconnected') return;
				// Only the first of several calls had something to give back.
				revoked ??= told.revoked;
				if (told.done) return;
			}
		});
		return revoked;
	}

	async #doing(deed: () => Promise<void>): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		clearTimeout(this.#timer);
		let problem: Problem | null = null;
		try {
			await deed();
		} catch (thrown) {
			problem = Problem.of(thrown);
		}
		this.absent = problem?.code === 'NOT_CONFIGURED';
		await this.load();
		this.problem = this.absent ? null : (problem ?? this.problem);
		this.busy = false;
	}

	/** Ask again in a moment, as long as something is under way. */
	#wait(after?: number): void {
		clearTimeout(this.#timer);
		if (this.#stopped) return;
		const { code, connected } = this;
		if (code && Date.parse(code.expiresAt) > Date.now())
			this.#timer = setTimeout(() => void this.#finish(), after ?? code.intervalS * 1000);
		else if (connected?.reading && !connected.reading.done)
			this.#timer = setTimeout(() => void this.load(), after ?? READING_MS);
		// A code that has run out is shown no more.
		else if (code) this.account = connected ? { ...connected, signIn: null } : null;
	}

	async #finish(): Promise<void> {
		try {
			const told = done((await change(FINISH, {})).finishTraktSignIn);
			if (told.__typename !== 'TraktSignInAsked') return;
			this.account = told.account;
			this.problem = null;
			this.#wait(told.askAgainInS ? told.askAgainInS * 1000 : undefined);
		} catch (thrown) {
			const problem = Problem.of(thrown);
			// A code that was refused is used up; while nobody answers, it may still be good.
			if (!problem.passing) await this.load();
			else this.#wait(AWAY_MS);
			this.problem = problem;
		}
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}
}
