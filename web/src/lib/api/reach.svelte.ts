/** Whether the server is there: what the banner says, and when to look for it again. */

/** What is missing: this device's network, the server, or only what comes by itself. */
export type Missing = 'device' | 'server' | 'live';

/** A blink is nobody's business. */
const GRACE_MS = 2_000;
const SAID_MS = 6_000;
const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 15_000;

class Reach {
	/** What is missing, and since when; null while all is well, and for a blink. */
	away = $state.raw<{ what: Missing; since: Date } | null>(null);
	/** Whether it has just come back. */
	back = $state(false);
	/** Counts the times it came back: who could not read something may try again then. */
	returns = $state(0);
	/** Asks the server something small; rejects where it isn't there. */
	look: () => Promise<unknown> = async () => {};

	#device = typeof navigator === 'undefined' || navigator.onLine !== false;
	#server = true;
	#feeds = 0;
	#since: Date | null = null;
	#grace: ReturnType<typeof setTimeout> | undefined;
	#said: ReturnType<typeof setTimeout> | undefined;
	#looking: ReturnType<typeof setTimeout> | undefined;
	#pause = FIRST_LOOK_MS;

	constructor() {
		if (!this.#device) this.#weigh();
	}

	/** The device has a network, or none. */
	device(there: boolean): void {
		this.#device = there;
		if (there && !this.#server) this.#lookNow();
		this.#weigh();
	}

	/** A question was answered, or did not get through. */
	server(there: boolean): void {
		this.#server = there;
		if (there) this.#rest();
		else this.#looking ??= setTimeout(() => this.#lookNow(), this.#pause);
		this.#weigh();
	}

	/** So many feeds more, or less, wait to come back. */
	feeds(change: 1 | -1): void {
		this.#feeds += change;
		this.#weigh();
	}

	#missing(): Missing | null {
		if (!this.#device) return 'device';
		if (!this.#server) return 'server';
		return this.#feeds > 0 ? 'live' : null;
	}

	#weigh(): void {
		const what = this.#missing();
		if (!what) return this.#well();
		this.#since ??= new Date();
		this.back = false;
		if (this.away) {
			if (this.away.what !== what) this.away = { what, since: this.#since };
			return;
		}
		this.#grace ??= setTimeout(() => {
			this.#grace = undefined;
			const still = this.#missing();
			if (still) this.away = { what: still, since: this.#since ?? new Date() };
		}, GRACE_MS);
	}

	#well(): void {
		clearTimeout(this.#grace);
		this.#grace = undefined;
		if (this.#since) this.returns++;
		this.#since = null;
		if (!this.away) return;
		this.away = null;
		this.back = true;
		clearTimeout(this.#said);
		this.#said = setTimeout(() => (this.back = false), SAID_MS);
	}

	#lookNow(): void {
		clearTimeout(this.#looking);
		this.#pause = Math.min(this.#pause * 2, LONGEST_LOOK_MS);
		this.#looking = setTimeout(() => this.#lookNow(), this.#pause);
		// Whoever is asked says how it went to `server`.
		this.look().catch(() => {});
	}

	#rest(): void {
		clearTimeout(this.#looking);
		this.#looking = undefined;
		this.#pause = FIRST_LOOK_MS;
	}
}

export const reach = new Reach();
