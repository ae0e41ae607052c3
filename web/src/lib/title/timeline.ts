/** What was believed about where a title is, as lanes beside each other in time. */

export interface Entry {
	/** A calendar day of the viewer. */
	day: string;
	kind: string;
	monetization: string;
	seasonNumber: number | null;
	expiresOn: string | null;
	platform: { slug: string; name: string } | null;
}

/** A time in which it was there; as parts of the whole width, 0 to 1. */
export interface Span {
	from: number;
	to: number;
	/** Whether nobody has named its end. */
	open: boolean;
}

export interface Lane {
	key: string;
	name: string;
	spans: Span[];
	/** Where a last day was named or moved. */
	marks: number[];
}

export interface Timeline {
	from: string;
	to: string;
	/** Where today is, 0 to 1. */
	now: number;
	lanes: Lane[];
}

const DAY_MS = 86_400_000;
/** What is around today in any case, so that a young history isn't a line of no length. */
const BEFORE_DAYS = 7;
const AFTER_DAYS = 30;

const stamp = (day: string) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The lanes of `entries`, whatever order they come in: one for each service and way to pay. */
export function timelineOf(entries: readonly Entry[], today: string): Timeline {
	const sorted = [...entries].sort((a, b) => a.day.localeCompare(b.day));
	const named = sorted.flatMap((entry) => [entry.day, entry.expiresOn ?? entry.day]).map(stamp);
	const start = Math.min(...named, stamp(today) - BEFORE_DAYS * DAY_MS);
	const end = Math.max(...named.map((at) => at + DAY_MS), stamp(today) + AFTER_DAYS * DAY_MS);
	const at = (day: string, more = 0) => (stamp(day) + more * DAY_MS - start) / (end - start);

	const lanes = new Map<string, Entry[]>();
	for (const entry of sorted) {
		const key = `${entry.platform?.slug ?? ''} ${entry.monetization}`;
		lanes.set(key, [...(lanes.get(key) ?? []), entry]);
	}
	return {
		from: dayOf(start),
		to: dayOf(end),
		now: at(today),
		lanes: [...lanes].map(([key, told]) => ({
			key,
			name: told[0]!.platform?.name ?? '',
			spans: merged(spansOf(told).map(([from, to]) => ({ from: at(from), to: to ? at(to, 1) : 1, open: !to }))),
			marks: told.filter((entry) => entry.kind === 'LEAVING' || entry.kind === 'DATE_MOVED').map((entry) => at(entry.day))
		}))
	};
}

/** From when until when it was there, season by season; null is an end that nobody has named. */
function spansOf(entries: readonly Entry[]): [string, string | null][] {
	const begun = new Map<number | null, { from: string; until: string | null }>();
	const spans: [string, string | null][] = [];
	for (const { seasonNumber, kind, day, expiresOn } of entries) {
		const there = begun.get(seasonNumber);
		if (kind === 'REMOVED') {
			if (there) spans.push([there.from, there.until && there.until < day ? there.until : day]);
			begun.delete(seasonNumber);
		} else {
			begun.set(seasonNumber, { from: there?.from ?? day, until: expiresOn });
		}
	}
	for (const { from, until } of begun.values()) spans.push([from, until && until < from ? from : until]);
	return spans;
}

/** Those that touch as one; one without an end covers what begins in it. */
function merged(spans: readonly Span[]): Span[] {
	const whole: Span[] = [];
	for (const span of [...spans].sort((a, b) => a.from - b.from)) {
		const last = whole.at(-1);
		if (last && span.from <= last.to) {
			last.open = span.to > last.to ? span.open : last.open || (span.open && span.to === last.to);
			last.to = Math.max(last.to, span.to);
		} else whole.push({ ...span });
	}
	return whole;
}
