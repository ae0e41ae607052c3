/** Whom a page has to name, in the page's language, and what of the sentence is the link. */

import { m } from '#lib/paraglide/messages.js';

export interface Credit {
	name: string;
	/** What has to stand there, in the API's words. */
	text: string;
	url: string;
}

/** What they ask for, where we have it in all our languages. */
const WORDS: Record<string, () => string> = { JustWatch: m.shell_credit_justwatch, TMDB: m.shell_credit_tmdb };

/** Everybody once, in the order of their names, so that nothing moves when another one comes. */
export function once(credits: readonly Credit[]): Credit[] {
	return [...new Map(credits.map((credit) => [credit.name, credit])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A sentence around its link: their name where it stands last, or all of it. */
export function sentence({ name, text }: Credit): { before: string; link: string; after: string } {
	const said = WORDS[name]?.() ?? text;
	const at = said.lastIndexOf(name);
	if (at < 0) return { before: '', link: said, after: '' };
	return { before: said.slice(0, at), link: name, after: said.slice(at + name.length) };
}
