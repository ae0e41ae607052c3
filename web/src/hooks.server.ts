/** Runs while the shell is written, never for a person: says what the browser fetches at once. */

import type { Handle } from '@sveltejs/kit/hooks';

/** The letters of the first page; other alphabets come when they are needed. */
const FIRST_LETTERS = /\/(figtree-latin-wght|fraunces-latin-opsz)-normal\.woff2$/;

export const handle: Handle = ({ event, resolve }) =>
	resolve(event, {
		preload: (file) => (file.type === 'font' ? FIRST_LETTERS.test(file.filename) : file.type !== 'asset')
	});
