/** What an event about where titles are says to somebody who looks at the page, or listens to it. */

import { longDay, shortDay } from '#lib/i18n/locale.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import type { AvailabilityEvent } from './documents.ts';

export interface News {
	/** The title it is about. */
	id: string;
	/** A whole sentence. */
	said: string;
	/** A few words beside its card. */
	mark: string;
}

/** More than so many at once are counted, not read out one by one. */
const MOST_SAID = 3;

/** The news of an event; null where nothing has changed that the page shows. */
export function newsOf(event: AvailabilityEvent, today: string): News | null {
	const { id, name } = event.title;
	const platform = event.platform?.name ?? m.leaving_a_service();
	switch (event.kind) {
		case 'LEAVING':
		case 'DATE_MOVED': {
			if (!event.expiresOn) return { id, said: m.leaving_said_stays({ name }), mark: m.leaving_mark_stays() };
			const was = event.previousExpiresOn;
			return {
				id,
				said: m.leaving_said_moved({ name, day: longDay(event.expiresOn, today) }),
				mark: was ? m.leaving_mark_moved({ day: shortDay(was) }) : m.leaving_mark_new()
			};
		}
		case 'RENEWED':
			return { id, said: m.leaving_said_stays({ name }), mark: m.leaving_mark_stays() };
		case 'REMOVED':
			return { id, said: m.leaving_said_left({ name, platform }), mark: m.leaving_mark_left() };
		case 'ADDED':
			return { id, said: m.leaving_said_added({ name, platform }), mark: m.leaving_mark_added() };
		default:
			// A countdown is no news to who sees the days, nor is another price.
			return null;
	}
}

/** What is read out of several: each while they are few. */
export function announcement(news: readonly News[]): string {
	if (news.length > MOST_SAID) return m.leaving_said_many({ count: news.length });
	return news.map(({ said }) => said).join(' ');
}
