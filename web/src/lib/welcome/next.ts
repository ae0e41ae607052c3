/** Where whoever has signed in is led. */

interface Params {
	get(name: string): string | null;
}

/** Where to go after signing in: a page of ours that was asked for, never an address elsewhere. */
export function nextOf(params: Params, origin: string): string {
	const wanted = params.get('next');
	if (!wanted?.startsWith('/')) return '/';
	try {
		const address = new URL(wanted, origin);
		const ours = address.origin === origin && !address.pathname.startsWith('//');
		const again = address.pathname === '/welcome' || address.pathname.startsWith('/welcome/');
		return ours && !again ? address.pathname + address.search + address.hash : '/';
	} catch {
		return '/';
	}
}
