import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { broken, keyOf, newId, sealed } from './seal.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('a secret', () => {
	it('is read as its bytes, with spaces around it', () => {
		expect(keyOf(` ${SECRET}\n`)).toEqual(new Uint8Array(Buffer.from(SECRET.slice(6), 'base64')));
	});

	it.each(['', 'whsec_', SECRET.slice(6), 'whsec_short', 'whsec_§§§', `whsec_${'A'.repeat(100)}`])(
		'%j is none',
		(secret) => expect(keyOf(secret)).toBeNull()
	);
});

describe('a seal', () => {
	it('is the one that the standard shows', async () => {
		const now = new Date(1_614_265_330_400);
		const seal = await sealed(keyOf(SECRET)!, 'msg_p5jXN8AQM9LWM0D4loKWxJek', now, '{"test": 2432232314}');
		expect(seal.timestamp).toBe('1614265330');
		expect(seal.signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
	});

	it('is over the body in UTF-8', async () => {
		const body = '{"name":"Die Brücke – جسر"}';
		const { signature } = await sealed(keyOf(SECRET)!, 'msg_1', new Date(0), body);
		const mac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64')).update(`msg_1.0.${body}`);
		expect(signature).toBe(`v1,${mac.digest('base64')}`);
	});

	it('is broken in one letter, and has its form', async () => {
		for (const signature of ['v1,AAA=', 'v1,zAA=']) {
			const bad = broken({ id: 'msg_1', timestamp: '1', signature });
			expect(bad.signature).not.toBe(signature);
			expect(bad.signature).toMatch(/^v1,[AB]AA=$/);
		}
	});

	it('has an id of its own', () => {
		expect(newId()).toMatch(/^msg_[0-9a-f]{32}$/);
		expect(newId()).not.toBe(newId());
	});
});
