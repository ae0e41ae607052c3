/** Whether somebody has typed a name: capitals, spaces around it and the form of accents don't count. */
export function sameName(typed: string, name: string): boolean {
	const plain = (text: string) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
	return plain(typed) === plain(name);
}
