// Without a network the lists stay readable and say how old they are; with it they are fresh again.
import assert from 'node:assert/strict';
import { settled } from '../browser.mjs';
import { play } from './stage.mjs';

const ADD = `mutation ($titleId: ID!) { addToWatchlist(input: { titleId: $titleId }) {
  __typename ... on WatchlistItemAdded { alreadyThere } } }`;
const REMOVE = `mutation ($titleId: ID!) { removeFromWatchlist(input: { titleId: $titleId }) { __typename } }`;
const LISTS = `{ watchlist(first: 100) { nodes { title { id } } } titles(search: "Interstellar", first: 5) { nodes { id name } } }`;

await play(async ({ comes }) => {
  const { page, context } = await comes('pro@example.com', { serviceWorkers: 'allow' });
  const elsewhere = await comes('pro@example.com');
  const { watchlist, titles } = await elsewhere.ask(LISTS);
  const { id: titleId, name } = titles.nodes.find((each) => each.name === 'Interstellar');
  assert.ok(watchlist.nodes.every(({ title }) => title.id !== titleId));
  const headings = () => page.getByRole('article').getByRole('heading');
  const all = async () => {
    await headings().first().waitFor();
    await settled(page);
    return (await headings().allInnerTexts()).sort();
  };
  const read = async (path) => {
    await page.goto(path);
    return all();
  };
  const asOf = page.getByText('This is the list as it was on');
  const banner = page.getByText('This device has had no network since');

  await page.goto('/');
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  const leaving = await read('/leaving');
  const wishes = await read('/watchlist');
  assert.ok(leaving.length > 3 && wishes.length > 3);

  await context.setOffline(true);
  await banner.waitFor();
  assert.deepEqual(await read('/watchlist'), wishes); // loaded anew, as when it is opened on a train
  await asOf.waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Leaving' }).click();
  await page.getByRole('heading', { level: 1, name: 'Before it’s gone' }).waitFor();
  await asOf.waitFor();
  assert.deepEqual(await all(), leaving);
  await banner.waitFor();

  // Meanwhile something is wished for on another device.
  await page.getByRole('navigation').getByRole('link', { name: 'Watchlist' }).click();
  await page.getByRole('heading', { level: 1, name: 'What you want to watch' }).waitFor();
  await asOf.waitFor();
  const added = await elsewhere.ask(ADD, { titleId });
  assert.equal(added.addToWatchlist.alreadyThere, false);
  await context.setOffline(false);
  await page.getByRole('article').getByRole('heading', { name, exact: true }).waitFor();
  await asOf.waitFor({ state: 'detached' });
  await banner.waitFor({ state: 'detached' });
  assert.equal(await headings().count(), wishes.length + 1);

  await elsewhere.ask(REMOVE, { titleId });
  await page.getByRole('article').getByRole('heading', { name, exact: true }).waitFor({ state: 'detached' });
}, /net::ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed/);
