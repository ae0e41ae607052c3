/** The schema as this server has it, written down. What writes it is only loaded when somebody asks. */

import { Problem } from '#lib/api/problem.ts';

export async function schemaText(): Promise<string> {
	const { buildClientSchema, getIntrospectionQuery, printSchema } = await import('graphql/utilities');
	let reply: Response;
	try {
		reply = await fetch('/graphql', {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }) })
		});
	} catch {
		throw Problem.offline();
	}
	const { data } = await reply.json();
	return `${printSchema(buildClientSchema(data))}\n`;
}

/** Hand somebody a file. */
export function download(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: 'application/graphql' }));
	Object.assign(document.createElement('a'), { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
