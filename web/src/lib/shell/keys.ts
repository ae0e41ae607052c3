/** Keys: what a key press says, and which of the known ones it completes. Listed, and heard, from one source. */

export interface Key {
	/** What is typed: `/`, or with a space between them two after each other, `g t`. */
	keys: string;
	/** What it does, for the list. */
	label: () => string;
	/** Missing where the page hears it by itself, and it is listed alone. */
	run?: () => unknown;
}

/** So long the first key of two waits for the second. */
export const TOGETHER_MS = 1_500;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'repeat'>;

/** Where the letters of another alphabet lie: keys are found by their place then. */
const BY_CODE: Record<string, [plain: string, shifted: string]> = { Slash: ['/', '?'], Comma: [',', '<'], Period: ['.', '>'] };

/** The character that a press means; null where it is no plain key: a modifier, a word being composed, a repetition. */
export function charOf(event: Pressed): string | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return null;
	const { key } = event;
	if ([...key].length !== 1) return null;
	if (key >= ' ' && key <= '~') return key.toLowerCase();
	const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
	return letter?.toLowerCase() ?? BY_CODE[event.code]?.[event.shiftKey ? 1 : 0] ?? null;
}

/** Elements in which letters are letters. */
const TYPING = [
	'input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=reset], [type=file], [type=image])',
	'textarea',
	'select',
	'[contenteditable]:not([contenteditable=false])',
	'[role=textbox]',
	'[role=searchbox]',
	'[role=combobox]',
	'[role=listbox]',
	'[role=menu]',
	'[role=tree]',
	'[role=grid]',
	'dialog[open]'
].join(', ');

interface Place {
	closest?(selector: string): unknown;
}

/** Whether keys mean nothing of ours here: in a field, or in a dialogue. */
export function typing(target: unknown): boolean {
	return !!(target as Place | null)?.closest?.(TYPING);
}

/** Reads one press after the other. */
export class Sequence {
	#first: string | null = null;
	#at = 0;

	/** The known keys that this press completes, if it does. */
	read(char: string, now: number, known: readonly Key[]): Key | null {
		const first = this.#first !== null && now - this.#at <= TOGETHER_MS ? this.#first : null;
		this.#first = null;
		const typed = first === null ? char : `${first} ${char}`;
		// What was added last is nearest: a page's own keys come before everybody's.
		const found = known.findLast((key) => key.keys === typed && key.run);
		if (found) return found;
		if (known.some((key) => key.keys.startsWith(`${char} `))) {
			this.#first = char;
			this.#at = now;
		}
		return null;
	}

	/** Forget the first of two: something else has happened. */
	drop(): void {
		this.#first = null;
	}
}
