/** What is asked of an evening, and how it stands in the address: a question can be sent to somebody. */

export const MOODS = [
	'COZY', 'FUNNY', 'EASY', 'UPLIFTING', 'ROMANTIC', 'NOSTALGIC', 'THOUGHTFUL', 'EPIC', 'THRILLING',
	'TENSE', 'MIND_BENDING', 'DARK', 'SCARY', 'HEARTBREAKING'
] as const;
export type Mood = (typeof MOODS)[number];

export const MINUTES = [30, 60, 90, 120, 180] as const;
export const COMPANY = [1, 2, 4] as const;

/** What is left out unless somebody asks for it. */
export const ALLOWED = ['avoided', 'watched'] as const;
export type Allowed = (typeof ALLOWED)[number];

export interface Question {
	mood: Mood | null;
	minutes: number | null;
	company: number;
	/** Slugs; null for all that the profile has. */
	services: string[] | null;
	allowed: Allowed[];
}

const MOST_MINUTES = 1_440;
const MOST_PEOPLE = 50;

/** The question that an address asks; what can't be read of it is left out. */
export function questionOf(parameters: Pick<URLSearchParams, 'get'>): Question {
	const mood = parameters.get('mood')?.toUpperCase().replaceAll('-', '_') as Mood | undefined;
	const services = listed(parameters.get('on'));
	return {
		mood: mood && MOODS.includes(mood) ? mood : null,
		minutes: whole(parameters.get('minutes'), MOST_MINUTES),
		company: whole(parameters.get('people'), MOST_PEOPLE) ?? 1,
		services: services.length ? services : null,
		allowed: ALLOWED.filter((each) => listed(parameters.get('also')).includes(each))
	};
}

/** The address of a question: what is left open isn't in it. */
export function addressOf(question: Question): string {
	const parameters = new URLSearchParams();
	if (question.mood) parameters.set('mood', question.mood.toLowerCase().replaceAll('_', '-'));
	if (question.minutes) parameters.set('minutes', String(question.minutes));
	if (question.company > 1) parameters.set('people', String(question.company));
	if (question.services) parameters.set('on', question.services.join(','));
	if (question.allowed.length) parameters.set('also', question.allowed.join(','));
	const written = parameters.toString().replaceAll('%2C', ',');
	return written ? `?${written}` : '';
}

function listed(told: string | null): string[] {
	return told?.split(',').filter(Boolean) ?? [];
}

function whole(told: string | null, most: number): number | null {
	const value = Number(told);
	return told && Number.isInteger(value) && value >= 1 && value <= most ? value : null;
}
