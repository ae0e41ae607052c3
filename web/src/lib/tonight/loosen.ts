/** What to loosen where too little fits: the question that each way leads to. */

import type { Mood, Question } from './question.ts';

/** One of the API's ways to more titles. */
export interface Way {
	constraint: string;
	wouldAdd: number;
	/** Null leaves the time open. */
	timeMin: number | null;
	/** Null leaves the mood open. */
	mood: Mood | null;
	groupSize: number | null;
	platform: { slug: string; name: string } | null;
}

/** A question, and the titles that aren't to be shown. */
export interface Asked {
	question: Question;
	excluded: readonly string[];
}

/** What is asked once a way is taken; null for one that this page doesn't know. `mine`: the services of the profile. */
export function loosen({ question, excluded }: Asked, way: Way, mine: readonly string[]): Asked | null {
	const asking = (part: Partial<Question>): Asked => ({ question: { ...question, ...part }, excluded });
	switch (way.constraint) {
		case 'TIME':
			return asking({ minutes: way.timeMin });
		case 'MOOD':
			return asking({ mood: way.mood });
		case 'COMPANY':
			return way.groupSize === null ? null : asking({ company: way.groupSize });
		case 'PLATFORM':
			if (!way.platform) return null;
			return asking({ services: [...new Set([...(question.services ?? mine), way.platform.slug])] });
		case 'AVOIDED_GENRE':
			return asking({ allowed: [...new Set([...question.allowed, 'avoided' as const])] });
		case 'WATCHED':
			return asking({ allowed: [...new Set([...question.allowed, 'watched' as const])] });
		case 'EXCLUDED':
			return { question, excluded: [] };
		default:
			return null;
	}
}

/** Whether the services show nothing at all in the country: then it isn't the question's fault. */
export function nothingHere(candidates: number, dropped: readonly { reason: string; count: number }[]): boolean {
	return candidates === 0 && dropped.every(({ reason }) => reason === 'PLATFORM' || reason === 'COUNTRY');
}
