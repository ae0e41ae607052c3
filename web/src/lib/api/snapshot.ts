/** What a browser remembers of who was signed in, to name them while the server is away. Nothing secret. */

export interface Snapshot {
	/** The profile's id: whose lists are kept. */
	owner: string;
	name: string;
	timeZone: string;
	country: string;
	admin: boolean;
}

interface Somebody {
	email: string;
	role: string;
	country: string;
	timeZone: string;
	profile: { id: string; name: string } | null;
}

/** Whose lists somebody sees; null where they have no profile, and for nobody. */
export function ownerOf(me: Pick<Somebody, 'profile'> | null | undefined): string | null {
	return me?.profile?.id ?? null;
}

/** What is remembered; null where there is no profile, of which nothing could be shown. */
export function snapshotOf(me: Somebody): Snapshot | null {
	const { profile, timeZone, country } = me;
	return profile && { owner: profile.id, name: profile.name, timeZone, country, admin: me.role === 'ADMIN' };
}
