import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { graphql } from './graphql.ts';
import { apart, doubts, follow } from './live.svelte.ts';
import { reach } from './reach.svelte.ts';

/** One subscription as graphql-ws knows it. */
interface Subscribed {
	after: string | null;
	next: (result: { data?: unknown; errors?: unknown }) => void;
	error: (why: unknown) => void;
	complete: () => void;
	left: boolean;
}

const stage = vi.hoisted(() => ({
	subscribed: [] as Subscribed[],
	on: {} as Record<string, () => void>,
	terminated: 0,
	windows: new Map<string, () => void>()
}));

vi.hoisted(() => {
	vi.useFakeTimers();
	const listen = (name: string, heard: () => void) => stage.windows.set(name, heard);
	vi.stubGlobal('location', { origin: 'http://127.0.0.1:8000' });
	vi.stubGlobal('addEventListener', listen);
	vi.stubGlobal('removeEventListener', (name: string) => stage.windows.delete(name));
	vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: listen, removeEventListener: () => {} });
});

vi.mock('graphql-ws', () => ({
	createClient: ({ on }: { on: Record<string, () => void> }) => {
		const open = new Set<Subscribed>();
		stage.on = on;
		const end = (work: (each: Subscribed) => void) => {
			const all = [...open];
			open.clear();
			all.forEach(work);
		};
		return {
			subscribe({ variables }: { variables: { after: string | null } }, sink: Subscribed) {
				const one: Subscribed = { ...sink, after: variables.after, left: false };
				stage.subscribed.push(one);
				open.add(one);
				on.message!();
				return () => {
					one.left = true;
					if (open.delete(one)) one.complete();
				};
			},
			dispose: () => end((each) => each.complete()),
			terminate: () => {
				stage.terminated++;
				end((each) => each.error({ code: 4499 }));
			}
		};
	}
}));

const DOCUMENT = graphql(`
	subscription Told($after: Cursor) {
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
const told: string[] = [];
const resync = vi.fn();
let stop = () => {};
const last = () => stage.subscribed.at(-1)!;
const tell = (__typename: string, cursor: string) => last().next({ data: { watchlistChanged: { __typename, cursor } } });
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const missing = vi.spyOn(reach, 'feeds');

// A page that has just been loaded is left to draw itself.
beforeAll(() => vi.advanceTimersByTimeAsync(1_000));

beforeEach(() => {
	vi.useFakeTimers();
	told.length = stage.subscribed.length = 0;
	resync.mockClear();
	doubts.whose = vi.fn();
	stage.terminated = 0;
	missing.mockClear();
	stop = follow({
		document: DOCUMENT,
		variables: () => ({}),
		pick: (data) => data.watchlistChanged,
		event: ({ cursor }) => told.push(cursor),
		resync
	});
});
afterEach(async () => {
	stop();
	await wait(60_000);
	vi.useRealTimers();
});

it('comes back behind the last event when the server restarts, and tells nothing twice', async () => {
	await wait(0);
	tell('Heartbeat', '4.a');
	tell('WatchlistEvent', '5.b');
	const before = last();
	last().error({ code: 1012 });
	await wait(600);
	expect(missing).toHaveBeenLastCalledWith(1);
	expect(stage.subscribed).toHaveLength(2);
	expect([last().after, before.left]).toEqual(['5.b', true]);
	tell('WatchlistEvent', '5.b');
	tell('WatchlistEvent', '6.c');
	expect(told).toEqual(['5.b', '6.c']);
	expect(missing).toHaveBeenLastCalledWith(-1);
	expect(doubts.whose).toHaveBeenCalledTimes(1);
});

it('asks whether the server is there when a socket fails again', async () => {
	await wait(0);
	last().error({ code: 1006 });
	await wait(600);
	expect(doubts.whose).not.toHaveBeenCalled();
	last().error({ code: 1006 });
	await wait(0);
	expect(doubts.whose).toHaveBeenCalledTimes(1);
});

it('reads all again where the history is another one', async () => {
	await wait(0);
	tell('WatchlistEvent', '50.b');
	tell('Resync', '3.a');
	expect(resync).toHaveBeenCalledTimes(1);
	tell('WatchlistEvent', '4.b');
	expect(told).toEqual(['50.b', '4.b']);
});

it('goes on from now where its cursor is refused, and reads all again then', async () => {
	await wait(0);
	tell('WatchlistEvent', '5.b');
	last().next({ errors: [{ extensions: { code: 'INVALID_INPUT', field: 'after' } }] });
	await wait(1_000);
	expect(last().after).toBeNull();
	expect(resync).not.toHaveBeenCalled();
	tell('Heartbeat', '9.c');
	expect(resync).toHaveBeenCalledTimes(1);
	tell('Heartbeat', '9.c');
	expect(resync).toHaveBeenCalledTimes(1);
});

it('gives up a socket that has been silent for too long, as after a sleep', async () => {
	await wait(0);
	tell('Heartbeat', '4.a');
	await wait(44_000);
	expect(stage.terminated).toBe(0);
	await wait(8_000);
	expect(stage.terminated).toBe(1);
	expect(last().after).toBe('4.a');
});

it('does not wait for that when somebody comes back to the page', async () => {
	await wait(0);
	tell('Heartbeat', '4.a');
	await wait(10_000);
	stage.windows.get('visibilitychange')!();
	expect(stage.terminated).toBe(0);
	await wait(15_000);
	stage.windows.get('visibilitychange')!();
	expect(stage.terminated).toBe(1);
});

it('comes back at once with the network', async () => {
	await wait(0);
	for (const _ of [1, 2, 3, 4, 5]) {
		last().error({ code: 1006 });
		await wait(20_000);
	}
	last().error({ code: 1006 });
	await wait(0);
	const tries = stage.subscribed.length;
	stage.windows.get('online')!();
	await wait(0);
	expect(stage.subscribed).toHaveLength(tries + 1);
});

it('lets nobody listen while somebody else is coming in', async () => {
	await wait(0);
	tell('WatchlistEvent', '5.b');
	let arrive = () => {};
	const changed = apart(() => new Promise<void>((resolve) => (arrive = resolve)));
	await wait(30_000);
	expect(stage.subscribed).toHaveLength(1);
	stop();
	arrive();
	await changed;
	await wait(30_000);
	expect(stage.subscribed).toHaveLength(1);
});

it('is over when it is left, and then missing to nobody', async () => {
	await wait(0);
	last().error({ code: 1006 });
	stop();
	await wait(60_000);
	expect(stage.subscribed).toHaveLength(1);
	expect(missing.mock.calls.reduce((sum, [change]) => sum + change, 0)).toBe(0);
});
