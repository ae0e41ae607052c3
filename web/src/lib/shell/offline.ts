/** Has what the dashboard is made of kept, so that it opens without a network too. */

/** After the first page, in ms: a hundred files are no help to somebody whose page is still coming. */
const LATER = 5_000;
/** Built, it is one script, which more browsers take. */
const KIND = import.meta.env.DEV ? 'module' : 'classic';

/** Begin a little later; what it returns takes that back. */
export function keepShell(): (() => void) | undefined {
	if (!('serviceWorker' in navigator)) return;
	const begin = () =>
		navigator.serviceWorker.register('/service-worker.js', { type: KIND }).catch((refused: unknown) => {
			// A private window may refuse: the dashboard is as good there as long as the network is.
			console.info('Nothing is kept for when there is no network:', refused);
		});
	const timer = setTimeout(begin, LATER);
	return () => clearTimeout(timer);
}
