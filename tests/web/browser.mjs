// What every script here needs: a browser, its contexts, and what a page complains of.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// The packages are the dashboard's own.
export const needs = createRequire(fileURLToPath(new URL('../../web/package.json', import.meta.url)));
const { chromium } = needs('playwright-core');

export const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'
];
export const PATIENCE = 20_000;

/** Run `work` with a browser, and close it whatever happens. */
export async function withBrowser(work) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** A person's browser, signed in where `as` is an e-mail; the page, and what went wrong on it. */
export async function person(browser, { base, as, password, ...options }) {
  const context = await browser.newContext({
    baseURL: base, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...options
  });
  context.setDefaultTimeout(PATIENCE);
  if (as) {
    const answer = await context.request.post('/api/session', { data: { email: as, password } });
    if (!answer.ok()) throw new Error(`signing in as ${as}: ${answer.status()} ${await answer.text()}`);
  }
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    const ours = message.text() === 'Service Worker registration blocked by Playwright';
    if (['error', 'warning'].includes(message.type()) && !ours) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(`${error}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    );
  });
  const foreign = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  return { context, page, complaints, foreign };
}

/** Wait until a page shows what it has. */
export async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('main [aria-busy="true"]'));
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** One line of JSON for who started us. */
export function tell(what) {
  console.log(JSON.stringify(what));
}
