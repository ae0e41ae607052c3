/** Runs while pages are written, never for a person: says what the browser fetches at once, and draws. */

import type { Handle } from '@sveltejs/kit/hooks';
import { first } from '#lib/shell/first.server.ts';

/** The letters of the first page; other alphabets come when they are needed. */
const FIRST_LETTERS = /\/(figtree-latin-wght|fraunces-latin-opsz)-normal\.woff2$/;

/** How Kit fetches its first script. */
const START = /(import\("[^"]+"\))\.then(?=\(async \(kit\))/;

export const handle: Handle = ({ event, resolve }) =>
	resolve(event, {
		preload: (file) => (file.type === 'font' ? FIRST_LETTERS.test(file.filename) : file.type !== 'asset'),
		transformPageChunk: ({ html }) =>
			html
				.replace('<!--first-->', () => first(event.url.pathname))
				// What is seen first needs no script: they come when it is on the screen (src/app.html).
				.replace(/rel="modulepreload"/g, 'rel="later" fetchpriority="low"')
				.replace(START, 'window.seen.then(() => $1).then')
	});
