// An evening is decided by keys alone: every change asks anew, and the earlier question is given up.
import assert from 'node:assert/strict';
import { play, tabTo, until } from './stage.mjs';

const LIST = '{ watchlist(first: 100) { nodes { title { name } } } }';

/** Holds back the answers to questions for one mood, and tells what became of all of them. */
async function listening(page, held) {
  const asked = [];
  const inputOf = (request) => {
    const sent = request.method() === 'POST' ? request.postDataJSON() : null;
    return sent?.query?.includes('query Recommend') ? sent.variables.input : null;
  };
  await page.route('**/graphql', async (route) => {
    if (inputOf(route.request())?.mood === held) return; // it never comes
    await route.continue();
  });
  page.on('request', (request) => {
    const input = inputOf(request);
    if (input) asked.push({ request, input, became: null });
  });
  const became = (request) => asked.find((each) => each.request === request);
  page.on('requestfailed', (request) => {
    if (became(request)) became(request).became = request.failure().errorText;
  });
  page.on('requestfinished', async (request) => {
    if (!became(request)) return;
    const { data } = await (await request.response()).json();
    const names = data.recommend.recommendations.map(({ title }) => title.name);
    Object.assign(became(request), { became: 'answered', names });
  });
  return asked;
}

await play(async ({ comes }) => {
  const { page, ask } = await comes('pro@example.com');
  const asked = await listening(page, 'COZY');
  const radio = (group, name) =>
    page.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });
  const names = () => page.getByRole('article').getByRole('heading').allInnerTexts();
  /** Until the page shows the answer to the last question, and no other; its five names. */
  const shown = (wanted) =>
    until(`the answer for ${JSON.stringify(wanted)}`, async () => {
      const last = asked.at(-1);
      for (const [name, value] of Object.entries(wanted)) assert.deepEqual(last.input[name], value);
      assert.deepEqual(await names(), last.names);
      assert.equal(last.names.length, 5);
      return last.names;
    });

  await page.goto('/');
  const open = await shown({ mood: null, timeMin: null });

  // The first mood is asked for, and before there is an answer, the second.
  await tabTo(page, radio('Mood', 'Cozy'));
  await page.keyboard.press('Space');
  await until('a question for Cozy', () => asked.some(({ input }) => input.mood === 'COZY'));
  assert.deepEqual(await names(), open); // what was there stays until something newer is
  await page.keyboard.press('ArrowRight');
  const funny = await shown({ mood: 'FUNNY', timeMin: null });
  assert.notDeepEqual(funny, open);
  const cozy = asked.filter(({ input }) => input.mood === 'COZY').map(({ became }) => became);
  assert.deepEqual(cozy, ['net::ERR_ABORTED']);

  await tabTo(page, radio('Time', '30 min'));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const five = await shown({ mood: 'FUNNY', timeMin: 90 });
  assert.equal(new URL(page.url()).search, '?mood=funny&minutes=90');
  assert.equal(asked.filter(({ input }) => input.timeMin === 60).length, 0); // only passed by

  // On the list, and off it again.
  const wishes = async () => (await ask(LIST)).watchlist.nodes.map(({ title }) => title.name);
  const before = await wishes();
  const first = five.find((name) => !before.includes(name));
  const second = five.find((name) => name !== first);
  await tabTo(page, page.getByRole('button', { name: `Add to watchlist: ${first}` }));
  await page.keyboard.press('Enter');
  const said = page.getByRole('status');
  await said.getByText(`Added to your watchlist: ${first}`).waitFor();
  assert.deepEqual((await wishes()).sort(), [...before, first].sort());
  await tabTo(page, page.getByRole('button', { name: 'Undo' }));
  await page.keyboard.press('Enter');
  await said.getByText(`Taken off your watchlist: ${first}`).waitFor();
  assert.deepEqual((await wishes()).sort(), before.sort());

  // What is not for tonight makes room for another.
  await tabTo(page, page.getByRole('button', { name: `Not tonight: ${second}` }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await said.getByText(`Not tonight: ${second}`).waitFor();
  const instead = await until('another in its place', async () => {
    const now = await shown({ mood: 'FUNNY', timeMin: 90 });
    return !now.includes(second) && now;
  });
  assert.ok(instead.includes(first) && instead.some((name) => ![first, second].includes(name)));
});
