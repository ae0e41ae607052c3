/** The keys that work now: everybody's, and those that the page adds while it is there. */

import { charOf, Sequence, typing, type Key } from './keys.ts';

const OFF = 'keys-off';

interface Group {
	/** What they belong to, for the list. */
	label: () => string;
	keys: readonly Key[];
}

class Keyboard {
	groups = $state.raw<readonly Group[]>([]);
	/** Whether single keys do something; without that, who dictates opens pages by talking (WCAG 2.1.4). */
	on = $state(localStorage.getItem(OFF) === null);
	readonly #sequence = new Sequence();
	/** The same in plain sight: while an effect is undone, Svelte reads its state as it was before the change. */
	#added: readonly Group[] = [];

	/** Add keys until the function that it returns is called; made to be called in an effect. */
	add(label: () => string, keys: readonly Key[]): () => void {
		const group = { label, keys };
		this.groups = this.#added = [...this.#added, group];
		return () => (this.groups = this.#added = this.#added.filter((each) => each !== group));
	}

	turn(on: boolean): void {
		this.on = on;
		if (on) localStorage.removeItem(OFF);
		else localStorage.setItem(OFF, 'yes');
	}

	/** Hear a press on its way up: what a field or a dialogue has used is not ours. */
	hear(event: KeyboardEvent): void {
		if (event.key === 'Shift') return;
		const char = charOf(event);
		const ours = this.on && char !== null && !event.defaultPrevented && !typing(event.target);
		if (!ours || document.querySelector('dialog[open]')) return this.#sequence.drop();
		const known = this.groups.flatMap((group) => group.keys);
		const found = this.#sequence.read(char, event.timeStamp, known);
		if (!found) return;
		event.preventDefault();
		void found.run?.();
	}
}

export const keyboard = new Keyboard();
