import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Reading } from './reading.svelte.ts';

const ask = vi.hoisted(() => vi.fn());
const stage = vi.hoisted(() => ({ feed: null as null | { pick: (data: unknown) => unknown }, stopped: 0 }));
vi.mock('#lib/api/client.ts', () => ({ ask }));
vi.mock('#lib/api/early.ts', () => ({ early: async () => null, earlyNow: () => null }));
vi.mock('#lib/api/live.svelte.ts', () => ({
	follow: (feed: typeof stage.feed) => {
		stage.feed = feed;
		return () => stage.stopped++;
	}
}));

const told = (year: number) => ({ title: { id: 'title_1', year } });
const alive = () => stage.feed!.pick({ availabilityChanged: { __typename: 'Heartbeat', cursor: '1.a' } });
const wait = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
	vi.useFakeTimers();
	ask.mockReset();
});
afterEach(() => vi.useRealTimers());

it('is read once more when nothing is missed any more: what was read before may be older', async () => {
	const reading = new Reading();
	ask.mockResolvedValueOnce(told(1)).mockResolvedValue(told(2));
	void reading.read('title_1');
	reading.follow('title_1');
	await wait();
	expect(reading.title?.year).toBe(1);
	alive();
	alive();
	await wait();
	expect([reading.title?.year, ask.mock.calls.length]).toEqual([2, 2]);
});

it('is shown before that, and not read again by whoever has left', async () => {
	const reading = new Reading();
	let answer = (_: object) => {};
	ask.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
	void reading.read('title_1');
	const stop = reading.follow('title_1');
	alive();
	await wait();
	// The first answer is not given up for the second.
	expect(ask).toHaveBeenCalledTimes(1);
	expect(ask.mock.calls[0]![2].aborted).toBe(false);
	stop();
	answer(told(1));
	await wait();
	expect([reading.title?.year, ask.mock.calls.length]).toEqual([1, 1]);
});
