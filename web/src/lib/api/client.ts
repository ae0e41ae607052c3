/** Asking the API: one question, one answer or one Problem. */

import { Client, fetchExchange, type AnyVariables, type CombinedError, type TypedDocumentNode } from '@urql/core';
import { Problem } from './problem.ts';

const client = new Client({
	url: '/graphql',
	exchanges: [fetchExchange],
	preferGetMethod: false,
	requestPolicy: 'network-only'
});

/** The answer to a query; rejects with a Problem, or with an AbortError when `signal` says so. */
export async function ask<Data, Variables extends AnyVariables>(
	document: TypedDocumentNode<Data, Variables>,
	variables: Variables,
	signal?: AbortSignal
): Promise<Data> {
	const result = await client.query(document, variables, options(signal)).toPromise();
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
	return { fetchOptions: { signal, credentials: 'same-origin' as const } };
}

function answered<Data>(data: Data | undefined, error: CombinedError | undefined): Data {
	if (error) throw problemOf(error);
	if (data === undefined) throw Problem.of(null);
	return data;
}

function problemOf(error: CombinedError): Problem {
	if (error.networkError && !error.response) return Problem.offline();
	const told = error.graphQLErrors[0];
	if (!told) return Problem.of(null);
	const code = String(told.extensions?.code ?? 'UNEXPECTED');
	const wait = Number(told.extensions?.retryAfter);
	return new Problem(told.message, code, Number.isFinite(wait) ? wait : null);
}
