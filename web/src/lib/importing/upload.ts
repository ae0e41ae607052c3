/** A file on its way to the API, by the GraphQL multipart request specification: fetch can't tell how far it is. */

import { print } from 'graphql/language/printer';
import { Problem } from '#lib/api/problem.ts';
import { refused } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { BRING } from './documents.ts';

/** What the API takes at most, in bytes. */
export const MOST = 64 * 1024 * 1024;

/** How far it is: a part of 1 while it is sent; 1 while it is read. */
type Told = (part: number) => void;

/** The form that carries a file. */
export function formOf(file: File, person: string | null): FormData {
	const form = new FormData();
	// The file comes last: the server wants to know where it belongs before it is there.
	form.set('operations', JSON.stringify({ query: print(BRING as never), variables: { file: null, person } }));
	form.set('map', '{"0":["variables.file"]}');
	form.set('0', file, file.name);
	return form;
}

/** The id of the import that an answer tells of; throws a Problem that says why there is none. */
export function importOf(status: number, body: string): string {
	let told: Answer;
	try {
		told = JSON.parse(body) as Answer;
	} catch {
		throw status === 413 ? tooLarge() : Problem.of(null);
	}
	const wrong = told.errors?.[0];
	if (wrong) throw status === 413 ? tooLarge() : new Problem(wrong.message, wrong.extensions?.code ?? 'UNEXPECTED');
	const payload = told.data?.importHistory;
	if (!payload?.batch) throw refused(payload);
	return payload.batch.id;
}

/** Send a file; the id of its import. Rejects with a Problem, or an AbortError when `signal` says so. */
export function send(file: File, person: string | null, told: Told, signal: AbortSignal): Promise<string> {
	if (file.size > MOST) return Promise.reject(tooLarge());
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		const stop = () => request.abort();
		request.open('POST', '/graphql');
		request.setRequestHeader('Accept', 'application/json');
		request.upload.onprogress = (event) => event.lengthComputable && told(Math.min(event.loaded / event.total, 0.99));
		request.upload.onload = () => told(1);
		request.onload = () => {
			try {
				resolve(importOf(request.status, request.responseText));
			} catch (thrown) {
				reject(thrown);
			}
		};
		request.onerror = () => reject(Problem.offline());
		request.onabort = () => reject(new DOMException('', 'AbortError'));
		request.onloadend = () => signal.removeEventListener('abort', stop);
		signal.addEventListener('abort', stop);
		request.send(formOf(file, person));
	});
}

function tooLarge(): Problem {
	return new Problem(m.importing_too_large({ most: MOST / 1024 / 1024 }), 'TOO_LARGE');
}

interface Answer {
	data?: { importHistory?: Parameters<typeof refused>[0] & { batch?: { id: string } } } | null;
	errors?: { message: string; extensions?: { code?: string } }[];
}
