/** Where one can go: what the navigation, the palette and the keys agree on. */

import { Activity, Braces, CalendarClock, Clapperboard, FileDown, ListVideo, Search, Settings, Users, type LucideIconData } from '@lucide/icons';
import { m } from '#lib/paraglide/messages.js';

export interface Place {
	href: string;
	label: () => string;
	/** What the bar of a phone calls it, where that is too long; a fifth of 360 px. */
	short?: () => string;
	icon: LucideIconData;
	/** Typed after `g`. */
	key: string;
	/** Whether it has a place in the bar of a phone: four of them do, the fifth opens all others. */
	main?: boolean;
	/** Whom it is for: anybody, somebody who is signed in, or an admin. */
	for: 'anybody' | 'member' | 'admin';
	/** Whether it has something to show, or to say, while the server is away. */
	alone?: boolean;
}

export const PLACES: readonly Place[] = [
	{ href: '/', label: m.nav_tonight, short: m.nav_tonight_short, icon: Clapperboard, key: 't', main: true, for: 'anybody', alone: true },
	{ href: '/leaving', label: m.nav_leaving, icon: CalendarClock, key: 'l', main: true, for: 'member', alone: true },
	{ href: '/watchlist', label: m.nav_watchlist, icon: ListVideo, key: 'w', main: true, for: 'member', alone: true },
	{ href: '/search', label: m.nav_search, icon: Search, key: 's', main: true, for: 'anybody', alone: true },
	{ href: '/profiles', label: m.nav_profiles, icon: Users, key: 'p', for: 'member' },
	{ href: '/import', label: m.importing_nav, icon: FileDown, key: 'i', for: 'member' },
	{ href: '/settings', label: m.nav_settings, icon: Settings, key: ',', for: 'anybody', alone: true },
	{ href: '/admin', label: m.admin_title, icon: Activity, key: 'a', for: 'admin' },
	{ href: '/developer', label: m.developer_title, icon: Braces, key: 'd', for: 'anybody' }
];

const NEEDS = { anybody: 0, member: 1, admin: 2 };

/** Where somebody may go. `admin`: null for nobody. */
export function placesFor(admin: boolean | null): Place[] {
	const rank = admin === null ? 0 : admin ? 2 : 1;
	return PLACES.filter((place) => NEEDS[place.for] <= rank);
}

/** The place that an address belongs to. */
export function placeOf(path: string): Place | undefined {
	return PLACES.find(({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`)));
}
