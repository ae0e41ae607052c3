/** What can be said of a run of the sync. */

export interface Standing {
	state: string;
	titles: number;
	done: number;
	startedAt: string | null;
	checkpointAt: string | null;
	problem: string | null;
}

const UNDER_WAY = new Set(['PLANNED', 'ASKING', 'LOOKING_AGAIN', 'REMOVING']);
/** With less behind it, what is left is a guess. */
const ENOUGH_MS = 5_000;
const ENOUGH_SHARE = 0.05;
/** A checkpoint is written about once a second: without one for so long, it waits for something. */
const STALLED_MS = 20_000;

export function isUnderWay(run: { state: string }): boolean {
	return UNDER_WAY.has(run.state);
}

/** Of its titles those that have had their turn, 0 to 1; a second look counts nothing twice. */
export function share(run: Pick<Standing, 'titles' | 'done'>): number {
	return run.titles ? Math.min(1, run.done / run.titles) : 0;
}

/** Milliseconds until it has asked about all titles at the pace so far; null where nobody can tell. */
export function timeLeft(run: Standing, now: number): number | null {
	if (run.state !== 'ASKING' || run.problem || !run.startedAt || !run.checkpointAt) return null;
	const checkpoint = Date.parse(run.checkpointAt);
	const spent = checkpoint - Date.parse(run.startedAt);
	if (spent < ENOUGH_MS || share(run) < ENOUGH_SHARE || now - checkpoint > STALLED_MS) return null;
	const whole = spent / share(run);
	return Math.max(0, whole - spent - Math.max(0, now - checkpoint));
}

/** A list of runs with one of them as it is now: the latest first, none twice. */
export function withRun<Each extends { id: string }>(runs: readonly Each[], run: Each): Each[] {
	if (runs.some(({ id }) => id === run.id)) return runs.map((each) => (each.id === run.id ? run : each));
	return [run, ...runs].sort((a, b) => numberOf(b.id) - numberOf(a.id));
}

function numberOf(id: string): number {
	return Number(id.slice(id.indexOf('_') + 1));
}
