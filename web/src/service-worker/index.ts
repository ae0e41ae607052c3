/**
 * Keeps the shell, so that the dashboard opens without a network too: pages come from the network
 * where there is one, files that never change from here. What the API says is never kept.
 */

import { version } from '$app/env';
import { assets, immutable, routes } from '$app/manifest';
import { self } from '$app/service-worker';
import { keepsFile, precached, segmentOf, SHELL } from './rules.ts';

const CACHE = `shell-${version}`;
const OWN_PAGES = new Set(routes.map((route) => segmentOf(route.id)));
const STATIC = new Set(assets.map((file) => absolute(file.path)));

self.addEventListener('install', (event) => {
	event.waitUntil(install());
});

self.addEventListener('activate', (event) => {
	event.waitUntil(activate());
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== self.location.origin) return;
	if (request.mode === 'navigate') {
		// GraphiQL, the REST page and what else is the API's are no business of ours.
		if (OWN_PAGES.has(segmentOf(url.pathname))) event.respondWith(page(request));
	} else if (keepsFile(url.pathname, STATIC)) {
		event.respondWith(file(request, url.pathname));
	}
});

async function install() {
	const cache = await caches.open(CACHE);
	const files = precached([...immutable, ...assets].map((file) => absolute(file.path)));
	// The shell past the browser's own cache, so that it goes with these files.
	await cache.addAll([new Request(SHELL, { cache: 'reload' }), ...files]);
	await self.skipWaiting();
}

async function activate() {
	const old = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== CACHE);
	await Promise.all(old.map((name) => caches.delete(name)));
	await self.clients.claim();
}

async function page(request: Request): Promise<Response> {
	const kept = () => caches.match(SHELL);
	try {
		const answer = await fetch(request);
		// A proxy that stands before a server that is away says so with one of these.
		const away = answer.status === 502 || answer.status === 504;
		return (away && (await kept())) || answer;
	} catch (lost) {
		const shell = await kept();
		if (!shell) throw lost;
		return shell;
	}
}

async function file(request: Request, path: string): Promise<Response> {
	const cache = await caches.open(CACHE);
	const kept = await cache.match(path);
	if (kept) return kept;
	const answer = await fetch(request);
	// Where there is no room to keep it, it is answered all the same.
	if (answer.ok) await cache.put(path, answer.clone()).catch(() => {});
	return answer;
}

function absolute(path: string): string {
	return path.startsWith('/') ? path : `/${path}`;
}
