/** What the service worker decides, without a browser. */

/** What a page begins with where its own can't be had. */
export const SHELL = '/shell.html';

const FOR_EVER = '/_app/immutable/';
/** Letters that most people never see: kept when they were needed once. */
const RARE = /-(latin-ext|vietnamese|greek|cyrillic)[^/]*\.woff2$/;

/** The files that are fetched before anybody asks for them. */
export function precached(paths: readonly string[]): string[] {
	return [...new Set(paths)].filter((path) => !RARE.test(path));
}

/** Whether a file is answered from what is kept: one that can't change under its name. */
export function keepsFile(path: string, assets: ReadonlySet<string>): boolean {
	return path.startsWith(FOR_EVER) || assets.has(path);
}

/** What an address or a route's id begins with: `title` of `/title/[id]`. */
export function segmentOf(path: string): string {
	return path.split('/').filter((part) => part && !part.startsWith('('))[0] ?? '';
}
