// The API is killed and comes back: what was missed is there, nothing is told twice.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { cardOf, movable, sockets } from './live.mjs';
import { PATIENCE, leaves, play, told, until } from './stage.mjs';

/** Kill the API without a word; `up` starts it again. */
function kill() {
  const of = (pid, what) => readFileSync(`/proc/${pid}/${what}`, 'utf8');
  const pids = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && of(pid, 'cmdline').includes('app.asgi') && of(pid, 'environ').includes(told.data);
    } catch {
      return false; // it has ended, or is somebody else's
    }
  });
  assert.equal(pids.length, 1);
  process.kill(Number(pids[0]), 'SIGKILL');
}

await play(async ({ comes }) => {
  const { page, ask } = await comes('pro@example.com');
  const { title, platform } = await movable(ask);
  const live = sockets(page);
  await page.clock.install();
  await page.goto('/leaving');
  const { card } = cardOf(page, title);
  await card.getByText(/^Until .* days$/).waitFor();
  await live.follows(2);
  await page.evaluate(() => {
    window.said = [];
    const region = document.querySelector('main > [aria-live]');
    new MutationObserver(() => window.said.push(region.textContent)).observe(region, {
      characterData: true, childList: true, subtree: true
    });
  });

  kill();
  const banner = page.getByRole('status').filter({ hasText: /The server hasn't answered since|Live updates have been interrupted/ });
  await banner.waitFor();
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 100)); // it comes back later than the API
  await until('the API starting again', async () => (await fetch(`${told.base}/readyz`)).ok, 3 * PATIENCE);
  await leaves(title, platform, 1);
  assert.ok(await card.getByText(/^Until .* days$/).isVisible());
  assert.ok(await banner.isVisible());

  await page.clock.resume();
  await page.clock.fastForward(20_000);
  await card.getByText(/^(Last day|Until .* 2 days)/).waitFor();
  await page.getByRole('status').filter({ hasText: `${title.name} now leaves on ` }).waitFor();
  await page.getByText('Everything is connected again, and up to date.').waitFor();
  await banner.waitFor({ state: 'detached' });
  await live.follows(2);

  // Each feed went on from where it was, and told it once; the page said it once.
  const again = live.all.at(-1).sent.filter(({ type }) => type === 'subscribe');
  assert.deepEqual(again.map(({ payload }) => typeof payload.variables.after), ['string', 'string']);
  const events = live.told('AvailabilityEvent');
  assert.equal(new Set(events.map(({ id, cursor }) => `${id} ${cursor}`)).size, events.length);
  assert.ok(events.some((event) => event.title.id === title.id));
  const said = (await page.evaluate(() => window.said)).filter((words) => words.includes(title.name));
  assert.equal(said.length, 1, said.join('; '));
}, /WebSocket connection to .* failed|net::ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONNECTION_RESET)/);
