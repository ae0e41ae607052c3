// Signing out in one tab ends what the other one hears, and the other one says so.
import assert from 'node:assert/strict';
import { sockets } from './live.mjs';
import { play, until } from './stage.mjs';

await play(async ({ comes }) => {
  const { page: first, context } = await comes('pro@example.com');
  const live = sockets(first);
  await first.goto('/leaving');
  await first.getByRole('article').first().waitFor();
  await live.follows(2);

  const second = await context.newPage();
  await second.goto('/settings');
  await second.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();

  await until('the socket closing', () => live.all.every(({ open }) => !open));
  await first.getByRole('status').filter({ hasText: 'You were signed out in another tab' }).waitFor();
  await first.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  assert.equal(await first.getByRole('article').count(), 0); // nothing of theirs stays
  assert.equal(await first.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length), 0);
  assert.equal(live.all.filter(({ open }) => open).length, 0);
});
