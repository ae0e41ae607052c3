import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { Deeds } from './deeds.ts';
import type { Wish } from './documents.ts';
import { USUAL, type Filters } from './filters.ts';
import { Watchlist } from './watchlist.svelte.ts';

interface Feed {
	variables: () => object;
	pick: (data: unknown) => unknown;
	event: (update: unknown) => void;
	resync: () => void;
}

const stage = vi.hoisted(() => ({ feeds: [] as Feed[], stopped: 0, session: { me: { id: 'a' } as object | null, owner: 'a', load: async () => {} } }));
const ask = vi.hoisted(() => vi.fn());
const change = vi.hoisted(() => vi.fn());
const store = vi.hoisted(() => new Map<string, unknown>());
const toasts = vi.hoisted(() => ({ said: [] as { text: string; undo?: () => void }[] }));

vi.mock('#lib/api/client.ts', () => ({ ask, change }));
vi.mock('#lib/api/live.svelte.ts', () => ({
	follow: (feed: Feed) => {
		stage.feeds.push(feed);
		return () => stage.stopped++;
	}
}));
vi.mock('#lib/api/session.svelte.ts', () => ({
	session: stage.session,
	refused: (payload: { message?: string } | null) => new Problem(payload?.message ?? 'nothing', 'REFUSED')
}));
vi.mock('#lib/offline.ts', () => ({
	keep: (name: string, value: unknown) => store.set(name, structuredClone(value)),
	kept: (name: string) => (store.has(name) ? { value: store.get(name), at: '2026-11-21T20:00:00Z' } : null)
}));
vi.mock('#lib/ui/toasts.svelte.ts', () => ({
	toasts: { say: (text: string, undo?: () => void) => toasts.said.push({ text, undo }) }
}));

const wish = (number: number, part: Partial<Wish> = {}) =>
	({
		id: `wish_${number}`,
		addedAt: `2026-11-${10 + number}T20:00:00Z`,
		available: true,
		expiresOn: `2026-12-${10 + number}`,
		watchedAt: null,
		note: null,
		platformPreference: null,
		offers: [],
		title: { id: `title_${number}`, name: `Title ${number}` },
		...part
	}) as unknown as Wish;
const page = (wishes: Wish[], hasNextPage = false) => ({ watchlist: { nodes: wishes, pageInfo: { endCursor: hasNextPage ? 'end' : null, hasNextPage } } });
const ids = () => list.wishes?.map(({ title }) => Number(title.id.slice(6))) ?? null;
/** Something that is answered later. */
function later<Value>() {
	let answer!: (value: Value) => void;
	let refuse!: (why: unknown) => void;
	const promise = new Promise<Value>((resolve, reject) => ([answer, refuse] = [resolve, reject]));
	return { promise, answer, refuse };
}
const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const changes = () => stage.feeds.find((feed) => !('scope' in feed.variables()))!;
const days = () => stage.feeds.find((feed) => 'scope' in feed.variables())!;
const remote = (number: number, item: Wish | null) => changes().event({ cursor: '1.a', item, title: { id: `title_${number}` } });

let list: Watchlist;
let deeds: Deeds;

async function showing(wishes: Wish[], filters: Filters = USUAL, hasNextPage = false) {
	ask.mockResolvedValue(page(wishes, hasNextPage));
	list.show(filters, true);
	await wait();
}

beforeEach(() => {
	vi.useFakeTimers();
	ask.mockReset();
	change.mockReset();
	store.clear();
	stage.session.owner = 'a';
	stage.feeds.length = toasts.said.length = 0;
	list = new Watchlist(() => '2026-11-22');
	deeds = new Deeds(list);
});
afterEach(() => {
	list.stop();
	vi.useRealTimers();
});

it('shows what others add where it belongs, what they change once, and nothing of what they remove', async () => {
	await showing([wish(1), wish(3)]);
	list.live();
	remote(2, wish(2));
	expect(ids()).toEqual([1, 2, 3]);
	remote(2, wish(2, { note: 'soon' }));
	expect(ids()).toEqual([1, 2, 3]);
	expect(list.wishes![1]!.note).toBe('soon');
	remote(1, null);
	expect(ids()).toEqual([2, 3]);
	remote(9, null);
	expect(ids()).toEqual([2, 3]);
});

