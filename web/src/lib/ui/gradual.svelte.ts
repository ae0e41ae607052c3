/** Drawing what is long in steps, so that a slow phone can answer a thumb between them. */

/**
 * How many of a list, or of a page's parts, are drawn: `first` at once, and `step` more with each task until
 * all are. Whatever comes later to a list that was drawn is drawn at once with it. Call it while a component
 * is made.
 */
export function gradually(total: () => number, { step = 1, first = step }: { step?: number; first?: number } = {}): { readonly shown: number } {
	let shown = $state(first);
	$effect(() => {
		const wanted = total();
		if (!wanted || shown === Infinity) return;
		// What was drawn once is whole from then on, and nobody looks at a page that is hidden.
		if (shown >= wanted || document.hidden) {
			shown = Infinity;
			return;
		}
		const next = setTimeout(() => (shown += step));
		return () => clearTimeout(next);
	});
	return {
		get shown() {
			return shown;
		}
	};
}
