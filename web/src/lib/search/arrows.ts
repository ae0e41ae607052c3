/** Where an arrow leads in a grid that is read line by line. */

const STEPS: Record<string, (columns: number, rtl: boolean) => number> = {
	ArrowRight: (_, rtl) => (rtl ? -1 : 1),
	ArrowLeft: (_, rtl) => (rtl ? 1 : -1),
	ArrowDown: (columns) => columns,
	ArrowUp: (columns) => -columns
};

/** The place to go to; -1 is above the grid, null where the key leads nowhere. */
export function placeAfter(key: string, at: number, columns: number, count: number, rtl: boolean): number | null {
	if (key === 'Home') return 0;
	if (key === 'End') return count - 1;
	const step = STEPS[key]?.(columns, rtl);
	if (step === undefined) return null;
	const to = at + step;
	if (key === 'ArrowUp' && to < 0) return -1;
	// The last line may be shorter: down from above the gap leads to its end.
	if (key === 'ArrowDown' && to >= count) {
		return Math.floor(at / columns) < Math.floor((count - 1) / columns) ? count - 1 : null;
	}
	return to >= 0 && to < count ? to : null;
}

/** How many stand in the first line, by where each begins. */
export function columnsOf(tops: readonly number[]): number {
	const second = tops.findIndex((top) => Math.abs(top - tops[0]!) > 1);
	return second < 0 ? Math.max(1, tops.length) : second;
}