it('takes a wish off at once, and puts it back where it was when that is undone', async () => {
	await showing([wish(1), wish(2), wish(3)]);
	change.mockResolvedValue({ removeFromWatchlist: { __typename: 'WatchlistItemRemoved' } });
	const removed = deeds.remove(list.wishes![1]!);
	expect(ids()).toEqual([1, 3]);
	await removed;
	change.mockResolvedValue({ undoRemoveFromWatchlist: { __typename: 'WatchlistItemAdded', item: wish(2) } });
	toasts.said[0]!.undo!();
	expect(ids()).toEqual([1, 2, 3]);
	await wait();
	expect(ids()).toEqual([1, 2, 3]);
});

it('undoes in the order in which things were done, though the first is still on its way', async () => {
	await showing([wish(1), wish(2)]);
	const remove = later<object>();
	change.mockReturnValueOnce(remove.promise);
	const done = deeds.remove(list.wishes![0]!);
	await wait();
	change.mockResolvedValueOnce({ undoRemoveFromWatchlist: { __typename: 'WatchlistItemAdded', item: wish(1) } });
	toasts.said[0]!.undo!();
	await wait();
	expect(change).toHaveBeenCalledTimes(1);
	expect(ids()).toEqual([1, 2]);
	remove.answer({ removeFromWatchlist: { __typename: 'WatchlistItemRemoved' } });
	await done;
	await wait();
	expect(change).toHaveBeenCalledTimes(2);
	expect(ids()).toEqual([1, 2]);
});

it('puts it back, and says why, where removing is refused', async () => {
	await showing([wish(1), wish(2)]);
	change.mockResolvedValue({ removeFromWatchlist: { __typename: 'RefusedError', message: 'Not now.' } });
	await deeds.remove(list.wishes![0]!);
	expect(ids()).toEqual([1, 2]);
	expect(toasts.said.at(-1)!.text).toBe('Not now.');
});

it('does not let others bring back what is being removed here', async () => {
	await showing([wish(1), wish(2)]);
	list.live();
	const remove = later<object>();
	change.mockReturnValue(remove.promise);
	const done = deeds.remove(list.wishes![0]!);
	await wait();
	remote(1, wish(1, { note: 'older' }));
	expect(ids()).toEqual([2]);
	remove.answer({ removeFromWatchlist: { __typename: 'WatchlistItemRemoved' } });
	await done;
	// Afterwards what others say counts again: somebody has wished for it once more.
	remote(1, wish(1));
	expect(ids()).toEqual([1, 2]);
});

it('does not show an answer that was asked for before something was done here', async () => {
	await showing([wish(1), wish(2)]);
	const reading = later<object>();
	ask.mockReturnValueOnce(reading.promise);
	const read = list.read();
	await wait();
	change.mockResolvedValue({ removeFromWatchlist: { __typename: 'WatchlistItemRemoved' } });
	await deeds.remove(list.wishes![0]!);
	reading.answer(page([wish(1), wish(2)]));
	await read;
	expect(ids()).toEqual([2]);
	ask.mockResolvedValue(page([wish(2), wish(4)]));
	await wait(300);
	expect(ids()).toEqual([2, 4]);
});

it('reads once where days move by the dozen, and everything again after a gap', async () => {
	await showing([wish(1)]);
	list.live();
	ask.mockClear();
	for (let at = 0; at < 12; at++) days().event({ cursor: `${at}.a` });
	await wait(300);
	expect(ask).toHaveBeenCalledTimes(1);
	ask.mockResolvedValue(page([wish(5)]));
	changes().resync();
	await wait(300);
	expect(ids()).toEqual([5]);
});

it('reads again after the first sign of life: what was read before it may be older', async () => {
	await showing([wish(1)]);
	list.live();
	ask.mockClear();
	ask.mockResolvedValue(page([wish(1), wish(2)]));
	const data = { watchlistChanged: { __typename: 'Heartbeat', cursor: '1.a' } };
	changes().pick(data);
	changes().pick(data);
	await wait(300);
	expect(ask).toHaveBeenCalledTimes(1);
	expect(ids()).toEqual([1, 2]);
});

it('leaves what comes behind the last page to be asked for', async () => {
	await showing([wish(1), wish(2)], USUAL, true);
	list.put(wish(9));
	expect(ids()).toEqual([1, 2]);
	ask.mockResolvedValue(page([wish(2), wish(9)]));
	await list.showMore();
	expect(ids()).toEqual([1, 2, 9]);
	expect(list.more).toBe(false);
});

it('stays readable while the server is away, says since when, and tries again by itself', async () => {
	await showing([wish(1), wish(2)]);
	ask.mockRejectedValue(Problem.offline());
	await list.read();
	expect([ids(), list.problem]).toEqual([[1, 2], null]);
	expect(list.asOf).not.toBeNull();
	ask.mockResolvedValue(page([wish(2)]));
	await wait(15_000);
	expect([ids(), list.asOf]).toEqual([[2], null]);
});

