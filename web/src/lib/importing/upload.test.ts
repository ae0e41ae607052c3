import { expect, test, vi } from 'vitest';

vi.mock('#lib/api/session.svelte.ts', async () => {
	const { Problem } = await import('#lib/api/problem.ts');
	return {
		refused: (told?: { message: string; code: string; field?: string }) =>
			told ? new Problem(told.message, told.code, null, told.field ?? null) : Problem.of(null)
	};
});

const { MOST, formOf, importOf, send } = await import('./upload.ts');
const answered = (importHistory: object) => JSON.stringify({ data: { importHistory } });

test('a form says where the file belongs before the file', async () => {
	const form = formOf(new File(['Title,Date\n'], 'история.csv'), 'Ana');
	expect([...form.keys()]).toEqual(['operations', 'map', '0']);
	const { query, variables } = JSON.parse(form.get('operations') as string);
	expect(query).toContain('importHistory(input: {file: $file, person: $person})');
	expect(variables).toEqual({ file: null, person: 'Ana' });
	expect(JSON.parse(form.get('map') as string)).toEqual({ '0': ['variables.file'] });
	expect((form.get('0') as File).name).toBe('история.csv');
});

test('an answer tells the import', () => {
	expect(importOf(200, answered({ __typename: 'HistoryImported', batch: { id: 'import_1' } }))).toBe('import_1');
});

test('whatever else is answered becomes a problem in words', () => {
	const refusal = answered({ __typename: 'InvalidInputError', message: 'Whose?', code: 'INVALID_INPUT', field: 'person' });
	expect(() => importOf(200, refusal)).toThrow(expect.objectContaining({ message: 'Whose?', field: 'person' }));
	expect(() => importOf(413, '{"errors":[{"message":"A file may have 64 MB."}]}')).toThrow(
		expect.objectContaining({ code: 'TOO_LARGE' })
	);
	expect(() => importOf(413, '<html>')).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
	expect(() => importOf(401, '{"errors":[{"message":"Sign in.","extensions":{"code":"UNAUTHENTICATED"}}]}')).toThrow(
		expect.objectContaining({ message: 'Sign in.', code: 'UNAUTHENTICATED' })
	);
	for (const [status, body] of [[502, '<html>'], [200, '{}'], [200, '{"data":null}']] as const)
		expect(() => importOf(status, body)).toThrow(expect.objectContaining({ code: 'UNEXPECTED' }));
});

test('what is larger than the API takes is not even sent', async () => {
	const file = { name: 'all.zip', size: MOST + 1 } as File;
	await expect(send(file, null, () => {}, new AbortController().signal)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});
