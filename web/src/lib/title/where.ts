/** Offers as one reads them: by service, seasons with the same terms together. */

export interface Told {
	id: string;
	monetization: string;
	price: string | null;
	currency: string | null;
	quality: string;
	seasonNumber: number | null;
	expiresOn: string | null;
	confidence: number;
	source: string;
	lastSeenAt: string;
	url: string | null;
	platform: { slug: string; name: string };
}

/** Offers with the same terms; no seasons are the whole title. */
export interface Terms<Offer extends Told = Told> {
	offer: Offer;
	seasons: number[];
}

export interface Place<Offer extends Told = Told> {
	slug: string;
	name: string;
	mine: boolean;
	url: string | null;
	terms: Terms<Offer>[];
}

/** By service: those one has first, otherwise in the order in which they were told. */
export function placesOf<Offer extends Told>(offers: readonly Offer[], mine: readonly string[]): Place<Offer>[] {
	const places = new Map<string, Place<Offer>>();
	for (const offer of offers) {
		const { slug, name } = offer.platform;
		const place = places.get(slug) ?? { slug, name, mine: mine.includes(slug), url: null, terms: [] };
		places.set(slug, place);
		place.url ??= linkOf(offer.url);
		const same = place.terms.find((each) => offer.seasonNumber !== null && sameTerms(each.offer, offer));
		if (same) same.seasons.push(offer.seasonNumber!);
		else place.terms.push({ offer, seasons: offer.seasonNumber === null ? [] : [offer.seasonNumber] });
	}
	return [...places.values()].sort((a, b) => Number(b.mine) - Number(a.mine));
}

function sameTerms(one: Told, other: Told): boolean {
	const key = (offer: Told) => [
		offer.seasonNumber === null, offer.monetization, offer.price, offer.currency, offer.quality,
		offer.expiresOn, surenessOf(offer.confidence), offer.source
	];
	return key(one).join('\n') === key(other).join('\n');
}

/** A link to follow: only of the web, since it comes from somebody else. */
export function linkOf(url: string | null): string | null {
	return url && /^https?:\/\//i.test(url) ? url : null;
}

/** "1–3, 5" of 1, 2, 3 and 5. */
export function ranges(numbers: readonly number[]): string {
	const sorted = [...new Set(numbers)].sort((a, b) => a - b);
	const runs: number[][] = [];
	for (const number of sorted) {
		const run = runs.at(-1);
		if (run && number === run.at(-1)! + 1) run.push(number);
		else runs.push([number]);
	}
	return runs.map((run) => (run.length > 1 ? `${run[0]}–${run.at(-1)}` : `${run[0]}`)).join(', ');
}

export type Sureness = 'sure' | 'likely' | 'unsure';

/** How sure a word is that has this confidence, 0 to 1. */
export function surenessOf(confidence: number): Sureness {
	return confidence >= 0.75 ? 'sure' : confidence >= 0.5 ? 'likely' : 'unsure';
}
