/** Signing a webhook and sending it as any sender would: by POST, without our cookie. */

import { change } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { SIGN } from './documents.ts';
import { broken, headersOf, keyOf, newId, sealed, type Seal } from './seal.ts';

export const PATH = '/webhooks/justwatch';

export interface Answer {
	status: number;
	/** As it was sent, or indented where it is JSON. */
	text: string;
	/** Whether the id had come before. */
	duplicate: boolean;
	ms: number;
}

/** A body and the headers that make it a genuine one, or nearly so. */
export interface Sealed {
	seal: Seal;
	body: string;
	isBroken: boolean;
}

export class Sending {
	/** What was signed last. */
	good = $state.raw<Sealed | null>(null);
	/** What was signed or sent last, which is what is shown. */
	shown = $state.raw<Sealed | null>(null);
	answer = $state.raw<Answer | null>(null);
	problem = $state.raw<Problem | null>(null);
	busy = $state(false);
	/** When the last one was sent, on the page's own clock. */
	sentAt: number | null = null;

	/** `secret`: null where the instance signs. */
	sign(body: string, secret: string | null): Promise<void> {
		return this.#do(async () => void (await this.#signed(body, secret)));
	}

	send(body: string, secret: string | null): Promise<void> {
		return this.#do(async () => this.#post(await this.#signed(body, secret)));
	}

	sendAgain(): Promise<void> {
		return this.#do(async () => this.good && this.#post(this.good));
	}

	sendBroken(): Promise<void> {
		return this.#do(async () => this.good && this.#post({ ...this.good, seal: broken(this.good.seal), isBroken: true }));
	}

	async #do(work: () => Promise<unknown>): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		this.problem = null;
		try {
			await work();
		} catch (thrown) {
			this.problem = Problem.of(thrown);
		} finally {
			this.busy = false;
		}
	}

	async #signed(body: string, secret: string | null): Promise<Sealed> {
		const seal = secret === null ? await sealedHere(body) : await sealedWith(secret, body);
		this.answer = null;
		return (this.good = this.shown = { seal, body, isBroken: false });
	}

	async #post(what: Sealed): Promise<void> {
		this.shown = what;
		this.answer = null;
		const headers = { 'Content-Type': 'application/json', ...Object.fromEntries(headersOf(what.seal)) };
		const began = (this.sentAt = performance.now());
		let reply: Response;
		try {
			reply = await fetch(PATH, { method: 'POST', body: what.body, headers, credentials: 'omit' });
		} catch {
			throw Problem.offline();
		}
		const text = await reply.text();
		this.answer = { status: reply.status, ms: Math.round(performance.now() - began), ...read(text) };
	}
}

async function sealedHere(body: string): Promise<Seal> {
	const { signWebhook } = await change(SIGN, { body });
	if (signWebhook?.__typename !== 'SignedWebhook') throw refused(signWebhook);
	return signWebhook;
}

async function sealedWith(secret: string, body: string): Promise<Seal> {
	const key = keyOf(secret);
	if (!key) throw new Problem(m.developer_secret_bad(), 'BAD_SECRET', null, 'secret');
	return sealed(key, newId(), new Date(), body);
}

function read(text: string): Pick<Answer, 'text' | 'duplicate'> {
	try {
		const told = JSON.parse(text);
		return { text: JSON.stringify(told, null, 2), duplicate: told?.duplicates > 0 };
	} catch {
		return { text, duplicate: false };
	}
}
