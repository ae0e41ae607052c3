import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { graphql } from './graphql.ts';
import { apart, follow } from './live.svelte.ts';

/** A socket that is on its way for ever, until the network says that there is none. */
class Socket {
	static readonly CONNECTING = 0;
	static readonly OPEN = 1;
	static readonly CLOSING = 2;
	static readonly CLOSED = 3;
	static all: Socket[] = [];
	readyState = Socket.CONNECTING;
	onerror: ((why: unknown) => void) | null = null;
	onclose: ((why: unknown) => void) | null = null;
	onopen = null;
	onmessage = null;

	constructor() {
		Socket.all.push(this);
	}
	close() {
		this.readyState = Socket.CLOSED;
	}
	fail() {
		this.readyState = Socket.CLOSED;
		this.onclose?.({ code: 1006, reason: '', wasClean: false });
	}
}

vi.hoisted(() => {
	// A page that has just been loaded is left to draw itself, by this clock too.
	vi.useFakeTimers();
	vi.stubGlobal('location', { origin: 'http://127.0.0.1:8000' });
	vi.stubGlobal('addEventListener', () => {});
	vi.stubGlobal('removeEventListener', () => {});
	vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => {}, removeEventListener: () => {} });
});

const DOCUMENT = graphql(`
	subscription HungUp($after: Cursor) {
		watchlistChanged(after: $after) {
			__typename
			... on Heartbeat {
				cursor
			}
			... on Resync {
				cursor
			}
			... on WatchlistEvent {
				cursor
			}
		}
	}
`);
const lost: unknown[] = [];
const hear = (why: unknown) => lost.push(why);
let stop = () => {};

beforeEach(async () => {
	vi.stubGlobal('WebSocket', Socket);
	process.on('unhandledRejection', hear);
	stop = follow({
		document: DOCUMENT,
		variables: () => ({}),
		pick: (data) => data.watchlistChanged,
		event: () => {},
		resync: () => {}
	});
	await vi.advanceTimersByTimeAsync(1_000);
});
afterEach(() => {
	stop();
	process.off('unhandledRejection', hear);
	vi.useRealTimers();
});

it('comes back although the socket was still on its way when somebody else came, and is no error to anybody', async () => {
	await vi.advanceTimersByTimeAsync(0);
	expect(Socket.all).toHaveLength(1);
	await apart(async () => {});
	await vi.advanceTimersByTimeAsync(1_000);
	expect(Socket.all).toHaveLength(2);
	Socket.all[0]!.fail();
	vi.useRealTimers();
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect(lost).toEqual([]);
});
