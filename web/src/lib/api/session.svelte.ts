/** Who is signed in, for the whole page and for every other tab of it. */

import { graphql, type ResultOf, type VariablesOf } from './graphql.ts';
import { ask, change } from './client.ts';
import { early, forgetEarly } from './early.ts';
import { tick } from 'svelte';
import { apart, doubts } from './live.svelte.ts';
import { Problem } from './problem.ts';
import { reach } from './reach.svelte.ts';
import { ownerOf, snapshotOf, type Snapshot } from './snapshot.ts';
import { forget, keep, kept } from '#lib/offline.ts';

export const ME = graphql(`
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

/** Other tabs hear of it here: a sign-out closes theirs at once. None where a browser refuses it, as storage. */
const tabs = channel();

function channel(): BroadcastChannel | null {
	try {
		return new BroadcastChannel('session');
	} catch {
		return null;
	}
}

/** Why nobody is signed in any more: signed out in another tab, or the session is over. */
export type Ended = 'elsewhere' | 'over';

const KEPT = 'who';
/** A page waits no longer than this to learn who looks at it. */
const PATIENCE_MS = 4_000;

class Session {
	/** The account; null for nobody, undefined as long as nobody knows. */
	me = $state.raw<Me | null | undefined>(undefined);
	/** Who it was when it was known last; null for nobody. It names them while the server is away. */
	last = $state.raw<Snapshot | null>(kept<Snapshot>(KEPT)?.value ?? null);
	/** Counts the changes of who is signed in: whatever belongs to somebody is read anew then. */
	turn = $state(0);
	/** Why somebody was signed out who did not do it here; whoever says it sets it back. */
	ended = $state<Ended | null>(null);

	/** Counts the questions who it is: an older answer tells nothing new. */
	#asked = 0;
	#finding: Promise<void> | null = null;

	constructor() {
		if (tabs) tabs.onmessage = ({ data }: MessageEvent<Told>) =>
			void (data === 'refreshed' ? this.#refreshed() : this.#changed('elsewhere')).catch(() => {});
		// A server that comes back may have somebody else signed in, or nobody.
		reach.look = () => this.find();
		doubts.whose = () => void this.find().catch(() => {});
	}

	/** Whose lists may be shown: the profile's id, also while the server is away; null for nobody's. */
	get owner(): string | null {
		return ownerOf(this.me) ?? (this.me ? null : (this.last?.owner ?? null));
	}

	/** Their clock, or this device's. */
	get timeZone(): string {
		return this.me?.timeZone ?? this.last?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
	}

	/** Find out who is signed in, but don't wait for ever: who it was last is shown until then. */
	async begin(): Promise<void> {
		const found = this.load().catch(() => {});
		if (navigator.onLine === false) return;
		await Promise.race([found, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
	}

	/** Find out who is signed in. Rejects with a Problem. */
	async load(): Promise<void> {
		await this.#load('over');
	}

	/** The same once for all who doubt it at the same time. */
	find(): Promise<void> {
		return (this.#finding ??= this.load().finally(() => (this.#finding = null)));
	}

	async #load(ended: Ended | null): Promise<void> {
		const asked = ++this.#asked;
		const { me } = (await early<ResultOf<typeof ME>>('Me')) ?? (await ask(ME, {}));
		if (asked === this.#asked) this.#know(me, ended);
	}

	#know(me: Me | null, ended: Ended | null): void {
		const [before, begun] = [this.owner, this.me !== undefined || this.#asked > 1];
		const owner = ownerOf(me);
		const same = before === owner && JSON.stringify(me) === JSON.stringify(this.me);
		if (before !== owner) forget();
		if (!same) this.me = me;
		this.last = me && snapshotOf(me);
		if (this.last) keep(KEPT, this.last);
		if (before && !me) this.ended = ended;
		else if (me) this.ended = null;
		if (begun && !same) this.turn++;
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
		tabs?.postMessage('refreshed' satisfies Told);
		await this.#refreshed();
	}

	/** Somebody else is signed in now, or nobody, by what was done elsewhere: as where an account is deleted. */
	async moved(): Promise<void> {
		await this.#told();
	}

	async signOut(): Promise<void> {
		const { signOut } = await change(SIGN_OUT, {});
		// Where the session was over already there is nothing left to end.
		if (signOut?.__typename !== 'Done' && signOut?.__typename !== 'NotSignedInError') throw refused(signOut);
		await this.#told();
	}

	/** Something about who is signed in is another now, and other tabs have to know. */
	async #told(): Promise<void> {
		tabs?.postMessage('changed' satisfies Told);
		await this.#changed(null);
	}

	async #refreshed(): Promise<void> {
		const before = this.turn;
		await this.load();
		if (this.turn === before) this.turn++;
	}

	/** Somebody else is here, or nobody: nothing of whoever it was stays. */
	#changed(ended: Ended | null): Promise<void> {
		return apart(async () => {
			const before = this.turn;
			forget();
			forgetEarly();
			try {
				await this.#load(ended);
			} catch (thrown) {
				this.last = null;
				this.me = undefined;
				throw thrown;
			} finally {
				if (this.turn === before) this.turn++;
				// Pages leave what they followed, before anybody comes back.
				await tick();
			}
		});
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
	if (payload.code === 'UNAUTHENTICATED') doubts.whose();
	return new Problem(payload.message, payload.code ?? 'REFUSED', payload.retryAfter ?? null, payload.field ?? null);
}

export const session = new Session();
