/** Live fields over one socket. Each feed comes back by itself, behind the last event that it saw. */

import { createClient, type Client } from 'graphql-ws';
import { print } from 'graphql/language/printer';
import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { Place, pauseBefore, SILENT_AWAKE_MS, SILENT_MS, verdictOf, type Update, type Verdict } from './feed.ts';
import { reach } from './reach.svelte.ts';

const LOOK_MS = 5_000;

/**
 * How long a page that has just been loaded is left to draw itself before it is followed, in ms. Nothing is
 * missed: what was read before the first word of a feed is read once more.
 */
const FIRST_MS = 1_000;
let first = true;
const later = new Promise<void>((begin) => setTimeout(begin, FIRST_MS)).then(() => (first = false));

/** Whoever was signed in may not be any more, or the server may be away: this finds out. */
export const doubts: { whose: () => void } = { whose: () => {} };

let socket: Client | null = null;
/** When there was the last word; a clock that goes on while a laptop sleeps. */
let heardAt = 0;
/** While this is on its way, nobody comes back. */
let held: Promise<unknown> | null = null;
const waiting = new Set<() => void>();

function shared(): Client {
	const heard = () => (heardAt = Date.now());
	socket ??= createClient({
		url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
		lazy: true,
		lazyCloseTimeout: 2_000,
		keepAlive: 12_000,
		// We come back ourselves: graphql-ws would do it with the cursor that it began with.
		retryAttempts: 0,
		shouldRetry: () => false,
		on: { connecting: heard, opened: heard, message: heard }
	});
	return socket;
}

function hangUp(): void {
	// First the end, then the last word: who disposes of a socket that is on its way waits for it.
	socket?.terminate();
	void socket?.dispose();
	socket = null;
}

/** Change who is signed in: what was said to whoever it was ends at once, and nobody listens meanwhile. */
export async function apart<Result>(work: () => Promise<Result>): Promise<Result> {
	hangUp();
	const mine = work();
	const others = held;
	const both = Promise.allSettled([mine, others]);
	held = both;
	try {
		return await mine;
	} finally {
		void both.then(() => held === both && (held = null));
	}
}

/** Give up a socket that is silent for too long: nobody tells us that the other side is gone. */
function hark(silent = SILENT_MS): void {
	if (socket && Date.now() - heardAt > silent) socket.terminate();
}

/** Somebody is back at the page, or the network is: don't wait for the next try. */
function rouse(): void {
	hark(SILENT_AWAKE_MS);
	for (const wake of [...waiting]) wake();
}

let following = 0;
let harking: ReturnType<typeof setInterval> | undefined;
const online = () => {
	// What was open before goes nowhere on another network.
	socket?.terminate();
	rouse();
};
const shown = () => document.visibilityState === 'visible' && rouse();

function watch(change: 1 | -1): void {
	following += change;
	if (change === 1 && following === 1) {
		harking = setInterval(hark, LOOK_MS);
		addEventListener('online', online);
		addEventListener('pageshow', rouse);
		document.addEventListener('visibilitychange', shown);
	} else if (!following) {
		clearInterval(harking);
		removeEventListener('online', online);
		removeEventListener('pageshow', rouse);
		document.removeEventListener('visibilitychange', shown);
	}
}

interface Feed<Data, Variables> {
	document: TypedDocumentNode<Data, Variables & AnyVariables>;
	variables: () => Variables;
	/** The one field that was asked for. */
	pick: (data: Data) => Update;
	/** An event; never the same twice, and never one out of its order. */
	event: (update: Update) => void;
	/** What was missed can't be told one by one: read everything again. */
	resync: () => void;
}

/** Follows a feed until the function that it returns is called. */
export function follow<Data, Variables>(feed: Feed<Data, Variables>): () => void {
	const place = new Place();
	let stopped = false;
	/** Whether something may be missed that no cursor tells of. */
	let gap = false;
	let missing = false;
	let failed = 0;
	let leave: () => void = () => {};
	let wake: () => void = () => {};

	const found = () => {
		failed = 0;
		if (missing) reach.feeds(-1);
		missing = false;
	};
	const lost = () => {
		if (!missing) reach.feeds(1);
		missing = true;
	};

	const hear = (update: Update) => {
		const what = place.hear(update);
		if (what === 'event') feed.event(update);
		if (what === 'resync' || gap) feed.resync();
		gap = false;
	};

	const once = () =>
		new Promise<Verdict>((resolve) => {
			let done = false;
			const end = (why: unknown) => {
				if (done) return;
				done = true;
				resolve(verdictOf(why));
				// Else graphql-ws counts us among those who listen, and never closes the socket.
				leave();
			};
			leave = shared().subscribe<Data>(
				{ query: print(feed.document as never), variables: { ...feed.variables(), after: place.after } },
				{
					next: ({ data, errors }) => {
						if (stopped || done) return;
						if (!data) return end(errors);
						found();
						hear(feed.pick(data));
					},
					error: end,
					complete: () => end(null)
				}
			);
			if (done) leave();
		});

	void (async () => {
		if (first) await later;
		while (!stopped) {
			while (held) await held;
			if (stopped) break;
			const verdict = await once();
			if (stopped) break;
			lost();
			// A socket that fails again may be all that is away, or the server is: a question tells.
			if (verdict === 'whose' || failed % 4 === 1) doubts.whose();
			if (verdict === 'cursor') gap = place.lose() || gap;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(() => wake(), pauseBefore(failed++, verdict, Math.random()));
				wake = () => {
					clearTimeout(timer);
					waiting.delete(wake);
					resolve();
				};
				waiting.add(wake);
			});
		}
	})();

	watch(1);
	return () => {
		if (stopped) return;
		stopped = true;
		watch(-1);
		found();
		leave();
		wake();
	};
}

/** Listens to what is told once, as long as it is told; a broken connection ends it. */
export function listen<Data, Variables>(
	document: TypedDocumentNode<Data, Variables>,
	variables: Variables & Record<string, unknown>,
	told: (data: Data) => void
): () => void {
	let over = false;
	let leave: () => void = () => {};
	const end = () => {
		over = true;
		leave();
	};
	const begin = () => {
		if (over) return;
		leave = shared().subscribe<Data>(
			{ query: print(document as never), variables },
			{ next: ({ data }) => data && told(data), error: end, complete: end }
		);
	};
	if (first) void later.then(begin);
	else begin();
	return end;
}
