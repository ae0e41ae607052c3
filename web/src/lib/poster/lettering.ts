/** How large a title may be set on its poster: pure, without a look at the page. */

const ROOM = 80; // hundredths of the poster's width, between its margins

/** How wide a letter of Fraunces is, in em, at the most that its optical sizes make of it. */
function widthOf(letter: string): number {
	if (/[iljI1.,:;'’!|]/.test(letter)) return 0.36;
	if (/[ftr()\-]/.test(letter)) return 0.46;
	if (/[mw]/.test(letter)) return 0.92;
	if (/[MWÆŒ@]/.test(letter)) return 1.02;
	if (/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(letter)) return 1;
	return /\p{Lu}/u.test(letter) ? 0.78 : 0.6;
}

/**
 * The size of a name, in hundredths of the poster's width, at which its longest word fits on a line:
 * 21 at most, less for longer names, and no less than can be read.
 */
export function sizeOf(name: string): number {
	const words = name.split(/[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/u);
	const longest = Math.max(
		...words.map((word) => [...word].reduce((sum, letter) => sum + widthOf(letter), 0)),
		1
	);
	const whole = [...name].length;
	return Math.max(9, Math.min(ROOM / longest, whole > 26 ? 13 : whole > 14 ? 16 : 21));
}
