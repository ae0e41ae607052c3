/** Live fields over one socket. Each feed comes back by itself, behind the last event that it saw. */

import { createClient, type Client } from 'graphql-ws';
import { print } from 'graphql/language/printer';
import type { AnyVariables, TypedDocumentNode } from '@urql/core';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** How it stands with all feeds together, for the banner. */
class Connection {
	/** Feeds that are waiting to come back. */
	lost = $state(0);
	/** Whether the banner has something to say: a blink is nobody's business. */
	isLost = $derived(this.lost > 0);
}

export const connection = new Connection();

let socket: Client | null = null;

function shared(): Client {
	socket ??= createClient({
		url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
		lazy: true,
		lazyCloseTimeout: 2_000,
		keepAlive: 12_000,
		// We come back ourselves: graphql-ws would do it with the cursor that it began with.
		retryAttempts: 0,
		shouldRetry: () => false
	});
	return socket;
}

/** Closes the socket, as at a sign-out; feeds that are still open come back as whoever is signed in then. */
export function hangUp(): void {
	void socket?.dispose();
	socket = null;
}

/** What every live answer has: where it stands among all events. */
interface Update {
	__typename: string;
	cursor: string;
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
	let after: string | null = null;
	let position = -1;
	let stopped = false;
	let leave: () => void = () => {};
	let wake: () => void = () => {};

	const hear = (update: Update) => {
		const [place] = update.cursor.split('.');
		const at = Number(place);
		after = update.cursor;
		if (update.__typename === 'Resync') {
			position = at;
			feed.resync();
		} else if (update.__typename === 'Heartbeat') {
			position = Math.max(position, at);
		} else if (at > position) {
			position = at;
			feed.event(update);
		}
	};

	const once = () =>
		new Promise<void>((resolve) => {
			let heard = false;
			leave = shared().subscribe<Data>(
				{ query: print(feed.document as never), variables: { ...feed.variables(), after } },
				{
					next: ({ data }) => {
						if (!data) return;
						if (!heard) {
							heard = true;
							found();
						}
						hear(feed.pick(data));
					},
					error: () => resolve(),
					complete: () => resolve()
				}
			);
		});

	let missing = false;
	let pause = FIRST_PAUSE_MS;
	const found = () => {
		pause = FIRST_PAUSE_MS;
		if (missing) connection.lost--;
		missing = false;
	};

	void (async () => {
		while (!stopped) {
			await once();
			if (stopped) break;
			if (!missing) connection.lost++;
			missing = true;
			await new Promise<void>((resolve) => {
				wake = resolve;
				setTimeout(resolve, pause * (0.5 + Math.random() / 2));
			});
			pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
		}
	})();

	const online = () => wake();
	addEventListener('online', online);
	return () => {
		stopped = true;
		removeEventListener('online', online);
		if (missing) connection.lost--;
		missing = false;
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
	return shared().subscribe<Data>(
		{ query: print(document as never), variables },
		{ next: ({ data }) => data && told(data), error: () => {}, complete: () => {} }
	);
}