it('shows what was kept on an earlier evening, by the filters, where nothing was read on this one', async () => {
	store.set('watchlist', [wish(1), wish(2, { available: false }), wish(3)]);
	ask.mockRejectedValue(Problem.offline());
	list.show({ ...USUAL, on: 'mine', sort: 'added' }, true);
	await wait();
	expect([ids(), list.asOf]).toEqual([[3, 1], '2026-11-21T20:00:00Z']);
	store.clear();
	list.show(USUAL, true);
	await wait();
	expect([ids(), list.problem?.code]).toEqual([null, 'OFFLINE']);
});

it("keeps what was done last for an evening without the server, and nothing that filters hide", async () => {
	await showing([wish(1), wish(2)]);
	list.drop('title_1');
	expect((store.get('watchlist') as Wish[]).map(({ title }) => title.id)).toEqual(['title_2']);
	await showing([wish(2)], { ...USUAL, state: 'done' });
	expect((store.get('watchlist') as Wish[]).map(({ title }) => title.id)).toEqual(['title_2']);
	list.drop('title_2');
	expect(store.get('watchlist')).toHaveLength(1);
});

it('shows nobody the list of somebody else', async () => {
	await showing([wish(1)]);
	ask.mockReturnValue(new Promise(() => {}));
	list.show(USUAL, true);
	expect(ids()).toBeNull();
	ask.mockRejectedValue(new Problem('Sign in first.', 'UNAUTHENTICATED'));
	await list.read();
	expect([list.guest, ids()]).toEqual([true, null]);
});

it('reads again where somebody else did something while an answer was on its way', async () => {
	await showing([wish(1)]);
	list.live();
	const reading = later<object>();
	ask.mockReturnValueOnce(reading.promise);
	const read = list.read();
	await wait();
	remote(2, wish(2));
	reading.answer(page([wish(1)]));
	await read;
	expect(ids()).toEqual([1, 2]);
	ask.mockResolvedValue(page([wish(1), wish(2)]));
	await wait(300);
	expect(ids()).toEqual([1, 2]);
});

it('loses no page that was asked for while an answer was on its way', async () => {
	await showing([wish(1)], USUAL, true);
	const reading = later<object>();
	ask.mockReturnValueOnce(reading.promise);
	const read = list.read();
	await wait();
	ask.mockResolvedValueOnce(page([wish(2)]));
	await list.showMore();
	reading.answer(page([wish(1)], true));
	await read;
	expect(ids()).toEqual([1, 2]);
});

it('does nothing to the list of somebody else who came meanwhile', async () => {
	await showing([wish(1), wish(2)]);
	const [remove, mark] = [later<object>(), later<object>()];
	change.mockReturnValueOnce(remove.promise).mockReturnValueOnce(mark.promise);
	const done = [deeds.remove(list.wishes![0]!), deeds.watched(wish(2), true)];
	await wait();
	stage.session.owner = 'b';
	await showing([wish(7)]);
	const said = toasts.said.length;
	remove.refuse(Problem.offline());
	mark.answer({ markWatched: { __typename: 'WatchedMarked', item: wish(2) } });
	await Promise.all(done);
	expect([ids(), toasts.said.length]).toEqual([[7], said]);
	// Nor is the way back theirs to go.
	change.mockClear();
	for (const { undo } of toasts.said) undo?.();
	await wait();
	expect([ids(), change.mock.calls.length]).toEqual([[7], 0]);
});

it('does not do for somebody else what still waits in the queue', async () => {
	await showing([wish(1)]);
	const remove = later<object>();
	change.mockReturnValueOnce(remove.promise);
	const done = deeds.remove(list.wishes![0]!);
	await wait();
	toasts.said[0]!.undo!();
	stage.session.owner = 'b';
	remove.answer({ removeFromWatchlist: { __typename: 'WatchlistItemRemoved' } });
	await done;
	await wait();
	expect(change).toHaveBeenCalledTimes(1);
});

it('keeps nothing of a list for somebody else', async () => {
	await showing([wish(1), wish(2)]);
	const remove = later<object>();
	change.mockReturnValueOnce(remove.promise);
	const done = deeds.remove(list.wishes![0]!);
	await wait();
	// The page is left, and another profile chosen before there is an answer.
	list.stop();
	store.clear();
	stage.session.owner = 'b';
	remove.refuse(Problem.offline());
	await done;
	list.put(wish(3));
	expect(store.size).toBe(0);
});
