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
	signal?: AbortSignal
): Promise<Data> {
	const request = { ...createRequest(document, variables), key: ++asked };
	const patience = AbortSignal.timeout(PATIENCE);
	const either = signal ? AbortSignal.any([signal, patience]) : patience;
	const result = await client.executeQuery(request, options(either)).toPromise();
	signal?.throwIfAborted();
	return answered(result.data, result.error);
}

/** The answer to a mutation, which happened or did not; the same key twice happens once. */
export async function change<Data, Variables extends AnyVariables>(
	document: TypedDocumentNode<Data, Variables>,
	variables: Variables
): Promise<Data> {
	const result = await client.mutation(document, variables, options()).toPromise();
	return answered(result.data, result.error);
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
	if (error.networkError && (!answer || AWAY.has(answer.status))) return Problem.offline();
	const told = error.graphQLErrors[0];
	if (!told) return Problem.of(null);
	const code = String(told.extensions?.code ?? 'UNEXPECTED');
	if (code === 'UNAUTHENTICATED') doubts.whose();
	const wait = Number(told.extensions?.retryAfter);
	return new Problem(told.message, code, Number.isFinite(wait) ? wait : null);
}
