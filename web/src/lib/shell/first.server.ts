/** Draws what pages begin with: for each language, for a guest and for somebody who was here before. */

import { stringifyDocument } from '@urql/core';
import { render } from 'svelte/server';
import { ME, session } from '#lib/api/session.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { TITLE } from '#lib/title/reading.svelte.ts';
import { getTextDirection, locales, overwriteGetLocale } from '#lib/paraglide/runtime.js';
import First from './First.svelte';
import script from './first.js?raw';

/** The pages that begin with words that are known beforehand, by their address. */
const HEADINGS: Readonly<Record<string, () => string>> = {
	'/': m.tonight_heading,
	'/leaving': m.leaving_heading,
	'/watchlist': m.watchlist_heading,
	'/search': m.search_heading,
	'/settings': m.settings_heading,
	'/profiles': m.profiles_heading
};

/** Any title's page. */
const TITLES = '/title/_';

/** Stands for a name that only the browser knows. */
const NAME = '\u2063name\u2063';
const SOMEBODY = { owner: '', name: NAME, timeZone: 'UTC', country: '', admin: false };

/** What stands in the page at an address instead of `<!--first-->`. */
export function first(path: string): string {
	// The same icons stand in every drawing: they are kept once.
	const icons: string[] = [];
	const drawing = (locale: Locale, member: boolean) =>
		draw(path, locale, member).replace(/<svg.*?<\/svg>/gs, (icon) => {
			if (!icons.includes(icon)) icons.push(icon);
			return `<i${icons.indexOf(icon)}>`;
		});
	const drawings = Object.fromEntries(
		locales.map((locale) => [
			locale,
			{ dir: getTextDirection(locale), guest: drawing(locale, false), member: drawing(locale, true) }
		])
	);
	const questions = [{ name: 'Me', query: packed(ME), ofTitle: false }];
	// Its answer is what is read first.
	if (path === TITLES) questions.unshift({ name: 'Title', query: packed(TITLE), ofTitle: true });
	const words: Record<string, unknown> = { DRAWINGS: drawings, ICONS: icons, NAME, QUESTIONS: questions };
	const filled = script.replace(/\b(DRAWINGS|ICONS|NAME|QUESTIONS)\b/g, (word) => literal(words[word]));
	return `<div id="first"></div>\n\t\t<script>\n${filled}</script>`;
}

type Locale = (typeof locales)[number];

function draw(path: string, locale: Locale, member: boolean): string {
	overwriteGetLocale(() => locale);
	session.me = member ? undefined : null;
	session.last = member ? SOMEBODY : null;
	const page = { url: new URL(path, 'http://localhost'), data: {}, params: {}, route: { id: path } };
	const { body } = render(First, {
		props: { heading: HEADINGS[path]?.(), title: path === TITLES },
		context: new Map([['__request__', { page }]])
	});
	// What styles say in an attribute, the page's policy refuses.
	return body.replace(/<!--.*?-->| style="[^"]*"/g, '').replace(/>\s+</g, '> <');
}

/** A document without what only people read. */
function packed(document: Parameters<typeof stringifyDocument>[0]): string {
	return stringifyDocument(document).replace(/\s+/g, ' ');
}

/** As it may stand in a script of a page. */
function literal(value: unknown): string {
	return JSON.stringify(value).replaceAll('<', '\\u003c');
}
