/** Short words about what has just happened, and the way back from it. */

const LIFE_MS = 8_000;

export interface Toast {
	id: number;
	text: string;
	undo?: () => void;
}

let last = 0;

class Toasts {
	all = $state<Toast[]>([]);

	/** Say something; with `undo` there is a button beside it. */
	say(text: string, undo?: () => void): void {
		const toast = { id: ++last, text, undo };
		this.all = [...this.all.slice(-2), toast];
		setTimeout(() => this.drop(toast.id), LIFE_MS);
	}

	/** Somebody else is here: what was done before is not theirs to take back. */
	settle(): void {
		this.all = this.all.filter((toast) => !toast.undo);
	}

	drop(id: number): void {
		this.all = this.all.filter((toast) => toast.id !== id);
	}
}

export const toasts = new Toasts();
