import { announce } from '#lib/i18n/locale.svelte.ts';
import { session } from '#lib/api/session.svelte.ts';

export const ssr = false;
/** Each page has a file of its own, which begins with its own words (lib/shell/first.server.ts). */
export const prerender = true;

/** Who is signed in decides what every page shows: nothing is drawn for somebody else first. */
export async function load() {
	announce();
	await session.begin();
}
