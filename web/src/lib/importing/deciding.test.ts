import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import type { Line } from './documents.ts';

const desk = { open: [] as string[], left: new Set<string>(), refusal: null as Problem | null };
const asked: (string | null)[] = [];

vi.mock('#lib/api/client.ts', () => ({
	change: vi.fn(),
	// Two lines a page, behind the cursor, as the server has them.
	ask: vi.fn(async (_: unknown, { after }: { after: string | null }) => {
		asked.push(after);
		const behind = desk.open.filter((line) => after === null || Number(line) > Number(after));
		const nodes = behind.slice(0, 2).map((line) => ({ line }) as Line);
		return { importBatch: { lines: { nodes, pageInfo: { hasNextPage: behind.length > 2, endCursor: null } } } };
	})
}));
vi.mock('#lib/settings/done.ts', () => ({ done: <Given>(given: Given) => given }));

const { Deciding } = await import('./deciding.svelte.ts');

/** Settles on the stand-in server: the line is open no more, unless its episode isn't known. */
const settle = vi.fn(async (line: string, said: { everywhere: boolean }) => {
	if (desk.refusal) throw desk.refusal;
	const meant = said.everywhere ? [...desk.open] : [line];
	const left = meant.filter((each) => desk.left.has(each));
	desk.open = desk.open.filter((each) => !meant.includes(each) || left.includes(each));
	return left.length;
});
const begun = async () => {
	const deciding = new Deciding({ settle } as never, 'import_1', 'AMBIGUOUS');
	await deciding.begin();
	return deciding;
};
const film = { titleId: 'title_1', everywhere: false };

beforeEach(() => {
	Object.assign(desk, { open: ['2', '5', '7', '9', '11'], left: new Set(), refusal: null });
	asked.length = 0;
});

test('each answer leads to the next line, over the ends of pages, until none is left', async () => {
	const deciding = await begun();
	const seen: string[] = [];
	while (deciding.line) {
		seen.push(deciding.line.line);
		await deciding.say(film);
	}
	expect(seen).toEqual(['2', '5', '7', '9', '11']);
	expect(asked).toEqual([null, '5', '9']);
	expect(desk.open).toEqual([]);
});

test('what is left for later is not asked again in this round, and comes in the next', async () => {
	const deciding = await begun();
	await deciding.say(film);
	// The last of its page: the next page begins behind it.
	await deciding.skip();
	for (const line of ['7', '9', '11']) {
		expect(deciding.line?.line).toBe(line);
		await deciding.say(film);
	}
	expect([deciding.line, deciding.later, desk.open]).toEqual([null, 1, ['5']]);
	await deciding.begin();
	expect([deciding.line?.line, deciding.later]).toEqual(['5', 0]);
});

test('a refusal keeps the line, and says why', async () => {
	const deciding = await begun();
	desk.refusal = new Problem('Another import is at work.', 'IMPORT_BUSY');
	await deciding.say(film);
	expect([deciding.line?.line, deciding.problem?.code, deciding.busy]).toEqual(['2', 'IMPORT_BUSY', false]);
	desk.refusal = null;
	await deciding.say(film);
	expect([deciding.line?.line, deciding.problem]).toEqual(['5', null]);
});

test('where the series is known but not the episode, the line stays and asks for it', async () => {
	desk.left = new Set(['2']);
	const deciding = await begun();
	await deciding.say({ titleId: 'title_9', everywhere: false });
	expect([deciding.line?.line, deciding.series]).toEqual(['2', 'title_9']);
	desk.left = new Set();
	await deciding.say({ titleId: 'title_9', everywhere: false });
	expect([deciding.line?.line, deciding.series]).toEqual(['5', null]);
});

test('what was said of all lines of a name is not asked of each; others that stay open are counted', async () => {
	desk.left = new Set(['9']);
	const deciding = await begun();
	await deciding.say({ titleId: 'title_9', everywhere: true });
	expect([deciding.line?.line, deciding.left, deciding.series]).toEqual(['9', 1, null]);
});

test('a second answer while one is on its way is none', async () => {
	const deciding = await begun();
	settle.mockClear();
	await Promise.all([deciding.say(film), deciding.say(film)]);
	expect(settle).toHaveBeenCalledTimes(1);
	expect(deciding.line?.line).toBe('5');
});
