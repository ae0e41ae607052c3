/** Which of a few words' rows fit what is typed, and which of them best. */

/** Small letters without accents. */
export function plain(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('und').trim();
}

/**
 * How well a text fits: 0 for not at all. Every typed word begins a word of the text; it fits better
 * where the text begins with what is typed.
 */
export function fit(typed: string, text: string): number {
	const wanted = plain(typed);
	if (!wanted) return 1;
	const whole = plain(text);
	const words = whole.split(/[\s,.:;·–—()/-]+/u);
	const parts = wanted.split(/\s+/u);
	if (!parts.every((part) => words.some((word) => word.startsWith(part)))) return 0;
	return whole.startsWith(wanted) ? 3 : words[0]!.startsWith(parts[0]!) ? 2 : 1;
}

/** Those that fit, the best first and else as they were; all where nothing is typed. */
export function fitting<Row extends { label: string; words?: string }>(typed: string, rows: readonly Row[]): Row[] {
	const fits = rows.map((row) => ({ row, by: Math.max(fit(typed, row.label) * 2, fit(typed, `${row.label} ${row.words ?? ''}`)) }));
	return fits
		.filter(({ by }) => by > 0)
		.sort((a, b) => b.by - a.by)
		.map(({ row }) => row);
}

/** Whether what is typed asks for a row by its own name: nobody means a title then. */
export function meant(typed: string, label: string): boolean {
	return plain(typed).length > 3 && fit(typed, label) === 3;
}

/** The row after another one, around both ends; the first where there is none. */
export function stepped(ids: readonly string[], at: string | null, by: 1 | -1): string | null {
	if (!ids.length) return null;
	const from = at === null ? -1 : ids.indexOf(at);
	if (from < 0) return by === 1 ? ids[0]! : ids.at(-1)!;
	return ids[(from + by + ids.length) % ids.length]!;
}
