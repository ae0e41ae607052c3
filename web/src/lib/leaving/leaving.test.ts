import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { ARRIVALS } from './documents.ts';
import { Leaving } from './leaving.svelte.ts';

interface Feed {
	variables: () => { scope: string };
	pick: (data: unknown) => unknown;
	event: (update: unknown) => void;
	resync: () => void;
}

const stage = vi.hoisted(() => ({
	feeds: [] as Feed[],
	stopped: 0,
	session: { me: { id: 'a' } as object | null, load: async () => {} }
}));
const ask = vi.hoisted(() => vi.fn());
const store = vi.hoisted(() => new Map<string, unknown>());

vi.mock('#lib/api/client.ts', () => ({ ask }));
vi.mock('#lib/api/live.svelte.ts', () => ({
	follow: (feed: Feed) => {
		stage.feeds.push(feed);
		return () => stage.stopped++;
	}
}));
vi.mock('#lib/api/session.svelte.ts', () => ({ session: stage.session }));
vi.mock('#lib/offline.ts', () => ({
	keep: (name: string, value: unknown) => store.set(name, structuredClone(value)),
	kept: (name: string) => (store.has(name) ? { value: store.get(name), at: '2026-11-21T20:00:00Z' } : null)
}));

const left = (number: number, expiresOn = '2026-11-30') => ({
	expiresOn,
	regret: 0.5,
	why: null,
	seasons: [],
	staysElsewhere: false,
	onWatchlist: false,
	offers: [],
	title: { id: `title_${number}`, name: `Title ${number}` }
});
const event = (number: number, cursor: string, part: object = {}) => ({
	cursor,
	kind: 'DATE_MOVED',
	expiresOn: '2026-12-05',
	previousExpiresOn: '2026-11-30',
	platform: { slug: 'mubi', name: 'MUBI' },
	title: { id: `title_${number}`, name: `Title ${number}` },
	...part
});
const heartbeat = { availabilityChanged: { __typename: 'Heartbeat', cursor: '1.a' } };
const ids = () => leaving.lists?.entries.map(({ title }) => Number(title.id.slice(6))) ?? null;
const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const readings = () => ask.mock.calls.filter(([document]) => document !== ARRIVALS).length;

function answers(...lefts: object[]) {
	ask.mockImplementation(async (document: unknown) =>
		document === ARRIVALS ? { newOnMyPlatforms: [] } : { leavingSoon: lefts, watchlist: { nodes: [] } }
	);
}

let leaving: Leaving;
let stop = () => {};

async function begin() {
	answers(left(1), left(2));
	leaving.show('mine', true);
	await wait();
	stop = leaving.live(() => '2026-11-22');
	for (const feed of stage.feeds) feed.pick(heartbeat);
	await wait(300);
	ask.mockClear();
}

beforeEach(() => {
	vi.useFakeTimers();
	ask.mockReset();
	store.clear();
	stage.feeds.length = stage.stopped = 0;
	stage.session.me = { id: 'a' };
	leaving = new Leaving();
});
afterEach(() => {
	stop();
	leaving.stop();
	vi.useRealTimers();
});

it('reads once more when both feeds have begun: what was read before may be older', async () => {
	answers(left(1));
	leaving.show('mine', true);
	await wait();
	leaving.live(() => '2026-11-22');
	ask.mockClear();
	stage.feeds[0]!.pick(heartbeat);
	await wait(300);
	expect(readings()).toBe(0);
	stage.feeds[1]!.pick(heartbeat);
	stage.feeds[1]!.pick(heartbeat);
	await wait(300);
	expect(readings()).toBe(1);
});

it('says what has changed when it has moved, not before', async () => {
	await begin();
	let answer = () => {};
	answers(left(2), left(1, '2026-12-05'));
	const answered = ask.getMockImplementation()!;
	ask.mockImplementation(async (document: unknown) => {
		await new Promise<void>((resolve) => (answer = resolve));
		return answered(document);
	});
	ask.mockImplementationOnce(answered);
	stage.feeds[0]!.event(event(1, '5.a'));
	await wait(300);
	expect([leaving.said, leaving.marks.size]).toEqual(['', 0]);
	answer();
	await wait();
	expect(ids()).toEqual([2, 1]);
	expect(leaving.said).toContain('Title 1');
	expect([...leaving.marks.keys()]).toEqual(['title_1']);
	await wait(60_000);
	expect(leaving.marks.size).toBe(0);
});

