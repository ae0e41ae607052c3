/** Questions that the page has asked before any script was there (src/lib/shell/first.js). */

interface Asked {
	variables: string;
	answer: Promise<Response>;
}

declare global {
	interface Window {
		/** By the operation's name. */
		askedEarly?: Record<string, Asked>;
	}
}

/** The answer to one of them, once; null where there is none that can be used, and it is asked again. */
export async function early<Data>(operation: string, variables: object = {}): Promise<Data | null> {
	const asked = window.askedEarly?.[operation];
	if (!asked || asked.variables !== JSON.stringify(variables)) return null;
	delete window.askedEarly![operation];
	try {
		const answer = (await (await asked.answer).json()) as { data?: Data; errors?: unknown };
		return (!answer.errors && answer.data) || null;
	} catch {
		return null;
	}
}
