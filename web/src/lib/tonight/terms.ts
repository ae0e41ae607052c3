/** What a score is made of, as it is drawn. */

export interface Term {
	name: string;
	/** What it found, 0 to 1. */
	value: number;
	/** How much it counts; all of an answer add up to 1. */
	weight: number;
}

export type Degree = 'much' | 'some' | 'little' | 'none';

/** How much of what a term looks for there is. */
export function degreeOf(value: number): Degree {
	return value >= 0.66 ? 'much' : value >= 0.33 ? 'some' : value >= 0.05 ? 'little' : 'none';
}

/** The terms with their bars, as shares of the longest: `room` is what a term could bring, `part` what it brings. */
export function bars(terms: readonly Term[]) {
	const widest = Math.max(...terms.map((term) => term.weight), Number.MIN_VALUE);
	return terms.map((term) => ({
		...term,
		room: term.weight / widest,
		part: (term.weight / widest) * term.value,
		points: Math.round(term.weight * term.value * 100),
		of: Math.round(term.weight * 100)
	}));
}
