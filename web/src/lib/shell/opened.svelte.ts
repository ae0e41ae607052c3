/** What of the shell is open on top of the page: one at a time. */

class Opened {
	what = $state<'palette' | 'keys' | 'more' | null>(null);

	/** Open it, unless a dialogue of the page is in front. */
	show(what: 'palette' | 'keys' | 'more'): void {
		if (this.what !== null || !document.querySelector('dialog[open]')) this.what = what;
	}

	close(what: 'palette' | 'keys' | 'more'): void {
		if (this.what === what) this.what = null;
	}
}

export const opened = new Opened();
