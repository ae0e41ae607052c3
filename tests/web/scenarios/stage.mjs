// What every scenario needs: people at a width, what they say to the API, and what others tell it.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { person, tell, withBrowser } from '../browser.mjs';

const WIDTHS = { phone: [390, 844], tablet: [820, 1180], desktop: [1440, 900] };
const PACKAGES = { netflix: 8, 'disney-plus': 337, 'hbo-max': 1899 };
const PAUSE_MS = 100;
export const PATIENCE = 20_000;
export const told = JSON.parse(process.argv[2]);

/**
 * Play a scenario at each width that was asked for; a line of JSON for each. `expected`: what a
 * browser itself complains of, where something is away.
 */
export async function play(scenario, expected = /^$/) {
  await withBrowser(async (browser) => {
    for (const device of told.devices) {
      const [width, height] = WIDTHS[device];
      const people = [];
      /** Somebody comes, signed in where `as` is an e-mail. */
      const comes = async (as, options = {}) => {
        const one = await person(browser, {
          base: told.base, as, password: told.password, viewport: { width, height },
          serviceWorkers: 'block', ...options // every request is seen here
        });
        people.push(one);
        return { ...one, ask: (query, variables) => ask(one.context, query, variables) };
      };
      try {
        await scenario({ comes, device });
        const complaints = people.flatMap((one) => one.complaints).filter((each) => !expected.test(each));
        tell({ device, complaints, foreign: people.flatMap((one) => one.foreign) });
      } catch (problem) {
        await look(people, device);
        throw problem;
      }
      for (const { context } of people) await context.close();
    }
  });
}

/** What everybody saw when it went wrong, where somebody wants to look at it. */
async function look(people, device) {
  if (!told.shots) return;
  const pages = people.flatMap(({ context }) => context.pages());
  for (const [i, page] of pages.entries()) {
    await page.screenshot({ path: `${told.shots}-${device}-${i}.png` }).catch(() => {});
  }
}

/** What the API answers to somebody, without their page. */
export async function ask(context, query, variables = {}) {
  const answer = await context.request.post('/graphql', { data: { query, variables } });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** Which day it is in so many days, `2026-11-30`. */
export function dayIn(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Send a webhook as a bridge would: `title` is said to leave `platform` in so many days. */
export async function leaves(title, platform, days) {
  const { justwatch, tmdb, imdb } = title.externalIds;
  const event = {
    change: 'expiring', node_id: justwatch, tmdb_id: tmdb, imdb_id: imdb,
    object_type: title.kind === 'FILM' ? 'MOVIE' : 'SHOW',
    package_id: PACKAGES[platform], monetization_type: 'FLATRATE', available_to: dayIn(days)
  };
  const body = JSON.stringify({ type: 'offer.expiring', data: { country: 'US', events: [event] } });
  const id = `msg_${randomUUID()}`;
  const now = `${Math.floor(Date.now() / 1000)}`;
  const key = Buffer.from(told.secret.replace('whsec_', ''), 'base64');
  const seal = createHmac('sha256', key).update(`${id}.${now}.${body}`).digest('base64');
  const answer = await fetch(`${told.base}/webhooks/justwatch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': now,
      'webhook-signature': `v1,${seal}`
    },
    body
  });
  assert.equal(answer.status, 202, await answer.text());
}

/** Until `work` answers something; what it throws is tried again. */
export async function until(what, work, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (let last; ; ) {
    try {
      const found = await work();
      if (found) return found;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) throw new Error(`${what} did not happen`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Press Tab until it is there, as whoever has no mouse; `key` may go the other way. */
export async function tabTo(page, target, key = 'Tab', most = 80) {
  await target.waitFor({ state: 'attached' });
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`${target} was not reached with ${most} times ${key}`);
}
