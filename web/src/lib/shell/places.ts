/** Where one can go: what the navigation, the palette and the keys agree on. */

import { CalendarClock, Clapperboard, ListVideo, Search, Settings, Users } from '@lucide/svelte';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';

export interface Place {
	href: string;
	label: () => string;
	icon: Component;
	/** Typed after `g`. */
	key: string;
	/** Whether it has a place in the bar of a phone. */
	main?: boolean;
	/** Whom it is for: anybody, somebody who is signed in, or an admin. */
	for: 'anybody' | 'member' | 'admin';
}

export const PLACES: readonly Place[] = [
	{ href: '/', label: m.nav_tonight, icon: Clapperboard, key: 't', main: true, for: 'anybody' },
	{ href: '/leaving', label: m.nav_leaving, icon: CalendarClock, key: 'l', main: true, for: 'member' },
	{ href: '/watchlist', label: m.nav_watchlist, icon: ListVideo, key: 'w', main: true, for: 'member' },
	{ href: '/search', label: m.nav_search, icon: Search, key: 's', main: true, for: 'anybody' },
	{ href: '/profiles', label: m.nav_profiles, icon: Users, key: 'p', for: 'member' },
	{ href: '/settings', label: m.nav_settings, icon: Settings, key: ',', main: true, for: 'anybody' }
];
