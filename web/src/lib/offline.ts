/** The last watchlist and the last leaving list, kept in this browser so that they can be read offline. */

const PREFIX = 'kept:';

export interface Kept<Value> {
	value: Value;
	/** When it was true, ISO 8601. */
	at: string;
}

/** Keep what was just read; a browser that has no room keeps nothing. */
export function keep<Value>(name: string, value: Value): void {
	try {
		localStorage.setItem(PREFIX + name, JSON.stringify({ value, at: new Date().toISOString() }));
	} catch {
		/* Full, or forbidden: then there is nothing to read offline. */
	}
}

/** What was kept last, if it can still be read. */
export function kept<Value>(name: string): Kept<Value> | null {
	try {
		return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') as Kept<Value> | null;
	} catch {
		return null;
	}
}

/** Forget everything: it belongs to somebody who is not signed in any more. */
export function forget(): void {
	for (const key of Object.keys(localStorage)) {
		if (key.startsWith(PREFIX)) localStorage.removeItem(key);
	}
}
