import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from './problem.ts';
import { session } from './session.svelte.ts';

const stage = vi.hoisted(() => ({ store: new Map<string, string>(), channel: null as { onmessage: (message: object) => void } | null, told: [] as unknown[] }));
const ask = vi.hoisted(() => vi.fn());
const change = vi.hoisted(() => vi.fn());
const apart = vi.hoisted(() => vi.fn((work: () => Promise<unknown>) => work()));

vi.hoisted(() => {
	vi.stubGlobal('window', {});
	vi.stubGlobal('localStorage', {
		getItem: (name: string) => stage.store.get(name) ?? null,
		setItem: (name: string, value: string) => stage.store.set(name, value),
		removeItem: (name: string) => stage.store.delete(name)
	});
	vi.stubGlobal(
		'BroadcastChannel',
		class {
			onmessage = () => {};
			constructor() {
				stage.channel = this;
			}
			postMessage(what: unknown) {
				stage.told.push(what);
			}
		}
	);
	stage.store.set('kept:who', JSON.stringify({ value: { owner: 'profile_a', name: 'Ada', timeZone: 'Europe/Berlin', country: 'DE', admin: false }, at: '' }));
});
vi.mock('./client.ts', () => ({ ask, change }));
vi.mock('./live.svelte.ts', () => ({ apart, doubts: {} }));
vi.mock('#lib/offline.ts', async (original) => ({
	...(await original<object>()),
	forget: () => [...stage.store.keys()].filter((key) => key.startsWith('kept:')).forEach((key) => stage.store.delete(key))
}));

const somebody = (profile = 'profile_a', name = 'Ada') => ({
	id: 'account_1',
	email: 'ada@example.com',
	role: 'MEMBER',
	country: 'DE',
	timeZone: 'Europe/Berlin',
	profile: { id: profile, name }
});
const here = (me: object | null) => ask.mockResolvedValue({ me });
const told = (data: string) => stage.channel!.onmessage({ data });
const keptNames = () => [...stage.store.keys()].filter((key) => key.startsWith('kept:'));
const settled = () => vi.waitFor(() => expect(ask).toHaveBeenCalled()).then(() => new Promise((resolve) => setTimeout(resolve)));

beforeEach(async () => {
	ask.mockReset();
	change.mockReset();
	stage.told.length = 0;
});
afterEach(async () => {
	here(somebody());
	await session.load();
	stage.store.delete('kept:watchlist');
});

it('is nobody known while the server is away, but remembers who it was', async () => {
	ask.mockRejectedValue(Problem.offline());
	await session.begin();
	expect(session.me).toBeUndefined();
	expect([session.last?.name, session.owner, session.timeZone]).toEqual(['Ada', 'profile_a', 'Europe/Berlin']);
	const { turn } = session;
	here(somebody());
	await session.find();
	// What could not be read is read now.
	expect([session.me?.email, session.turn]).toEqual(['ada@example.com', turn + 1]);
});

it('remembers nothing but a name, a clock and a country', async () => {
	here(somebody());
	await session.load();
	const kept = stage.store.get('kept:who')!;
	expect(kept).not.toContain('ada@example.com');
	expect(kept).not.toContain('account_1');
	expect(Object.keys(JSON.parse(kept).value).sort()).toEqual(['admin', 'country', 'name', 'owner', 'timeZone']);
});

it('forgets everything at a sign-out, and tells other tabs', async () => {
	stage.store.set('kept:watchlist', '{}');
	change.mockResolvedValue({ signOut: { __typename: 'Done' } });
	here(null);
	await session.signOut();
	expect([session.me, session.last, session.owner, keptNames()]).toEqual([null, null, null, []]);
	expect([stage.told, session.ended]).toEqual([['changed'], null]);
});

it('signs out where the session was over already', async () => {
	change.mockResolvedValue({ signOut: { __typename: 'NotSignedInError', message: 'Sign in first.' } });
	here(null);
	await session.signOut();
	expect([session.me, session.ended]).toEqual([null, null]);
});

it('says why, where it was ended in another tab', async () => {
	here(null);
	told('changed');
	await settled();
	expect([session.me, session.ended]).toEqual([null, 'elsewhere']);
});

it('says why, where it is over, and once for all who doubt it', async () => {
	stage.store.set('kept:watchlist', '{}');
	const { turn } = session;
	here(null);
	await Promise.all([session.find(), session.find(), session.find()]);
	expect(ask).toHaveBeenCalledTimes(1);
	expect([session.ended, session.turn, keptNames()]).toEqual(['over', turn + 1, []]);
});

it('reads nothing anew where the same person is there as before', async () => {
	const { turn, me } = session;
	here(somebody());
	await session.find();
	expect([session.turn, session.me]).toEqual([turn, me]);
});

it('keeps nothing of one profile for another', async () => {
	stage.store.set('kept:watchlist', '{}');
	here(somebody('profile_b', 'Bob'));
	await session.find();
	expect([session.owner, session.last?.name, stage.store.has('kept:watchlist')]).toEqual(['profile_b', 'Bob', false]);
});

it('believes the answer to the last question, whichever comes last', async () => {
	let late = (_: object) => {};
	ask.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
	const first = session.load();
	here(null);
	told('changed');
	await settled();
	late({ me: somebody() });
	await first;
	expect(session.me).toBeNull();
});

it('shows nothing of whoever it was where nobody can say who it is now', async () => {
	ask.mockRejectedValue(Problem.offline());
	told('changed');
	await settled();
	expect([session.me, session.last, session.owner, keptNames()]).toEqual([undefined, null, null, []]);
});
