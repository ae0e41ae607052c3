// A signed webhook lands while somebody looks at what leaves: the card moves by itself.
import assert from 'node:assert/strict';
import { cardOf, movable, sockets } from './live.mjs';
import { leaves, play, until } from './stage.mjs';

await play(async ({ comes }) => {
  const { page, ask } = await comes('pro@example.com');
  const { title, platform } = await movable(ask);
  const live = sockets(page);
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto('/leaving');
  const { card, place } = cardOf(page, title);
  await card.getByText(/^Until .* days$/).waitFor();
  const before = await place();
  await live.follows(2); // the watchlist and the services

  await leaves(title, platform, 1);

  await card.getByText(/^(Last day|Until .* 2 days)/).waitFor();
  await card.getByText(/^Moved: was /).waitFor();
  await page.getByRole('status').filter({ hasText: `${title.name} now leaves on ` }).waitFor();
  await until('the card going up', async () => (await place()) < before);
  assert.equal(await card.count(), 1);
  assert.equal(loads, 1);
  assert.equal(live.all.length, 1);
});
