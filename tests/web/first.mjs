// What pages begin with before any script of theirs is there, beside what they go on with.
import { person, settled, tell, withBrowser } from './browser.mjs';

const { base, password } = JSON.parse(process.argv[2]);
const LOOKS = [
  [390, 'en', '/', '/search'],
  [390, 'de', '/leaving', '/settings'],
  [390, 'ar', '/leaving', '/'],
  [1440, 'es', '/', '/search'],
  [1440, 'ar', '/settings', '/leaving']
];

await withBrowser(async (browser) => {
  // What a page begins with, where no script ever comes, beside what it goes on with.
  const words = (page) =>
    page.evaluate(() => {
      const box = (each) => Object.values(each.getBoundingClientRect().toJSON()).slice(0, 4).map(Math.round);
      const seen = [...document.querySelectorAll('nav a, nav button')].filter((each) => each.offsetParent);
      return {
        language: document.documentElement.lang,
        direction: document.documentElement.dir,
        heading: document.querySelector('h1').textContent,
        place: box(document.querySelector('h1')).slice(0, 2),
        ways: seen.map((each) => [each.textContent.trim(), ...box(each)])
      };
    });
  const looks = [];
  const shifts = [];
  const asked = [];
  for (const [width, language, ...paths] of LOOKS) {
    for (const path of paths) {
      const seen = [];
      for (const scripts of [false, true]) {
        const guest = await person(browser, { base, viewport: { width, height: 844 }, locale: language, serviceWorkers: 'block' });
        if (!scripts) await guest.page.route('**/_app/**/*.js', (route) => route.abort());
        await guest.page.addInitScript(() => {
          window.shifted = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shifted += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
        });
        const questions = [];
        guest.page.on('request', (request) => questions.push(request.postDataJSON()?.operationName));
        await guest.page.goto(path);
        if (scripts) await settled(guest.page);
        else await guest.page.evaluate(() => document.fonts.ready.then(() => undefined));
        seen.push(await words(guest.page));
        if (scripts) shifts.push(await guest.page.evaluate(() => window.shifted));
        if (scripts && !looks.length) asked.push(...questions.filter((name) => name === 'Me'));
        await guest.context.close();
      }
      looks.push({ path, language, width, before: seen[0], after: seen[1] });
    }
  }
  tell({ about: 'first', looks, shifts, asked });

  // A title is named before its page has any script, where it will be named.
  const titles = [];
  for (const width of [412, 1280]) {
    const seen = [];
    for (const scripts of [false, true]) {
      const guest = await person(browser, { base, viewport: { width, height: 844 }, serviceWorkers: 'block' });
      if (!scripts) await guest.page.route('**/_app/**/*.js', (route) => route.abort());
      await guest.page.goto('/title/title_2');
      const name = guest.page.locator(scripts ? '.facts h1' : '#first [data-early=name]');
      const synopsis = guest.page.locator(scripts ? '.facts .synopsis' : '#first [data-early=synopsis]');
      await name.filter({ hasText: /\w/ }).waitFor();
      await guest.page.evaluate(() => document.fonts.ready.then(() => undefined));
      seen.push(await Promise.all([name, synopsis].map(async (each) => [await each.innerText(), await each.boundingBox()])));
      await guest.context.close();
    }
    titles.push({ width, before: seen[0], after: seen[1] });
  }
  tell({ about: 'titles', titles });

  // Where a browser refuses storage, nothing is kept, and everything else is there.
  const refused = await person(browser, { base, serviceWorkers: 'block' });
  await refused.page.addInitScript(() => {
    const refuse = { configurable: true, get: () => { throw new DOMException('refused', 'SecurityError'); } };
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, refuse);
  });
  await refused.page.goto('/settings');
  await settled(refused.page);
  const dark = refused.page.getByRole('radio', { name: 'Dark' });
  await dark.check({ force: true });
  const kept = await refused.page.evaluate(() => {
    localStorage.setItem('mine', 1);
    const names = Object.keys(localStorage);
    localStorage.removeItem('mine');
    return [names.includes('mine'), names.includes('getItem'), localStorage.getItem('mine')];
  });
  tell({
    about: 'refused', kept, heading: await refused.page.locator('#app h1').innerText(), dark: await dark.isChecked(),
    theme: await refused.page.evaluate(() => document.documentElement.dataset.theme), complaints: refused.complaints
  });
  await refused.context.close();

  // Somebody who was here before is named, and their own places are there.
  const member = await person(browser, { base, as: 'pro@example.com', password, serviceWorkers: 'block' });
  await member.page.goto('/settings');
  await settled(member.page);
  const [after, places] = [await member.page.locator('.who [dir=auto]').textContent(), await words(member.page)];
  await member.page.route('**/_app/**/*.js', (route) => route.abort());
  await member.page.goto('/settings');
  const name = await member.page.locator('.who [dir=auto]').textContent();
  tell({ about: 'member', name, after, before: (await words(member.page)).ways, ways: places.ways });
  await member.context.close();
});
