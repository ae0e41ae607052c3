import { announce } from '#lib/i18n/locale.svelte.ts';
import { session } from '#lib/api/session.svelte.ts';

export const ssr = false;

/** Who is signed in decides what every page shows: nothing is drawn for somebody else first. */
export async function load() {
	announce();
	// A server that is away is the page's to say; then nobody is signed in for now.
	await session.load().catch(() => (session.me = null));
}
