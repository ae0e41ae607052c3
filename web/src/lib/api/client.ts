/** Asking the API: one question, one answer or one Problem. */

import {
	Client,
	createRequest,
	fetchExchange,
	type AnyVariables,
	type CombinedError,
	type TypedDocumentNode
} from '@urql/core';
import { doubts } from './live.svelte.ts';
import { Problem } from './problem.ts';
import { reach } from './reach.svelte.ts';

const client = new Client({
	url: '/graphql',
	exchanges: [fetchExchange],
	preferGetMethod: false,
	requestPolicy: 'network-only'
});

/** Tells questions apart: urql would answer one with the answer to the same one, asked before and perhaps older. */
let asked = 0;

/** Whoever has not answered by then, in ms, is away. */
const PATIENCE = 30_000;

/** The answer to a query; rejects with a Problem, or with an AbortError when `signal` says so. */
export async function ask<Data, Variables extends AnyVariables>(
	document: TypedDocumentNode<Data, Variables>,
	variables: Variables,
	signal?: AbortSignal,
	patience = PATIENCE
): Promise<Data> {
	const request = { ...createRequest(document, variables), key: ++asked };
	const until = limited(patience, signal);
	try {
		const result = await client.executeQuery(request, options(until.signal)).toPromise();
		signal?.throwIfAborted();
		return answered(result.data, result.error);
	} finally {
		until.over();
	}
}

/** The answer to a mutation, which happened or did not; the same key twice happens once. */
export async function change<Data, Variables extends AnyVariables>(
	document: TypedDocumentNode<Data, Variables>,
	variables: Variables
): Promise<Data> {
	const result = await client.mutation(document, variables, options()).toPromise();
	return answered(result.data, result.error);
}

/** A signal that is given by `signal`, or after `patience` ms; not every browser has `AbortSignal.any`. */
function limited(patience: number, signal?: AbortSignal): { signal: AbortSignal; over: () => void } {
	const either = new AbortController();
	const timer = setTimeout(() => either.abort(new DOMException('No answer came in time.', 'TimeoutError')), patience);
	const pass = () => either.abort(signal!.reason);
	if (signal?.aborted) pass();
	signal?.addEventListener('abort', pass);
	const over = () => {
		clearTimeout(timer);
		signal?.removeEventListener('abort', pass);
	};
	return { signal: either.signal, over };
}

function options(signal?: AbortSignal) {
	return {
		fetchOptions: { credentials: 'same-origin' as const },
		// urql has a signal of its own in the options: ours takes its place here.
		fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, signal ? { ...init, signal } : init)
	};
}

function answered<Data>(data: Data | undefined, error: CombinedError | undefined): Data {
	const problem = error && problemOf(error);
	reach.server(problem?.code !== 'OFFLINE');
	if (problem) throw problem;
	if (data === undefined) throw Problem.of(null);
	return data;
}

/** What a proxy says for a server that is away. */
const AWAY = new Set([502, 503, 504]);

function problemOf(error: CombinedError): Problem {
	const answer = error.response as Response | undefined;
	const late = error.networkError?.name === 'TimeoutError';
	if (late || (error.networkError && (!answer || AWAY.has(answer.status)))) return Problem.offline();
	const told = error.graphQLErrors[0];
	if (!told) return Problem.of(null);
	const code = String(told.extensions?.code ?? 'UNEXPECTED');
	if (code === 'UNAUTHENTICATED') doubts.whose();
	const wait = Number(told.extensions?.retryAfter);
	return new Problem(told.message, code, Number.isFinite(wait) ? wait : null);
}
