// A long series without its filler: the sums add up, the days are shown, and the plan can be followed.
import assert from 'node:assert/strict';
import { settled } from '../browser.mjs';
import { play } from './stage.mjs';

const SERIES = '{ titles(search: "Naruto", first: 5) { nodes { id episodeCount } } }';
const PLANS = '{ bingePlans { planned title { id } } }';
const number = (words) => Number(words.match(/\d+/)[0]);
const minutes = (words) => {
  const [, hours = 0, rest = 0] = words.match(/(?:([\d,]+)\s+hr)?\s*(?:(\d+)\s+min)?/);
  return Number(`${hours}`.replace(',', '')) * 60 + Number(rest);
};

/** Whatever is watched on the days that the calendar shows, month by month: "E1–5", "1 hr 55 min". */
async function sittings(page, plan) {
  const found = [];
  const later = plan.getByRole('button', { name: 'The month after' });
  for (;;) {
    const month = await plan.getByRole('heading', { level: 3 }).innerText();
    const days = plan.getByRole('listitem').or(plan.getByRole('cell')).filter({ hasText: /E\d/ });
    found.push(...(await days.allInnerTexts()));
    if (!(await later.count()) || (await later.isDisabled())) return found;
    await later.click();
    await plan.getByRole('heading', { level: 3 }).filter({ hasNotText: month }).waitFor();
  }
}

await play(async ({ comes, device }) => {
  const { page, ask } = await comes('pro@example.com');
  const { titles } = await ask(SERIES);
  const { id } = titles.nodes.find(({ episodeCount }) => episodeCount === 220);
  await page.goto(`/title/${id}`);
  const plan = page.getByRole('region', { name: 'Plan a binge' });
  const value = (name) =>
    plan.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]').innerText();

  const pace = plan.getByRole('group', { name: 'How much time?' });
  await pace.locator('label', { has: page.getByText('2 hr', { exact: true }) }).click();
  await plan.getByRole('checkbox', { name: 'Leave out filler' }).check();
  // Two hours are five episodes of 23 minutes. The address says so too: whoever opens it sees the same plan.
  await plan.getByText('26 sittings', { exact: true }).waitFor();
  await page.reload();
  await plan.getByText('26 sittings', { exact: true }).waitFor();
  await settled(page);
  await plan.getByText('130 episodes', { exact: true }).waitFor();
  const [watch, left, time] = [await value('To watch'), await value('Filler left out'), await value('Time')];
  assert.equal(number(watch) + number(left), 220);
  assert.match(watch, /of 220 not watched yet/);
  const [spent, whole] = time.split('\n').map(minutes);
  assert.equal(spent + minutes(left.split('saves ')[1]), whole);

  const days = await sittings(page, plan);
  assert.equal(days.length, number((await value('Last sitting')).split('\n')[1]));
  const sum = days.map((day) => minutes(day.split('\n').at(-1))).reduce((a, b) => a + b);
  assert.equal(sum, spent);
  assert.ok(days.every((day) => minutes(day.split('\n').at(-1)) <= 120));

  await plan.getByRole('button', { name: 'Follow this plan', exact: true }).click();
  await page.getByText('You follow this plan now.').waitFor();
  await plan.getByText('You follow a plan for this: done').waitFor();
  const { bingePlans } = await ask(PLANS);
  assert.deepEqual(bingePlans.filter(({ title }) => title.id === id).map(({ planned }) => planned), [130]);
  await page.reload();
  await plan.getByText('You follow a plan for this: done').waitFor();
  await plan.getByRole('button', { name: 'Stop following' }).click();
  await page.getByText('You follow no plan of this any more.').waitFor();
  await plan.getByText('You follow a plan for this: done').waitFor({ state: 'detached' });
  assert.deepEqual((await ask(PLANS)).bingePlans.filter(({ title }) => title.id === id), []);
});
