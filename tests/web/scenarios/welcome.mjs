// Somebody new: an account, five short steps of which one is skipped, and the first evening.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { play } from './stage.mjs';

const ME = '{ me { country profile { name moodPreferences platforms { slug } } } }';

await play(async ({ comes }) => {
  const { page, ask } = await comes(null);
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  const step = (number, name) =>
    Promise.all([
      page.getByText(`Step ${number} of 5`).waitFor(),
      page.getByRole('heading', { level: 1, name }).waitFor()
    ]);

  await page.goto('/welcome');
  await press('New here? Make an account');
  await page.getByLabel('E-mail').fill(`${randomUUID()}@example.com`);
  await page.getByLabel('Password').fill('a lamp beside the sofa');
  await press('Make an account');

  await step(1, 'Who are you?');
  await page.getByLabel('What shall we call you?').fill('Ada');
  await press('Go on');

  await step(2, 'What do you have?');
  await page.getByLabel('Country').selectOption({ label: 'Germany' });
  const netflix = page.getByRole('checkbox', { name: 'Netflix' });
  const wow = page.getByRole('checkbox', { name: 'WOW' });
  await wow.waitFor(); // a service of that country: they are asked for anew
  await netflix.check();
  await wow.check();
  await press('Go on');

  await step(3, 'Five titles you loved');
  await page.getByRole('searchbox', { name: 'Which one?' }).fill('interstelar');
  await page.getByRole('button', { name: /^Interstellar/ }).click();
  await page.getByRole('list', { name: 'Titles you loved' }).getByText('Interstellar').first().waitFor();
  await page.getByText('1 of 5').waitFor();
  await press('Go on');

  await step(4, 'What mood are you often in?');
  await page.getByText('Cozy').click();
  await press('Skip this');

  await step(5, 'Bring your history');
  await press('What shall we watch?');

  // The evening knows what was said, and nothing of what was skipped.
  await page.waitForURL((url) => url.pathname === '/' && !url.search);
  await page.getByRole('heading', { level: 1, name: 'What shall we watch?' }).waitFor();
  const services = page.getByRole('group', { name: 'Services' }).getByRole('checkbox');
  await services.nth(1).waitFor();
  assert.equal(await services.count(), 2);
  const cards = page.getByRole('article');
  await cards.nth(4).waitFor();
  for (const words of await cards.allInnerTexts()) assert.match(words, /Netflix|WOW/);
  const { country, profile } = (await ask(ME)).me;
  const slugs = profile.platforms.map(({ slug }) => slug).sort();
  assert.deepEqual(
    { country, name: profile.name, moods: profile.moodPreferences, slugs },
    { country: 'DE', name: 'Ada', moods: [], slugs: ['netflix', 'wow'] }
  );
});
