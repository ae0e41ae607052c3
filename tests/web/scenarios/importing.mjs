// A history from elsewhere: one line is not certain and is decided by keys, then written and taken back.
import assert from 'node:assert/strict';
import { play, told, until } from './stage.mjs';

const LATELY = '{ history(first: 100) { nodes { title { name year } } } }';

await play(async ({ comes }) => {
  const { page, ask } = await comes('admin@example.com');
  const seen = async () => (await ask(LATELY)).history.nodes.map(({ title }) => `${title.name} ${title.year}`);
  const before = await seen();

  await page.goto('/import');
  await page.getByLabel('Choose a file').setInputFiles(`${told.files}/letterboxd-watched.csv`);
  await page.getByRole('heading', { level: 1, name: 'From Letterboxd' }).waitFor();
  await page.getByText(/We know 9 of the titles\. 2 aren’t certain: you decide\. One is like no title/).waitFor();

  await page.getByRole('link', { name: 'Decide on 2 lines' }).click();
  let book; // the year of what was chosen
  for (const [name, key] of [['The Jungle Book', '2'], ['Star Wars: Episode IV – A New Hope', '1']]) {
    const line = page.getByRole('group', { name: `What is meant by ${name}` });
    const heading = line.getByRole('heading', { name });
    await heading.waitFor();
    await until('the keys being here', () => heading.evaluate((at) => at === document.activeElement));
    await line.locator('[aria-busy]').waitFor({ state: 'detached' });
    const choices = await line.getByRole('listitem').allInnerTexts();
    book ??= choices[1].match(/\b(19|20)\d\d\b/)[0];
    await page.keyboard.press(key);
  }
  await page.getByText('That was the last one.').waitFor();

  const write = page.getByRole('button', { name: /^Write \d+ to my history$/ });
  assert.equal(await write.innerText(), 'Write 11 to my history');
  await write.click();
  await page.getByText('Written to your history on').waitFor();
  const written = await seen();
  const books = written.filter((title) => title.startsWith('The Jungle Book'));
  assert.deepEqual(books, [`The Jungle Book ${book}`]);

  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('Taken back on').waitFor();
  await page.getByRole('button', { name: 'Throw it away' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Throw it away' }).click();
  await page.getByText('Thrown away: Letterboxd').waitFor();
  await page.getByText('Nothing yet. What you bring waits here').waitFor();
  await until('the history as it was', async () => assert.deepEqual((await seen()).sort(), before.sort()) ?? true);
});
