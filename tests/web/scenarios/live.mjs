// What a person's page hears over its sockets, and a title whose last day can move.
import assert from 'node:assert/strict';
import { dayIn, until } from './stage.mjs';

const LEAVING = `{ leavingSoon(withinDays: 30, first: 80, onlyMyPlatforms: true) {
  expiresOn title { id name kind externalIds { justwatch tmdb imdb } }
  offers { monetization expiresOn platform { slug } } } }`;
const KNOWN = ['netflix', 'disney-plus', 'hbo-max'];

/** Listens to the sockets of a page from now on. */
export function sockets(page) {
  const all = [];
  page.on('websocket', (socket) => {
    const one = { open: true, sent: [], heard: [] };
    all.push(one);
    const read = (into) => ({ payload }) => into.push(JSON.parse(payload));
    socket.on('framesent', read(one.sent));
    socket.on('framereceived', read(one.heard));
    socket.on('close', () => (one.open = false));
  });
  const told = (one, type) =>
    one.heard
      .filter((message) => message.type === 'next')
      .map(({ id, payload }) => ({ id, ...Object.values(payload.data)[0] }))
      .filter(({ __typename }) => __typename === type);
  return {
    all,
    /** What of a kind was told by all of them, the earliest first. */
    told: (type) => all.flatMap((one) => told(one, type)),
    /** Until each feed of the newest socket says that nothing is missed from now on. */
    follows: (feeds) =>
      until(`${feeds} feeds`, () => {
        const last = all.at(-1);
        const ids = last?.open && new Set(told(last, 'Heartbeat').map(({ id }) => id));
        return ids && ids.size >= feeds;
      })
  };
}

/** A film that leaves one service of theirs, not soon, and is not the first of the list. */
export async function movable(ask) {
  const { leavingSoon } = await ask(LEAVING);
  const found = leavingSoon.filter(
    ({ title, offers, expiresOn }, place) =>
      place > 2 && title.kind === 'FILM' && expiresOn > dayIn(6) && offers.length === 1 &&
      offers[0].monetization === 'SUBSCRIPTION' && KNOWN.includes(offers[0].platform.slug)
  );
  assert.ok(found.length, 'the demo has a film that leaves in more than six days');
  const { title, offers } = found.at(-1);
  return { title, platform: offers[0].platform.slug };
}

/** The card of a title, and at which place it is on the page. */
export function cardOf(page, { name }) {
  const heading = page.getByRole('heading', { level: 3, name, exact: true });
  const cards = page.getByRole('article');
  return {
    card: cards.filter({ has: heading }),
    place: async () => (await cards.getByRole('heading').allInnerTexts()).indexOf(name)
  };
}
