/** Intl's formats, each made once: that takes a slow phone some milliseconds, and a page has a hundred numbers. */

import { getLocale } from '#lib/paraglide/runtime.js';

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

// The very first takes a slow phone 100 ms: a task of its own, while the first answers are on their way.
setTimeout(() => new Intl.DateTimeFormat());

/** How numbers are written in the page's language. */
export function numbers(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
	return kept(Intl.NumberFormat, getLocale(), options);
}

/** How days and moments are written in `language`: the page's, where none is given. */
export function dates(options: Intl.DateTimeFormatOptions, language: string = getLocale()): Intl.DateTimeFormat {
	return kept(Intl.DateTimeFormat, language, options);
}

function kept<Format extends Intl.NumberFormat | Intl.DateTimeFormat, Options>(
	Kind: new (language: string, options: Options) => Format,
	language: string,
	options: Options
): Format {
	const key = `${Kind.name} ${language} ${JSON.stringify(options)}`;
	const format = made.get(key) ?? new Kind(language, options);
	made.set(key, format);
	return format as Format;
}
