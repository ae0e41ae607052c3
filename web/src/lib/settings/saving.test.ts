import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { Saving } from './saving.svelte.ts';

const refresh = vi.hoisted(() => vi.fn<() => Promise<void>>());
vi.mock('#lib/api/session.svelte.ts', () => ({ session: { refresh } }));

beforeEach(() => {
	refresh.mockReset().mockResolvedValue();
});

it('shows at once what is chosen, and sends it', async () => {
	const sent: string[] = [];
	const saving = new Saving('a', async (value) => sent.push(value));
	const done = saving.set('b');
	expect([saving.value, saving.state]).toEqual(['b', 'saving']);
	await done;
	expect([sent, saving.state, refresh.mock.calls.length]).toEqual([['b'], 'saved', 1]);
});

it('sends one after the other, and of what is chosen meanwhile the last alone', async () => {
	const sent: string[] = [];
	let release = () => {};
	const saving = new Saving('a', (value) => {
		sent.push(value);
		return sent.length > 1 ? Promise.resolve() : new Promise<void>((resolve) => (release = resolve));
	});
	const done = saving.set('b');
	void saving.set('c');
	void saving.set('d');
	release();
	await done;
	expect([sent, saving.value, saving.state]).toEqual([['b', 'd'], 'd', 'saved']);
});

it('sends what is chosen while the others hear of the last', async () => {
	const sent: string[] = [];
	const saving = new Saving('a', async (value) => sent.push(value));
	refresh.mockImplementationOnce(async () => void saving.set('c'));
	await saving.set('b');
	expect([sent, saving.value]).toEqual([['b', 'c'], 'c']);
});

it('goes back where it is refused, says why, and can be tried again', async () => {
	let refuse = true;
	const saving = new Saving('a', async () => {
		if (refuse) throw new Problem('No.', 'REFUSED');
	});
	await saving.set('b');
	expect([saving.value, saving.state, saving.problem?.message, refresh.mock.calls.length]).toEqual(['a', 'still', 'No.', 0]);
	refuse = false;
	await saving.set('b');
	expect([saving.value, saving.problem]).toEqual(['b', null]);
});
