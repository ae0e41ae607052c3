/** What a poster shows behind its title: one motif for each genre, drawn on a field of 200 x 300.
 *
 * Pure: the same title always has the same poster. Shapes are plain numbers and keywords of ours;
 * nothing that somebody else wrote gets into a path.
 */

export const WIDTH = 200;
export const HEIGHT = 300;

/** A shape: `d` is an SVG path; `tone` says which of the poster's three colours it has. */
export interface Shape {
	d: string;
	tone: 'deep' | 'mid' | 'light';
	stroke?: number;
	opacity?: number;
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function draws(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const n = (value: number) => Math.round(value * 10) / 10;
const circle = (x: number, y: number, r: number) =>
	`M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`;
const polygon = (points: [number, number][]) =>
	`M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;

type Draw = () => number;
const between = (draw: Draw, least: number, most: number) => least + draw() * (most - least);

/** Light that comes through blinds. */
function blinds(draw: Draw): Shape[] {
	const lean = between(draw, 18, 46);
	const from = between(draw, 10, 60);
	return Array.from({ length: 7 }, (_, i) => {
		const y = from + i * 27;
		const thick = 7 + i * 1.6;
		return {
			d: polygon([[0, y + lean], [WIDTH, y], [WIDTH, y + thick], [0, y + lean + thick]]),
			tone: i % 3 === 1 ? 'light' : 'mid',
			opacity: 0.9 - i * 0.07
		};
	});
}

/** Lines that run to one point. */
function vanishing(draw: Draw): Shape[] {
	const x = between(draw, 60, 140);
	const y = between(draw, 70, 130);
	const shapes: Shape[] = [];
	for (let i = 0; i < 14; i++) {
		const angle = (i / 14) * Math.PI * 2 + draw() * 0.12;
		const wide = 0.05 + draw() * 0.07;
		const far = 420;
		shapes.push({
			d: polygon([
				[x, y],
				[x + Math.cos(angle) * far, y + Math.sin(angle) * far],
				[x + Math.cos(angle + wide) * far, y + Math.sin(angle + wide) * far]
			]),
			tone: i % 4 === 0 ? 'light' : 'mid',
			opacity: i % 4 === 0 ? 0.95 : 0.6
		});
	}
	shapes.push({ d: circle(x, y, between(draw, 9, 16)), tone: 'deep' });
	return shapes;
}

/** Two that meet. */
function meeting(draw: Draw): Shape[] {
	const r = between(draw, 46, 62);
	const gap = between(draw, 26, 44);
	const y = between(draw, 92, 120);
	return [
		{ d: circle(100 - gap, y, r), tone: 'mid' },
		{ d: circle(100 + gap, y - between(draw, 0, 18), r * between(draw, 0.8, 1)), tone: 'light', opacity: 0.82 }
	];
}

/** Something that bounces. */
function bounce(draw: Draw): Shape[] {
	const shapes: Shape[] = [];
	let x = -10;
	let high = between(draw, 96, 130);
	for (let i = 0; i < 5; i++) {
		const wide = 34 + high * 0.28;
		shapes.push({
			d: `M${n(x)} 170Q${n(x + wide / 2)} ${n(170 - high * 1.7)} ${n(x + wide)} 170`,
			tone: 'mid',
			stroke: 5
		});
		x += wide;
		high *= 0.72;
	}
	shapes.push({ d: circle(between(draw, 30, 52), 66, between(draw, 17, 24)), tone: 'light' });
	return shapes;
}

/** A planet and what goes round it. */
function orbits(draw: Draw): Shape[] {
	const x = between(draw, 70, 130);
	const y = between(draw, 90, 120);
	const shapes: Shape[] = [38, 62, 88, 118].map((r, i) => ({
		d: circle(x, y, r),
		tone: 'mid',
		stroke: i === 1 ? 3 : 1.4,
		opacity: 0.9 - i * 0.15
	}));
	shapes.push({ d: circle(x, y, between(draw, 17, 25)), tone: 'light' });
	for (const r of [62, 118]) {
		const angle = draw() * Math.PI * 2;
		shapes.push({ d: circle(x + Math.cos(angle) * r, y + Math.sin(angle) * r, 6), tone: 'light' });
	}
	return shapes;
}

/** Teeth, or trees at night. */
function teeth(draw: Draw): Shape[] {
	const row = (base: number, high: number, count: number): [number, number][] => {
		const points: [number, number][] = [[-5, -5]];
		for (let i = 0; i <= count; i++) {
			const x = (i / count) * 210 - 5;
			points.push([x, base], [x + 105 / count, base + high * between(draw, 0.55, 1)]);
		}
		points.push([205, -5]);
		return points;
	};
	return [
		{ d: polygon(row(40, 120, 6)), tone: 'mid', opacity: 0.75 },
		{ d: polygon(row(14, 92, 8)), tone: 'deep' },
		{ d: circle(between(draw, 70, 130), 176, between(draw, 12, 18)), tone: 'light' }
	];
}

/** Frames of a reel. */
function frames(draw: Draw): Shape[] {
	const shapes: Shape[] = [];
	const lit = Math.floor(draw() * 9);
	for (let i = 0; i < 9; i++) {
		const x = 22 + (i % 3) * 54;
		const y = 30 + Math.floor(i / 3) * 54;
		shapes.push({ d: `M${x} ${y}h46v46h-46Z`, tone: i === lit ? 'light' : 'mid', opacity: i === lit ? 1 : 0.35 + draw() * 0.55 });
	}
	return shapes;
}

/** A sun with rays. */
function rays(draw: Draw): Shape[] {
	const y = between(draw, 120, 160);
	const shapes: Shape[] = [];
	for (let i = 0; i < 11; i++) {
		const angle = Math.PI + (i / 11) * Math.PI;
		shapes.push({
			d: polygon([
				[100, y],
				[100 + Math.cos(angle) * 300, y + Math.sin(angle) * 300],
				[100 + Math.cos(angle + 0.15) * 300, y + Math.sin(angle + 0.15) * 300]
			]),
			tone: 'mid',
			opacity: 0.75
		});
	}
	shapes.push({ d: circle(100, y, between(draw, 40, 54)), tone: 'light' });
	return shapes;
}

/** Water and a horizon. */
function horizon(draw: Draw): Shape[] {
	const y = between(draw, 104, 130);
	const shapes: Shape[] = [{ d: circle(between(draw, 60, 140), y - between(draw, 4, 40), between(draw, 24, 36)), tone: 'light' }];
	for (let i = 0; i < 6; i++) {
		const top = y + i * 15;
		const swell = between(draw, 4, 11);
		shapes.push({
			d: `M0 ${n(top)}C50 ${n(top - swell)} 90 ${n(top + swell)} 120 ${n(top)}S180 ${n(top - swell)} 200 ${n(top)}V${n(top + 8)}H0Z`,
			tone: i % 2 ? 'deep' : 'mid',
			opacity: 0.92
		});
	}
	return shapes;
}

/** Cuts across the sheet. */
function slashes(draw: Draw): Shape[] {
	return Array.from({ length: 5 }, (_, i) => {
		const x = -30 + i * 46 + draw() * 16;
		const wide = between(draw, 10, 26);
		return {
			d: polygon([[x, 300], [x + wide, 300], [x + wide + 120, 0], [x + 120, 0]]),
			tone: i === 2 ? 'light' : 'mid',
			opacity: i === 2 ? 1 : between(draw, 0.45, 0.8)
		};
	});
}

/** Mountains under a moon. */
function peaks(draw: Draw): Shape[] {
	const range = (base: number, high: number): [number, number][] => [
		[-10, 220],
		[between(draw, 10, 40), base - high * between(draw, 0.5, 0.8)],
		[between(draw, 60, 80), base - high * 0.25],
		[between(draw, 95, 130), base - high],
		[between(draw, 150, 170), base - high * 0.35],
		[210, base - high * between(draw, 0.5, 0.9)],
		[210, 220]
	];
	return [
		{ d: circle(between(draw, 44, 156), between(draw, 44, 66), between(draw, 18, 28)), tone: 'light' },
		{ d: polygon(range(170, 90)), tone: 'mid', opacity: 0.8 },
		{ d: polygon(range(205, 84)), tone: 'deep' }
	];
}

/** Columns of a hall. */
function columns(draw: Draw): Shape[] {
	const count = 5;
	const shapes: Shape[] = [{ d: polygon([[14, 58], [100, between(draw, 16, 30)], [186, 58]]), tone: 'light' }];
	for (let i = 0; i < count; i++) {
		const x = 24 + i * 33;
		shapes.push({ d: `M${x} 68h18v118h-18Z`, tone: 'mid', opacity: between(draw, 0.55, 1) });
	}
	return shapes;
}

/** A wave of sound. */
function sound(draw: Draw): Shape[] {
	return Array.from({ length: 13 }, (_, i) => {
		const high = 14 + Math.abs(Math.sin(i * 0.55 + draw())) * between(draw, 60, 110);
		return { d: `M${16 + i * 13.4} ${n(110 - high / 2)}v${n(high)}`, tone: i % 5 === 2 ? 'light' : 'mid', stroke: 7 } as Shape;
	});
}

/** Blocks to play with. */
function blocks(draw: Draw): Shape[] {
	const shapes: Shape[] = [];
	for (let i = 0; i < 9; i++) {
		const x = 20 + (i % 3) * 54;
		const y = 26 + Math.floor(i / 3) * 54;
		const kind = Math.floor(draw() * 3);
		const d = kind === 0 ? circle(x + 23, y + 23, 23) : kind === 1 ? `M${x} ${y}h46v46h-46Z` : polygon([[x, y + 46], [x + 23, y], [x + 46, y + 46]]);
		shapes.push({ d, tone: draw() < 0.34 ? 'light' : 'mid', opacity: between(draw, 0.6, 1) });
	}
	return shapes;
}

/** Stone and a low sun. */
function mesa(draw: Draw): Shape[] {
	const y = between(draw, 128, 150);
	return [
		{ d: circle(between(draw, 60, 140), y - 26, between(draw, 34, 46)), tone: 'light' },
		{ d: polygon([[-5, y], [34, y], [42, y - between(draw, 40, 60)], [86, y - 52], [94, y], [205, y], [205, 210], [-5, 210]]), tone: 'mid' },
		{ d: polygon([[120, y + 26], [128, y - 16], [162, y - 16], [172, y + 26], [205, y + 30], [205, 215], [-5, 215], [-5, y + 30]]), tone: 'deep' }
	];
}

/** Rings of a question. */
function rings(draw: Draw): Shape[] {
	const x = between(draw, 80, 120);
	const y = between(draw, 92, 116);
	return [84, 68, 52, 36, 20].map((r, i) => ({
		d: circle(x + i * between(draw, -2.4, 2.4), y + i * between(draw, -2.4, 2.4), r),
		tone: i === 4 ? 'light' : i % 2 ? 'deep' : 'mid',
		opacity: 0.95
	}));
}

const MOTIFS: Record<string, (draw: Draw) => Shape[]> = {
	action: slashes,
	adventure: peaks,
	animation: blocks,
	anime: rays,
	comedy: bounce,
	crime: blinds,
	documentary: frames,
	drama: horizon,
	family: blocks,
	fantasy: peaks,
	history: columns,
	horror: teeth,
	music: sound,
	mystery: rings,
	reality: frames,
	romance: meeting,
	'science-fiction': orbits,
	'sci-fi': orbits,
	scifi: orbits,
	sport: slashes,
	thriller: vanishing,
	war: blinds,
	western: mesa
};

/** The shapes of a title's poster, by the first of its genres that has a motif. */
export function motif(genres: readonly string[], seed: number): Shape[] {
	const genre = genres.find((each) => each in MOTIFS);
	return (genre ? MOTIFS[genre] : horizon)(draws(seed));
}
