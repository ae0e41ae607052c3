/** Questions that the page has asked before any script was there (src/lib/shell/first.js). */

interface Asked {
	variables: string;
	answer: Promise<unknown>;
	/** The answer, as soon as it is there. */
	told?: unknown;
}

/** Whoever has not answered by then, in ms, is asked again. */
const PATIENCE = 10_000;

interface Answer<Data> {
	data?: Data;
	errors?: unknown;
}

declare global {
	interface Window {
		/** By the operation's name. */
		askedEarly?: Record<string, Asked>;
	}
}

/** The answer to one of them, once; null where there is none that can be used, and it is asked again. */
export async function early<Data>(operation: string, variables: object = {}): Promise<Data | null> {
	const asked = taken(operation, variables);
	if (!asked) return null;
	const none = new Promise<null>((give) => setTimeout(() => give(null), PATIENCE));
	return Promise.race([asked.answer.then(usable<Data>, () => null), none]);
}

/** The same without waiting; null where it isn't there yet, too. */
export function earlyNow<Data>(operation: string, variables: object = {}): Data | null {
	if (!window.askedEarly?.[operation]?.told) return null;
	const asked = taken(operation, variables);
	return asked ? usable<Data>(asked.told) : null;
}

/** Nobody is shown what was asked for somebody else. */
export function forgetEarly(): void {
	delete window.askedEarly;
}

function taken(operation: string, variables: object): Asked | undefined {
	const asked = window.askedEarly?.[operation];
	if (!asked || asked.variables !== JSON.stringify(variables)) return;
	delete window.askedEarly![operation];
	return asked;
}

function usable<Data>(answer: unknown): Data | null {
	const { data, errors } = answer as Answer<Data>;
	return (!errors && data) || null;
}
