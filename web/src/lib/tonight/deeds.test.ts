import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import type { Pick } from './answer.svelte.ts';
import { deeds } from './deeds.ts';

const change = vi.hoisted(() => vi.fn());
const said = vi.hoisted(() => [] as { text: string; undo?: () => unknown }[]);
vi.mock('#lib/api/client.ts', () => ({ change }));
const session = vi.hoisted(() => ({ owner: 'a' }));
vi.mock('#lib/api/session.svelte.ts', () => ({
	session,
	refused: (payload: { message: string }) => new Problem(payload.message, 'REFUSED')
}));
vi.mock('#lib/ui/toasts.svelte.ts', () => ({
	toasts: { say: (text: string, undo?: () => unknown) => said.push({ text, undo }) }
}));

const pick = { title: { id: 'title_1', name: 'Dark' } } as unknown as Pick;
const left = new Set<string>();
const leave = (id: string) => {
	left.add(id);
	return () => left.delete(id);
};

beforeEach(() => {
	said.length = 0;
	left.clear();
	session.owner = 'a';
});

it.each([
	['refused', () => change.mockResolvedValue({ unmarkWatched: { __typename: 'NotFoundError', message: 'Not now.' } })],
	['lost', () => change.mockRejectedValue(new Problem('Not now.', 'OFFLINE'))]
])('says so where taking back that it was watched is %s, and does not show it as unwatched', async (_, refuse) => {
	change.mockResolvedValue({ markWatched: { __typename: 'WatchedMarked' } });
	await deeds.watched(pick, leave);
	expect([...left]).toEqual(['title_1']);
	refuse();
	await said[0]!.undo!();
	expect(said.at(-1)!.text).toBe('Not now.');
	expect([...left]).toEqual(['title_1']);
});

it('shows it again where that is taken back', async () => {
	change.mockResolvedValue({ markWatched: { __typename: 'WatchedMarked' } });
	await deeds.watched(pick, leave);
	change.mockResolvedValue({ unmarkWatched: { __typename: 'WatchedUnmarked' } });
	await said[0]!.undo!();
	expect(left.size).toBe(0);
});

it('gives somebody else no way back from what was done before they came', async () => {
	change.mockImplementation(async () => {
		session.owner = 'b';
		return { addToWatchlist: { __typename: 'WatchlistItemAdded' } };
	});
	await deeds.add(pick, () => {});
	expect(said).toEqual([]);
});
