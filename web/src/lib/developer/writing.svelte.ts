/** What is to be sent: a title, a service and what happens, and the body that says it. */

import { ask } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import { m } from '#lib/paraglide/messages.js';
import { bodyOf, dayFor, offerOn, servicesFor, type Change } from './body.ts';
import { ABOUT, type About, type Found } from './documents.ts';

export class Writing {
	title = $state.raw<Found | null>(null);
	/** What is known of the title in the country; null until it is read. */
	about = $state.raw<About | null>(null);
	problem = $state.raw<Problem | null>(null);
	country = $state('');
	platform = $state('');
	change = $state<Change>('expiring');
	day = $state('');
	/** The body to the letter. */
	text = $state('');
	readonly services = $derived(this.about ? servicesFor(this.about) : { has: [], others: [] });

	#asked: AbortController | undefined;
	#today = '';

	/** Where the viewer lives. */
	begin(country: string, today: string): void {
		this.#today = today;
		this.set({ country });
	}

	choose(title: Found): void {
		this.title = title;
		this.platform = '';
		void this.#read();
	}

	/** Something else was chosen; the body is written anew. */
	set(wish: Partial<Pick<Writing, 'country' | 'platform' | 'change' | 'day'>>): void {
		const moved = wish.country !== undefined && wish.country !== this.country;
		Object.assign(this, wish);
		if (moved && this.title) return void this.#read();
		if (wish.platform !== undefined) this.#propose();
		this.#write();
	}

	stop(): void {
		this.#asked?.abort();
	}

	async #read(): Promise<void> {
		this.#asked?.abort();
		const asked = (this.#asked = new AbortController());
		this.problem = null;
		try {
			const about = await ask(ABOUT, { id: this.title!.id, country: this.country }, asked.signal);
			this.about = about;
			const { has, others } = servicesFor(about);
			const all = [...has, ...others];
			if (!all.some((each) => each.slug === this.platform)) this.platform = all[0]?.slug ?? '';
			this.#propose();
			this.#write();
		} catch (thrown) {
			if (!asked.signal.aborted) this.problem = Problem.of(thrown);
		}
	}

	#propose(): void {
		const title = this.about?.title;
		this.day = dayFor(title && offerOn(title, this.platform)?.expiresOn, this.#today);
	}

	#write(): void {
		if (!this.about) return;
		const { platform, country, change, day } = this;
		const body = bodyOf(this.about, { platform, country, change, day });
		this.text = body ?? '';
		this.problem = body === null ? new Problem(m.developer_unknown(), 'UNKNOWN') : null;
	}
}
