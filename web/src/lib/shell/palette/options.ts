/** What the palette offers besides titles: places to go to, and things to do. */

import { ArrowRight, Keyboard, Languages, LogIn, LogOut, Moon, Sun, SunMoon, Users, type LucideIconData } from '@lucide/icons';
import { goto } from '$app/navigation';
import { Problem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';
import { choose, NAMES, type Locale } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale, locales } from '#lib/paraglide/runtime.js';
import { theme, type Choice } from '#lib/theme.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { placesFor } from '../places.ts';

export interface Option {
	id: string;
	label: string;
	/** Other words by which it is found. */
	words?: string;
	icon: LucideIconData;
	/** The keys that do the same. */
	keys?: string;
	run: () => unknown;
}

/** Where one can go. */
export function goings(admin: boolean | null): Option[] {
	return placesFor(admin).map(({ href, label, icon, key }) => ({
		id: `go${href.replaceAll('/', '-')}`,
		label: label(),
		icon,
		keys: `g ${key}`,
		run: () => goto(href)
	}));
}

/** What can be done at once. `onkeys`: shows the list of keys. */
export function doings(onkeys: () => void): Option[] {
	return [...profiles(), ...themes(), ...languages(), { id: 'keys', label: m.shell_keys(), icon: Keyboard, keys: '?', run: onkeys }, door()];
}

function profiles(): Option[] {
	const { me } = session;
	const others = me?.profiles.filter(({ id }) => id !== me.profile?.id) ?? [];
	return others.map(({ id, name, hasPin }) => ({
		id,
		label: m.shell_go_on_as({ name }),
		icon: Users,
		// A PIN is asked for where all of the household stand.
		run: () => (hasPin ? goto('/profiles') : attempt(() => session.selectProfile(id), m.shell_now_as({ name })))
	}));
}

function themes(): Option[] {
	const icons: Record<Choice, LucideIconData> = { light: Sun, dark: Moon, system: SunMoon };
	const labels = { light: m.shell_theme_light, dark: m.shell_theme_dark, system: m.shell_theme_system };
	return (['light', 'dark', 'system'] as const)
		.filter((choice) => choice !== theme.choice)
		.map((choice) => ({ id: `theme-${choice}`, label: labels[choice](), icon: icons[choice], run: () => theme.choose(choice) }));
}

/** Each in its own words, since who looks for one may not read this one. */
function languages(): Option[] {
	const here = getLocale();
	return locales
		.filter((locale: Locale) => locale !== here)
		.map((locale: Locale) => ({
			id: `language-${locale}`,
			label: NAMES[locale],
			words: `${m.shell_language()} language ${locale}`,
			icon: Languages,
			run: () => choose(locale)
		}));
}

function door(): Option {
	if (session.me) {
		const out = () => attempt(() => session.signOut(), m.shell_signed_out());
		return { id: 'sign-out', label: m.shell_sign_out(), icon: LogOut, run: out };
	}
	return { id: 'sign-in', label: m.shell_sign_in(), icon: LogIn, run: () => goto('/welcome') };
}

/** Look for it with all filters. */
export function searching(typed: string): Option {
	const words = typed.trim();
	return {
		id: 'search',
		label: m.shell_search_for({ words }),
		icon: ArrowRight,
		run: () => goto(`/search?${new URLSearchParams({ q: words })}`)
	};
}

async function attempt(work: () => Promise<void>, done: string): Promise<void> {
	try {
		await work();
		toasts.say(done);
	} catch (thrown) {
		toasts.say(Problem.of(thrown).message);
	}
}
