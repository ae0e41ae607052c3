import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reach } from './reach.svelte.ts';

const look = vi.fn(async () => {});

beforeEach(() => {
	vi.useFakeTimers();
	look.mockClear();
	reach.look = look;
});
afterEach(() => {
	reach.device(true);
	reach.server(true);
	vi.runAllTimers();
	vi.useRealTimers();
});

it('says nothing of a blink', () => {
	reach.feeds(1);
	vi.advanceTimersByTime(1_000);
	reach.feeds(-1);
	vi.advanceTimersByTime(10_000);
	expect([reach.away, reach.back]).toEqual([null, false]);
});

it('says what is missing and since when, and for a while that it is back', () => {
	const since = new Date();
	reach.feeds(1);
	vi.advanceTimersByTime(2_000);
	expect(reach.away).toEqual({ what: 'live', since });
	reach.feeds(-1);
	expect([reach.away, reach.back]).toEqual([null, true]);
	vi.advanceTimersByTime(6_000);
	expect(reach.back).toBe(false);
});

it('says the worst that is missing, since the first of it', () => {
	const since = new Date();
	reach.feeds(1);
	vi.advanceTimersByTime(3_000);
	reach.server(false);
	expect(reach.away).toEqual({ what: 'server', since });
	reach.device(false);
	expect(reach.away).toEqual({ what: 'device', since });
	reach.device(true);
	reach.server(true);
	expect(reach.away).toEqual({ what: 'live', since });
	reach.feeds(-1);
	expect(reach.away).toBeNull();
});

it('looks for the server until it answers, less and less often', () => {
	reach.server(false);
	vi.advanceTimersByTime(1_000);
	expect(look).toHaveBeenCalledTimes(1);
	vi.advanceTimersByTime(2_000);
	expect(look).toHaveBeenCalledTimes(2);
	vi.advanceTimersByTime(60_000);
	expect(look.mock.calls.length).toBeLessThan(9);
	reach.server(true);
	look.mockClear();
	vi.advanceTimersByTime(60_000);
	expect(look).not.toHaveBeenCalled();
});

it('looks at once when the device has its network again', () => {
	reach.device(false);
	reach.server(false);
	vi.advanceTimersByTime(100);
	reach.device(true);
	expect(look).toHaveBeenCalledTimes(1);
});

it('counts that it came back, for who could not read something', () => {
	const before = reach.returns;
	reach.server(true);
	expect(reach.returns).toBe(before);
	reach.server(false);
	reach.server(true);
	expect(reach.returns).toBe(before + 1);
});
