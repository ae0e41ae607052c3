import { describe, expect, it } from 'vitest';
import { keepsFile, precached, segmentOf } from './rules.ts';

describe('what the service worker keeps', () => {
	it('is never what the API says', () => {
		const assets = new Set(['/icon.svg']);
		for (const path of ['/graphql', '/graphql/stream', '/api/search', '/_app/version.json', '/'])
			expect(keepsFile(path, assets), path).toBe(false);
		expect(keepsFile('/icon.svg', assets)).toBe(true);
		expect(keepsFile('/_app/immutable/nodes/0.abc.js', assets)).toBe(true);
	});

	it('is fetched beforehand, except for letters that few people see', () => {
		const fonts = ['/a/figtree-latin-wght-normal.x.woff2', '/a/figtree-latin-ext-wght-normal.x.woff2'];
		expect(precached([...fonts, '/icon.svg', '/icon.svg'])).toEqual([fonts[0], '/icon.svg']);
	});
});

describe('a page', () => {
	it('is known by the first part of its address', () => {
		expect(segmentOf('/')).toBe('');
		expect(segmentOf('/title/[id]')).toBe('title');
		expect(segmentOf('/title/title_2')).toBe('title');
		expect(segmentOf('/(guests)/welcome')).toBe('welcome');
	});
});
