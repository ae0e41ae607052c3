/** Until when something stays, seen over all places that have it. */

interface Ending {
	expiresOn: string | null;
	platform: { slug: string };
}

/**
 * The last day on which one of `mine` has it, or of any where none of mine does; null where one of them
 * names no end, and where nobody has it.
 */
export function lastDay(offers: readonly Ending[], mine: readonly string[]): string | null {
	const own = offers.filter((offer) => mine.includes(offer.platform.slug));
	const days = (own.length ? own : offers).map((offer) => offer.expiresOn);
	if (days.includes(null)) return null;
	return (days as string[]).sort().at(-1) ?? null;
}
