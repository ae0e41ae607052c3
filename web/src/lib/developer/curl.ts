/** A request as a line for a shell. */

/** Text as one word of sh, whatever is in it. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function curlOf(url: string, headers: readonly (readonly [string, string])[], body?: string): string {
	const words = [`curl -s ${quoted(url)}`, ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)];
	// Not --data, which would read a file where a body begins with "@".
	if (body !== undefined) words.push(`--data-raw ${quoted(body)}`);
	return words.join(' \\\n  ');
}
