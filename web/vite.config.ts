import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the API; a build asks its own origin.
const api = process.env.STREAMING_STACK_API ?? 'http://127.0.0.1:8000';

/**
 * Kit hides what it says to screen readers by a style attribute, which our policy refuses. Our own
 * class does the same.
 */
const announcer: Plugin = {
	name: 'announcer-without-style',
	enforce: 'pre',
	transform(code, id) {
		if (!id.includes('@sveltejs/kit') || !code.includes('id="svelte-announcer"')) return;
		return code.replace(/(id="svelte-announcer"[^>]*?)\sstyle="[^"]*"/, '$1 class="unseen"');
	}
};

export default defineConfig({
	plugins: [
		announcer,
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['localStorage', 'preferredLanguage', 'baseLocale']
		}),
		sveltekit({
			compilerOptions: { runes: true },
			// What has no page of its own begins with the fallback; `_` is any title.
			adapter: adapter({ fallback: 'shell.html', precompress: true }),
			paths: { relative: false },
			// Styles stand in the page: the first words wait for nothing else.
			inlineStyleThreshold: 100_000,
			// lib/shell/offline.ts does it, when it is in nobody's way.
			serviceWorker: { register: false },
			prerender: { crawl: false, entries: ['*', '/title/_'], handleUnseenRoutes: 'ignore' },
			// hatch_build.py knows what it is made of: the same sources are the same version.
			version: { name: process.env.STREAMING_STACK_WEB_VERSION ?? Date.now().toString() }
		})
	],
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						codeSplitting: {
							// What most pages need is one file, and not thirty that wait for each other.
							groups: [
								// Kit's start has to run before what reads its payload: else no version is ever the right one,
								// and an unknown address is loaded again for ever.
								{ name: 'payload', test: /kit\/src\/runtime\/client\/payload\.js|vite\/preload-helper/, priority: 1 },
								{ name: 'shared', minShareCount: 2 }
							]
						}
					}
				}
			}
		}
	},
	// Somebody's watcher is never done; nobody waits for it.
	test: { teardownTimeout: 500 },
	server: {
		proxy: {
			'/graphql': { target: api, ws: true },
			'/api': api,
			'/webhooks': api
		}
	}
});
