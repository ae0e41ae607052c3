/** The three headers of a webhook: made in the browser with a secret that somebody types, and broken on purpose. */

export interface Seal {
	id: string;
	/** Seconds since 1970. */
	timestamp: string;
	/** `v1,` and base64. */
	signature: string;
}

const PREFIX = 'whsec_';
const SHORTEST = 24;
const LONGEST = 64;

/** The bytes of a secret; null where it has not the form of one. */
export function keyOf(secret: string): Uint8Array<ArrayBuffer> | null {
	const text = secret.trim();
	if (!text.startsWith(PREFIX)) return null;
	try {
		const bytes = Uint8Array.from(atob(text.slice(PREFIX.length)), (letter) => letter.charCodeAt(0));
		return bytes.length >= SHORTEST && bytes.length <= LONGEST ? bytes : null;
	} catch {
		return null;
	}
}

/** Whether this page may sign: browsers do it on https and on this machine's own addresses alone. */
export function canSign(): boolean {
	return globalThis.crypto?.subtle !== undefined;
}

export function newId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return `msg_${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export async function sealed(key: Uint8Array<ArrayBuffer>, id: string, now: Date, body: string): Promise<Seal> {
	const timestamp = String(Math.floor(now.getTime() / 1000));
	const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
	const mac = new Uint8Array(await crypto.subtle.sign('HMAC', imported, signed));
	return { id, timestamp, signature: `v1,${btoa(String.fromCharCode(...mac))}` };
}

/** The same with one letter of the signature another one. */
export function broken(seal: Seal): Seal {
	const at = 'v1,'.length;
	const letter = seal.signature[at] === 'A' ? 'B' : 'A';
	return { ...seal, signature: seal.signature.slice(0, at) + letter + seal.signature.slice(at + 1) };
}

export function headersOf(seal: Seal): [name: string, value: string][] {
	return [
		['webhook-id', seal.id],
		['webhook-timestamp', seal.timestamp],
		['webhook-signature', seal.signature]
	];
}
