import { beforeEach, expect, it, vi } from 'vitest';
import { early, earlyNow, forgetEarly } from './early.ts';

const answer = (body: unknown) => Promise.resolve(body);

beforeEach(() => {
	vi.stubGlobal('window', { askedEarly: undefined });
});

function asked(body: unknown, variables: object = {}) {
	window.askedEarly = { Title: { variables: JSON.stringify(variables), answer: answer(body) } };
}

it('is an answer once, and only to the question that was asked', async () => {
	asked({ data: { title: { id: 'title_1' } } }, { id: 'title_1' });
	expect(await early('Me')).toBeNull();
	expect(await early('Title', { id: 'title_2' })).toBeNull();
	expect(await early('Title', { id: 'title_1' })).toEqual({ title: { id: 'title_1' } });
	expect(await early('Title', { id: 'title_1' })).toBeNull();
});

it('is nothing where the answer is of no use', async () => {
	asked({ data: { title: null }, errors: [{ message: 'no' }] });
	expect(await early('Title')).toBeNull();
	window.askedEarly = { Title: { variables: '{}', answer: Promise.reject(new SyntaxError('no JSON')) } };
	expect(await early('Title')).toBeNull();
	const refused = Promise.reject(new TypeError('Failed to fetch'));
	window.askedEarly = { Title: { variables: '{}', answer: refused } };
	expect(await early('Title')).toBeNull();
});

it('is nothing where nothing was asked', async () => {
	expect(await early('Title')).toBeNull();
});

it('is there at once where the answer has come', async () => {
	asked({ data: { title: { id: 'title_1' } } });
	expect(earlyNow('Title')).toBeNull();
	window.askedEarly!.Title!.told = { data: { title: { id: 'title_1' } } };
	expect(earlyNow('Title', { id: 'title_2' })).toBeNull();
	expect(earlyNow('Title')).toEqual({ title: { id: 'title_1' } });
	expect(await early('Title')).toBeNull();
});

it('is waited for no longer than somebody would wait', async () => {
	vi.useFakeTimers();
	window.askedEarly = { Title: { variables: '{}', answer: new Promise(() => {}) } };
	const waiting = early('Title');
	await vi.advanceTimersByTimeAsync(10_000);
	expect(await waiting).toBeNull();
	vi.useRealTimers();
});

it('is nothing for whoever comes after', async () => {
	asked({ data: { title: { id: 'title_1' } } });
	forgetEarly();
	expect(await early('Title')).toBeNull();
});
