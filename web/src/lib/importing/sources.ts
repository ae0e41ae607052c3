/** Whose exports are understood, and where each service gives them out. */

import { m } from '#lib/paraglide/messages.js';

export interface Source {
	/** As the API calls it. */
	id: string;
	name: string;
	/** Where the file comes from, in a sentence or two. */
	how: () => string;
	href?: string;
}

export const SOURCES: readonly Source[] = [
	{ id: 'netflix', name: 'Netflix', how: m.importing_from_netflix, href: 'https://www.netflix.com/viewingactivity' },
	{ id: 'letterboxd', name: 'Letterboxd', how: m.importing_from_letterboxd, href: 'https://letterboxd.com/settings/data/' },
	{ id: 'imdb', name: 'IMDb', how: m.importing_from_imdb, href: 'https://www.imdb.com/exports/' },
	{ id: 'trakt', name: 'Trakt', how: m.importing_from_trakt, href: 'https://trakt.tv/settings/data' },
	{ id: 'tv_time', name: 'TV Time', how: m.importing_from_tv_time },
	{ id: 'simkl', name: 'Simkl', how: m.importing_from_simkl },
	{ id: 'myanimelist', name: 'MyAnimeList', how: m.importing_from_myanimelist, href: 'https://myanimelist.net/panel.php?go=export' },
	{ id: 'yamtrack', name: 'Yamtrack', how: m.importing_from_yamtrack },
	{ id: 'streaming_stack', name: 'Streaming Stack', how: m.importing_from_streaming_stack }
];

/** What a service is called; one that a newer server knows is called as it says. */
export function sourceName(id: string): string {
	// Netflix has two exports of the same history, and Trakt's can be read from the account.
	const bare = id.replace(/_(gdpr|account)$/, '');
	return SOURCES.find((source) => source.id === bare)?.name ?? bare.replaceAll('_', ' ');
}
