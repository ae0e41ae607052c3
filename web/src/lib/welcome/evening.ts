/** The first evening: five short steps, each with an address, so that the way back is the browser's. */

export const STEPS = ['who', 'services', 'loved', 'moods', 'history'] as const;
export type Step = (typeof STEPS)[number];

/** The step of an address; the first for anything that is none. */
export function stepOf(params: { get(name: string): string | null }): Step {
	const step = params.get('step');
	return STEPS.find((each) => each === step) ?? STEPS[0];
}

/** Where a step is; where the evening begins for the one behind the last. */
export function addressOf(at: number): string {
	const step = STEPS[at];
	return step ? `/welcome/first?step=${step}` : '/';
}
