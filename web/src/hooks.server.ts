/** Runs while pages are written, never for a person: says what the browser fetches at once, and draws. */

import type { Handle } from '@sveltejs/kit/hooks';
import { first } from '#lib/shell/first.server.ts';

/** The letters of the first page; other alphabets come when they are needed. */
const FIRST_LETTERS = /\/(figtree-latin-wght|fraunces-latin-opsz)-normal\.woff2$/;

export const handle: Handle = ({ event, resolve }) =>
	resolve(event, {
		preload: (file) => (file.type === 'font' ? FIRST_LETTERS.test(file.filename) : file.type !== 'asset'),
		transformPageChunk: ({ html }) =>
			html
				.replace('<!--first-->', () => first(event.url.pathname))
				// The first words need none of them: styles go before.
				.replace(/rel="modulepreload"/g, 'rel="modulepreload" fetchpriority="low"')
	});
