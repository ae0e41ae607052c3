import { expect, test } from 'vitest';
import type { Left, Wished } from './documents.ts';
import { entriesOf } from './entries.ts';

const title = (id: string) => ({ id, name: id, year: 2001, kind: 'FILM' as const, runtimeMin: 90, genres: [] });
const left = (id: string, regret: number, onWatchlist = false): Left => ({
	title: title(id), regret, why: 'Because.', expiresOn: '2026-12-01', seasons: [], staysElsewhere: false, onWatchlist,
	offers: []
});
const wish = (id: string, expiresOn: string | null = '2026-12-02'): Wished => ({
	title: title(id), expiresOn, offers: [], finish: { canFinish: true, startBy: null, leavesOn: expiresOn ?? '2026-12-02', losesSeasons: [], sentence: 'Begin today.' }
});
const ids = (entries: { title: { id: string } }[]) => entries.map((entry) => entry.title.id);

test('the order of regret stays, and a wish in it says whether it can be finished', () => {
	const entries = entriesOf([left('a', 0.9), left('b', 0.4, true)], [wish('b')], 'mine');
	expect(ids(entries)).toEqual(['a', 'b']);
	expect(entries.map((entry) => entry.finish?.sentence)).toEqual([undefined, 'Begin today.']);
	expect(entries[1].expiresOn).toBe('2026-12-01');
});

test('a wish that is missing from the list comes behind it, if it leaves', () => {
	const entries = entriesOf([left('a', 0.9)], [wish('c'), wish('d', null)], 'mine');
	expect(ids(entries)).toEqual(['a', 'c']);
});

test('the watchlist shows wishes alone', () => {
	expect(ids(entriesOf([left('a', 0.9), left('b', 0.4, true)], [wish('b'), wish('c')], 'watchlist'))).toEqual(['b', 'c']);
});

test('a wish is one, however long the list of wishes is that says whether it can be finished', () => {
	const [entry] = entriesOf([left('a', 0.9, true)], [], 'watchlist');
	expect(entry).toMatchObject({ wished: true, finish: null });
});

test('no title is there twice, and one that may not be seen is left out', () => {
	const hidden = { ...left('x', 1), title: null };
	expect(ids(entriesOf([left('a', 0.9), hidden, left('a', 0.2)], [wish('a')], 'all'))).toEqual(['a']);
});
