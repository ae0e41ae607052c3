import { afterEach, expect, it, vi } from 'vitest';
import { ask } from './client.ts';
import { graphql } from './graphql.ts';

const WHO = graphql(`
	query Who {
		me {
			id
		}
	}
`);
const answers: ((data: unknown) => void)[] = [];

/** Like the browser's, answered by hand. */
const fetching = vi.fn(
	(_input: RequestInfo | URL, init?: RequestInit) =>
		new Promise<Response>((resolve, reject) => {
			init?.signal?.throwIfAborted();
			init?.signal?.addEventListener('abort', () => reject(init.signal!.reason));
			answers.push((data) => resolve(Response.json({ data })));
		})
);
vi.stubGlobal('fetch', fetching);
const sent = (times: number) => vi.waitFor(() => expect(fetching).toHaveBeenCalledTimes(times));

afterEach(() => {
	fetching.mockClear();
	answers.length = 0;
});

it('a question that is given up is not left to go on', async () => {
	const given = new AbortController();
	const answer = ask(WHO, {}, given.signal);
	await sent(1);
	given.abort();
	await expect(answer).rejects.toThrow('abort');
});

it('the same question again is asked again: the first answer may be older', async () => {
	const first = ask(WHO, {});
	const second = ask(WHO, {});
	await sent(2);
	answers[1]!({ me: { id: 'new' } });
	await expect(second).resolves.toEqual({ me: { id: 'new' } });
	answers[0]!({ me: null });
	await expect(first).resolves.toEqual({ me: null });
});

it('giving up the first does not take the second away', async () => {
	const given = new AbortController();
	const first = expect(ask(WHO, {}, given.signal)).rejects.toThrow('abort');
	await sent(1);
	given.abort();
	const second = ask(WHO, {});
	await sent(2);
	answers[1]!({ me: null });
	await expect(second).resolves.toEqual({ me: null });
	await first;
});

it('a server that is silent for too long is away', async () => {
	vi.useFakeTimers();
	const answer = expect(ask(WHO, {})).rejects.toMatchObject({ code: 'OFFLINE' });
	await vi.advanceTimersByTimeAsync(30_000);
	await answer;
	vi.useRealTimers();
});
