// Everything without a mouse, and with a thumb: the way in, the order, and how large things are.
import assert from 'node:assert/strict';
import { settled } from '../browser.mjs';
import { play } from './stage.mjs';

const PAGES = ['/', '/leaving', '/watchlist', '/search?q=dark', '/title/title_564', '/settings', '/profiles', '/import'];
const LEAST = 24; // WCAG 2.2, 2.5.8
const THUMB = 44;

/** What can be touched on a page, as large as it is: a pill or a box with its label. */
function targets() {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
  return all.flatMap((element) => {
    const label = element.labels?.[0];
    const shown = label && label.contains(element) ? label : element;
    const { x, y, width, height } = shown.getBoundingClientRect();
    if (!shown.checkVisibility({ visibilityProperty: true }) || element.closest('[aria-hidden="true"]') || element.matches('.unseen:not(:focus)') && shown === element) return [];
    // A link within a sentence is as high as its line.
    const inline = getComputedStyle(shown).display === 'inline' && shown.parentElement.innerText.trim() !== shown.innerText.trim();
    const name = `${shown.tagName} ${(element.ariaLabel || shown.innerText || element.name).trim().slice(0, 40)}`;
    return width && height ? [{ name, x, y, width, height, inline, control: shown !== element || !shown.matches('a, summary') }] : [];
  });
}

/** Whether a circle of 24 px around the middle of a target touches no other. */
function apart(target, all) {
  const [x, y] = [target.x + target.width / 2, target.y + target.height / 2];
  return all.every((other) => {
    if (other === target) return true;
    const nearX = Math.max(other.x, Math.min(x, other.x + other.width));
    const nearY = Math.max(other.y, Math.min(y, other.y + other.height));
    return Math.hypot(x - nearX, y - nearY) >= LEAST / 2;
  });
}

await play(async ({ comes, device }) => {
  const { page } = await comes('pro@example.com');
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      const { width, height } = (at.closest('label') ?? at).getBoundingClientRect();
      const main = document.querySelector('main');
      return { id: at.id, tag: at.tagName, name: at.ariaLabel || at.innerText, width, height, inMain: main !== at && main.contains(at) };
    });

  await page.goto('/');
  await page.getByRole('article').nth(4).waitFor();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the page' });
  assert.ok(await skip.evaluate((link) => link === document.activeElement));
  const seen = await skip.boundingBox();
  assert.ok(seen.width > 40 && seen.height >= LEAST && seen.x >= 0 && seen.y >= 0, 'it is seen');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok((await focused()).inMain, 'behind it the page begins');

  // Without it: the way around, then the page, in the order in which they stand.
  await page.goto('/?people=2');
  await page.getByRole('article').nth(4).waitFor();
  const order = [];
  for (let i = 0; i < 40 && !order.at(-1)?.inMain; i++) {
    await page.keyboard.press('Tab');
    order.push(await focused());
  }
  const names = order.map(({ name }) => name.trim().split('\n')[0]);
  assert.ok(order.at(-1).inMain, names.join(', '));
  assert.equal(names[0], 'Skip to the page');
  const places = ['Tonight', 'Leaving', 'Watchlist', 'Search'];
  assert.deepEqual(names.filter((name) => places.includes(name)), places);
  assert.ok(order.every(({ width, height }) => width > 1 && height > 1), 'what has the focus is seen');

  const small = [];
  for (const path of PAGES) {
    await page.goto(path);
    await settled(page);
    const all = await page.evaluate(targets);
    assert.ok(all.length > 5, path);
    for (const each of all) {
      const { name, width, height, inline, control } = each;
      const large = Math.min(width, height) >= LEAST || inline || apart(each, all);
      const thumb = device !== 'phone' || !control || height >= THUMB - 0.5;
      if (!large || !thumb) small.push(`${path}: ${name}, ${Math.round(width)} × ${Math.round(height)}`);
    }
  }
  assert.deepEqual(small, []);
});
