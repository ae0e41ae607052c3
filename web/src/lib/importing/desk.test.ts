import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';

const answers: (object | Problem)[] = [];
const change = vi.fn(async () => {
	const answer = answers.shift();
	if (answer instanceof Problem) throw answer;
	return { commitImport: answer, undoImport: answer };
});

vi.mock('#lib/api/client.ts', () => ({ change, ask: vi.fn(async () => ({ importBatch: null })) }));
vi.mock('#lib/settings/done.ts', () => ({ done: <Given>(given: Given) => given }));

const { Desk } = await import('./desk.svelte.ts');
const round = (done: boolean) => ({ __typename: 'ImportChanged', done, batch: { id: 'import_1' } });

beforeEach(() => {
	answers.length = 0;
	change.mockClear();
});

test('writing goes on round by round until all is done', async () => {
	answers.push(round(false), round(false), round(true));
	const desk = new Desk('import_1');
	const writing = desk.write();
	expect(desk.working).toBe('writing');
	await writing;
	expect(change).toHaveBeenCalledTimes(3);
	expect([desk.working, desk.trouble]).toEqual([null, null]);
});

test('stopped, the round that is under way is the last', async () => {
	answers.push(round(false), round(false));
	const desk = new Desk('import_1');
	const undoing = desk.undo();
	desk.pause();
	await undoing;
	expect(change).toHaveBeenCalledTimes(1);
});

test('what goes wrong is said, and ends it', async () => {
	answers.push(round(false), new Problem('The server is away.', 'OFFLINE'));
	const desk = new Desk('import_1');
	await desk.write();
	expect([desk.working, desk.trouble?.code]).toEqual([null, 'OFFLINE']);
});

test('a round of a page that was left is waited for', async () => {
	vi.useFakeTimers();
	answers.push(new Problem('Another import is at work.', 'IMPORT_BUSY'), round(true));
	const desk = new Desk('import_1');
	const writing = desk.write();
	await vi.runAllTimersAsync();
	await writing;
	vi.useRealTimers();
	expect(change).toHaveBeenCalledTimes(2);
	expect(desk.trouble).toBeNull();
});
