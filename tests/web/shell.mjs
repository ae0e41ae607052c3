// The shell on its own: what it weighs, that it opens without a network, and what it keeps.
import { person, settled, tell, withBrowser } from './browser.mjs';

const { base, password } = JSON.parse(process.argv[2]);

await withBrowser(async (browser) => {
  // What a first visit has to fetch, as it came over the wire.
  const first = await person(browser, { base, serviceWorkers: 'block' });
  await first.page.goto('/');
  await settled(first.page);
  const fetched = await first.page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name, encodedBodySize, decodedBodySize }) => ({
      path: new URL(name).pathname, bytes: encodedBodySize, unpacked: decodedBodySize
    }))
  );
  tell({ about: 'weight', fetched });
  await first.context.close();

  // A part of an earlier version, which the server has no more.
  const late = await person(browser, { base, serviceWorkers: 'block' });
  await late.page.goto('/');
  await settled(late.page);
  await late.page.route('**/_app/immutable/**', (route) => route.fulfill({ status: 404, body: '' }));
  await late.page.keyboard.press('?');
  await late.page.locator('.toast').waitFor().catch(() => {});
  tell({ about: 'gone', said: await late.page.locator('.toast').count() });
  await late.context.close();

  const { context, page, complaints } = await person(browser, { base, as: 'pro@example.com', password });
  const caches_ = () =>
    page.evaluate(async () => {
      const found = {};
      for (const name of await caches.keys()) {
        const kept = await (await caches.open(name)).keys();
        found[name] = kept.map((request) => new URL(request.url).pathname);
      }
      return found;
    });
  const controlled = () =>
    page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');

  await page.goto('/');
  await settled(page);
  await controlled();
  await page.reload();
  await settled(page);
  tell({ about: 'kept', caches: await caches_(), complaints: [...complaints] });

  // Whatever is opened on top of the page gives the focus back, however it is closed.
  const focused = [];
  const close = () => page.locator('dialog[open] .actions button').last().click();
  for (const [key, end] of [
    ['Control+k', () => page.keyboard.press('Control+k')],
    ['Control+k', () => page.keyboard.press('Escape')],
    ['?', close],
    ['?', () => page.keyboard.press('Escape')]
  ]) {
    await page.locator('nav a[href="/watchlist"]').first().focus();
    await page.keyboard.press(key);
    await page.locator('dialog[open]').waitFor();
    await end();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    focused.push(await page.evaluate(() => document.activeElement.getAttribute('href')));
  }
  tell({ about: 'focus', focused });

  // Another version takes over: what the one before kept is thrown away.
  await page.evaluate(async () => {
    await (await caches.open('shell-before')).put('/shell.html', new Response('old'));
    await (await navigator.serviceWorker.getRegistration()).unregister();
  });
  await page.reload();
  await settled(page);
  await controlled();
  tell({ about: 'replaced', caches: Object.keys(await caches_()) });

  await context.setOffline(true);
  const answer = await page.goto('/?mood=FUNNY');
  await page.locator('h1').first().waitFor();
  tell({
    about: 'offline', fromWorker: answer.fromServiceWorker(), title: await page.title(),
    policy: answer.headers()['content-security-policy'] ?? ''
  });
  const api = await page.goto('/api/docs').then((got) => got.status(), (refused) => `${refused}`);
  tell({ about: 'api offline', answer: api });
});
