import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Asking } from './answer.svelte.ts';
import { questionOf } from './question.ts';

const ask = vi.hoisted(() => vi.fn());
const lines = vi.hoisted(() => ({ told: (_: string, __: string) => {}, left: 0 }));
vi.mock('#lib/api/client.ts', () => ({ ask }));
vi.mock('./lines.ts', () => ({
	followLines: (_: string, told: typeof lines.told) => {
		lines.told = told;
		return () => lines.left++;
	}
}));

const question = questionOf(new URLSearchParams());
const answer = (id: string) => ({
	recommend: { id, whysPending: 1, recommendations: [{ whyId: 'why_1', why: 'For you.' }], alternates: [] }
});

beforeEach(() => {
	vi.useFakeTimers();
	lines.left = 0;
});
afterEach(() => vi.useRealTimers());

it('shows nothing of what was answered, or is still to be, to somebody else', async () => {
	const asking = new Asking();
	ask.mockResolvedValue(answer('a'));
	asking.ask(question, [], true);
	await vi.advanceTimersByTimeAsync(0);
	expect(asking.answer?.id).toBe('a');
	let signal: AbortSignal | undefined;
	ask.mockImplementation((_document: unknown, _variables: unknown, given: AbortSignal) => {
		signal = given;
		return new Promise(() => {});
	});
	asking.ask(question, [], true);
	await vi.advanceTimersByTimeAsync(0);
	asking.forget();
	lines.told('why_1', 'Because you loved it.');
	expect([asking.answer, asking.problem, signal?.aborted, lines.left]).toEqual([null, null, true, 1]);
});
