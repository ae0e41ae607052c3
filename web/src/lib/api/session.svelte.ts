/** Who is signed in, for the whole page and for every other tab of it. */

import { graphql, type ResultOf, type VariablesOf } from './graphql.ts';
import { ask, change } from './client.ts';
import { hangUp } from './live.svelte.ts';
import { Problem } from './problem.ts';
import { forget } from '#lib/offline.ts';

const ME = graphql(`
	query Me {
		me {
			id
			email
			plan
			role
			country
			timeZone
			profile {
				id
				name
				maturityCeiling
				moodPreferences
				avoidedGenres
				hasPin
				platforms {
					slug
					name
				}
			}
			profiles {
				id
				name
				hasPin
				maturityCeiling
			}
		}
	}
`);

const SIGN_IN = graphql(`
	mutation SignIn($input: SignInInput!) {
		signIn(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
			... on RateLimitedError {
				retryAfter
			}
		}
	}
`);

const SIGN_UP = graphql(`
	mutation SignUp($input: SignUpInput!) {
		signUp(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
			... on InvalidInputError {
				field
			}
			... on RateLimitedError {
				retryAfter
			}
		}
	}
`);

const SELECT_PROFILE = graphql(`
	mutation SelectProfile($id: ID!, $pin: String) {
		selectProfile(id: $id, pin: $pin) {
			__typename
			... on UserError {
				message
				code
			}
			... on RateLimitedError {
				retryAfter
			}
		}
	}
`);

const SIGN_OUT = graphql(`
	mutation SignOut {
		signOut {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export type Me = NonNullable<ResultOf<typeof ME>['me']>;
export type Household = VariablesOf<typeof SIGN_UP>['input'];

/** What other tabs are told: somebody else is here, or the same one has changed something. */
type Told = 'changed' | 'refreshed';

/** Other tabs hear of it here: a sign-out closes theirs at once. */
const tabs = new BroadcastChannel('session');

class Session {
	/** The account; null for nobody, undefined as long as nobody knows. */
	me = $state.raw<Me | null | undefined>(undefined);
	/** Counts the changes of who is signed in: whatever belongs to somebody is read anew then. */
	turn = $state(0);

	constructor() {
		tabs.onmessage = ({ data }: MessageEvent<Told>) =>
			void (data === 'refreshed' ? this.#refreshed() : this.#changed());
	}

	/** Find out who is signed in. Rejects with a Problem. */
	async load(): Promise<void> {
		this.me = (await ask(ME, {})).me;
	}

	/** Rejects with a Problem that says what was wrong. */
	async signIn(email: string, password: string): Promise<void> {
		const { signIn } = await change(SIGN_IN, { input: { email, password } });
		if (signIn?.__typename !== 'SignedIn') throw refused(signIn);
		await this.#told();
	}

	/** Make an account and sign in. Rejects with a Problem that says what was wrong. */
	async signUp(household: Household): Promise<void> {
		const { signUp } = await change(SIGN_UP, { input: household });
		if (signUp?.__typename !== 'SignedIn') throw refused(signUp);
		await this.#told();
	}

	/** Go on as another profile of the household, in every tab. Rejects with a Problem. */
	async selectProfile(id: string, pin: string | null = null): Promise<void> {
		const { selectProfile } = await change(SELECT_PROFILE, { id, pin });
		if (selectProfile?.__typename !== 'ProfileChanged') throw refused(selectProfile);
		await this.#told();
	}

	/** The same profile likes or has something else now; other tabs read it anew too. */
	async refresh(): Promise<void> {
		tabs.postMessage('refreshed' satisfies Told);
		await this.#refreshed();
	}

	/** Somebody else is signed in now, or nobody, by what was done elsewhere: as where an account is deleted. */
	async moved(): Promise<void> {
		await this.#told();
	}

	async signOut(): Promise<void> {
		const { signOut } = await change(SIGN_OUT, {});
		if (signOut?.__typename !== 'Done') throw refused(signOut);
		await this.#told();
	}

	/** Something about who is signed in is another now, and other tabs have to know. */
	async #told(): Promise<void> {
		tabs.postMessage('changed' satisfies Told);
		await this.#changed();
	}

	async #refreshed(): Promise<void> {
		await this.load();
		this.turn++;
	}

	async #changed(): Promise<void> {
		hangUp();
		forget();
		await this.load();
		this.turn++;
	}
}

interface Refusal {
	message?: string;
	code?: string;
	retryAfter?: number;
	field?: string | null;
}

/** A refusal of a mutation as a Problem. */
export function refused(payload: Refusal | null | undefined): Problem {
	if (!payload?.message) return Problem.of(null);
	return new Problem(payload.message, payload.code ?? 'REFUSED', payload.retryAfter ?? null, payload.field ?? null);
}

export const session = new Session();
