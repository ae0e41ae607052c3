import { describe, expect, it } from 'vitest';
import { share, timeLeft, withRun, type Standing } from './run.ts';

const START = Date.parse('2026-11-22T02:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const asking = (told: Partial<Standing> = {}): Standing => ({
	state: 'ASKING',
	titles: 400,
	done: 100,
	startedAt: at(0),
	checkpointAt: at(60),
	problem: null,
	...told
});

describe('the time that is left', () => {
	it('follows the pace so far', () => {
		expect(timeLeft(asking(), START + 60_000)).toBe(180_000);
		expect(timeLeft(asking(), START + 70_000)).toBe(170_000);
	});

	it('is not known at the beginning, in other states, or while upstream is away', () => {
		expect(timeLeft(asking({ checkpointAt: at(4) }), START + 4_000)).toBeNull();
		expect(timeLeft(asking({ done: 10 }), START + 60_000)).toBeNull();
		expect(timeLeft(asking({ state: 'LOOKING_AGAIN' }), START + 60_000)).toBeNull();
		expect(timeLeft(asking({ problem: 'Away.' }), START + 60_000)).toBeNull();
		expect(timeLeft(asking({ startedAt: null }), START)).toBeNull();
	});

	it('is not known when nothing has moved on for a while', () => {
		expect(timeLeft(asking(), START + 81_000)).toBeNull();
	});

	it('is never below nothing', () => {
		expect(timeLeft(asking({ done: 400 }), START + 75_000)).toBe(0);
	});
});

describe('the share', () => {
	it('is never more than all of it, nor of nothing', () => {
		expect(share({ titles: 10, done: 12 })).toBe(1);
		expect(share({ titles: 0, done: 0 })).toBe(0);
	});
});

describe('a list of runs', () => {
	const runs = [{ id: 'run_10', n: 0 }, { id: 'run_9', n: 0 }];

	it('takes what is new of a run it has, in its place', () => {
		expect(withRun(runs, { id: 'run_9', n: 1 })).toEqual([runs[0], { id: 'run_9', n: 1 }]);
	});

	it('takes a new one to the front, by number and not by letter', () => {
		expect(withRun(runs, { id: 'run_11', n: 0 }).map(({ id }) => id)).toEqual(['run_11', 'run_10', 'run_9']);
		expect(withRun([{ id: 'run_9' }], { id: 'run_10' }).map(({ id }) => id)).toEqual(['run_10', 'run_9']);
	});
});