it('tells once what both feeds tell', async () => {
	await begin();
	const tell = vi.spyOn(leaving, 'read');
	stage.feeds[0]!.event(event(1, '5.a'));
	await wait(300);
	stage.feeds[1]!.event(event(1, '5.a'));
	await wait(300);
	expect(tell).toHaveBeenCalledTimes(1);
});

it('reads once for many that come together, and counts them', async () => {
	await begin();
	for (let at = 0; at < 20; at++) stage.feeds[0]!.event(event(at, `${at}.a`));
	await wait(300);
	expect(readings()).toBe(1);
	expect(leaving.said).toContain('20');
});

it('says nothing of a countdown, which the page shows anyway, but reads', async () => {
	await begin();
	stage.feeds[0]!.event(event(1, '5.a', { kind: 'COUNTDOWN' }));
	await wait(300);
	expect([readings(), leaving.said]).toEqual([1, '']);
});

it('reads everything again after a gap', async () => {
	await begin();
	answers(left(7));
	stage.feeds[1]!.resync();
	await wait(300);
	expect(ids()).toEqual([7]);
});

it('shows the answer to the last question, whichever comes last', async () => {
	await begin();
	let answer = (_: object) => {};
	// Like the client's: what was given up is never answered.
	ask.mockImplementation(async (document: unknown, _: object, signal: AbortSignal) => {
		const told = document === ARRIVALS ? { newOnMyPlatforms: [] } : await new Promise((resolve) => (answer = resolve));
		signal.throwIfAborted();
		return told;
	});
	leaving.show('mine', false);
	const first = answer;
	leaving.show('all', false);
	await wait();
	answer({ leavingSoon: [left(9)], watchlist: { nodes: [] } });
	await wait();
	first({ leavingSoon: [left(1)], watchlist: { nodes: [] } });
	await wait();
	expect(ids()).toEqual([9]);
});

it('stays readable while the server is away, says since when, and tries again by itself', async () => {
	await begin();
	ask.mockRejectedValue(Problem.offline());
	await leaving.read();
	expect([ids(), leaving.problem]).toEqual([[1, 2], null]);
	expect(leaving.asOf).not.toBeNull();
	answers(left(3));
	await wait(15_000);
	expect([ids(), leaving.asOf]).toEqual([[3], null]);
});

it('shows what was kept of this scope on an earlier evening, and never of another', async () => {
	store.set('leaving:mine', { entries: [left(4)], arrivals: [] });
	ask.mockRejectedValue(Problem.offline());
	leaving.show('mine', true);
	await wait();
	expect([ids(), leaving.asOf]).toEqual([[4], '2026-11-21T20:00:00Z']);
	leaving.show('all', false);
	await wait();
	expect([ids(), leaving.problem?.code]).toEqual([null, 'OFFLINE']);
});

it("keeps nothing of a guest's, and shows nobody the lists of somebody else", async () => {
	stage.session.me = null;
	answers(left(1));
	leaving.show('all', true);
	await wait();
	expect([ids(), store.size]).toEqual([[1], 0]);
	ask.mockReturnValue(new Promise(() => {}));
	leaving.show('all', true);
	expect(ids()).toBeNull();
});

it('leaves both feeds', async () => {
	await begin();
	stop();
	expect(stage.stopped).toBe(2);
});

it('asks for nothing more when the page is left while something was to be read', async () => {
	await begin();
	let answer = () => {};
	ask.mockImplementation((_document: unknown, _variables: unknown, signal: AbortSignal) => {
		signal.addEventListener('abort', () => answer());
		return new Promise((_, refuse) => (answer = () => refuse(new DOMException('left', 'AbortError'))));
	});
	void leaving.read();
	stage.feeds[0]!.event(event(1, '5.a'));
	await wait(300);
	ask.mockClear();
	ask.mockRejectedValue(Problem.offline());
	stop();
	leaving.stop();
	await wait(60_000);
	expect([ask.mock.calls.length, leaving.said]).toEqual([0, '']);
});

it('says nothing to somebody else of what was heard before they came', async () => {
	await begin();
	stage.feeds[0]!.event(event(1, '5.a'));
	await wait(300);
	expect([leaving.said === '', leaving.marks.size]).toEqual([false, 1]);
	stage.feeds[0]!.event(event(2, '6.a'));
	leaving.show('mine', true);
	expect([leaving.said, leaving.marks.size]).toEqual(['', 0]);
	await wait(300);
	expect([leaving.said, leaving.marks.size]).toEqual(['', 0]);
});
