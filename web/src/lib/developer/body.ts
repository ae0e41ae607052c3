/** The body of a webhook about one offer, made of what the catalogue knows; a person may rewrite it. */

import type { About } from './documents.ts';

export const CHANGES = ['expiring', 'added', 'expired', 'changed'] as const;
export type Change = (typeof CHANGES)[number];

export interface Happening {
	/** A slug. */
	platform: string;
	country: string;
	change: Change;
	/** The last day, `2026-11-30`; empty for none. */
	day: string;
}

type Title = NonNullable<About['title']>;
type Offer = Title['offers'][number];
export type Service = About['platforms'][number];

const PAID: Record<string, string> = {
	SUBSCRIPTION: 'FLATRATE',
	ADS: 'ADS',
	FREE: 'FREE',
	RENT: 'RENT',
	BUY: 'BUY',
	CINEMA: 'CINEMA'
};
const ON_TOP = { RENT: true, BUY: true, CINEMA: true };

/** What a viewer would rather hear of comes first: what is included before what costs, a title before its seasons. */
function weight({ monetization, seasonNumber }: Offer): number {
	return (monetization in ON_TOP ? 2 : 0) + (seasonNumber === null ? 0 : 1);
}

/** The offer that a webhook is about; undefined where the title is not there. */
export function offerOn(title: Title, platform: string): Offer | undefined {
	return title.offers
		.filter((each) => each.platform.slug === platform)
		.reduce<Offer | undefined>((best, each) => (best && weight(best) <= weight(each) ? best : each), undefined);
}

/** The services that others know by a number: those that have the title, what is included first, and the others. */
export function servicesFor({ title, platforms }: About): { has: Service[]; others: Service[] } {
	const known = platforms
		.filter((each) => each.packageId !== null)
		.map((service) => ({ service, offer: title ? offerOn(title, service.slug) : undefined }));
	return {
		has: known
			.filter(({ offer }) => offer)
			.sort((a, b) => weight(a.offer!) - weight(b.offer!))
			.map(({ service }) => service),
		others: known.filter(({ offer }) => !offer).map(({ service }) => service)
	};
}

/** A last day to propose, nine days ahead: never the one that is known, which would be no news. */
export function dayFor(known: string | null | undefined, today: string): string {
	const day = daysAfter(today, 9);
	return day === known ? daysAfter(today, 10) : day;
}

/** Null where others have no id for the title or no number for the service. */
export function bodyOf({ title, platforms }: About, happening: Happening): string | null {
	const packageId = platforms.find((each) => each.slug === happening.platform)?.packageId;
	const { justwatch = null, tmdb = null, imdb = null } = title?.externalIds ?? {};
	if (!title || packageId == null || (justwatch ?? tmdb ?? imdb) === null) return null;
	const offer = offerOn(title, happening.platform);
	const season = offer?.seasonNumber ?? null;
	const { change, day } = happening;
	const event = {
		change,
		node_id: justwatch ?? undefined,
		object_type: title.kind === 'FILM' ? 'MOVIE' : season === null ? 'SHOW' : 'SHOW_SEASON',
		season_number: season ?? undefined,
		tmdb_id: tmdb === null ? undefined : season === null ? tmdb : `${tmdb}:${season}`,
		imdb_id: imdb ?? undefined,
		package_id: packageId,
		monetization_type: PAID[offer?.monetization ?? 'SUBSCRIPTION'],
		available_to: change === 'expired' ? undefined : day || (change === 'changed' ? null : undefined)
	};
	const told = { type: `offer.${change}`, data: { country: happening.country, events: [event] } };
	return JSON.stringify(told, null, 2);
}

function daysAfter(day: string, count: number): string {
	return new Date(Date.parse(`${day}T12:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
