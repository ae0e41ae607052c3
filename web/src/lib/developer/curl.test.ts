import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlOf } from './curl.ts';

/** What curl would be given by a shell. */
function wordsOf(line: string): string[] {
	const shell = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${line}`;
	return execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a line for a shell', () => {
	it.each(['{"a": 1}', "it's", '$HOME `id` $(id) "x" \\n', 'two\nlines', '@file', 'نص – é', "''", ''])(
		'gives curl the body %j to the letter',
		(body) => {
			const url = 'http://x.test/webhooks/justwatch?a=1&b=2';
			expect(wordsOf(curlOf(url, [['webhook-id', 'msg_1']], body))).toEqual([
				'-s', url, '-H', 'webhook-id: msg_1', '--data-raw', body
			]);
		}
	);

	it('asks without a body where there is none', () => {
		expect(wordsOf(curlOf('http://x.test/', []))).toEqual(['-s', 'http://x.test/']);
	});
});
