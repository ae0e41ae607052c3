// Lighthouse on one page, as on a middling phone with a slow network; a line of JSON for each run.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { FLAGS, needs, settled, tell } from '../browser.mjs';

const { chromium } = needs('playwright-core');
const { base, password, page: asked, runs, report } = JSON.parse(process.argv[2]);
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const TIMES = {
  fcp: 'first-contentful-paint', lcp: 'largest-contentful-paint', tbt: 'total-blocking-time',
  cls: 'cumulative-layout-shift', speed: 'speed-index'
};

const profile = await mkdtemp(join(tmpdir(), 'lighthouse-'));
const port = await freePort();
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM, args: [...FLAGS, `--remote-debugging-port=${port}`]
});
try {
  if (asked.as) {
    const answer = await context.request.post(`${base}/api/session`, { data: { email: asked.as, password } });
    if (!answer.ok()) throw new Error(`signing in as ${asked.as}: ${answer.status()}`);
  }
  // The server's first answer of a kind is slower than all others, and is nobody's to wait for.
  const [first] = context.pages();
  await first.goto(base + asked.path);
  await settled(first);
  await first.goto('about:blank');
  // Two cores are few: who measures gives way to what is measured.
  setPriority(10);
  const browser = await context.newCDPSession(first);
  for (let run = 0; run < runs; run++) {
    // What the page before has left behind is not this one's to tidy up.
    await browser.send('HeapProfiler.collectGarbage');
    const found = await lighthouse(base + asked.path, { port, output: 'json', onlyCategories: CATEGORIES });
    const { categories, audits, runtimeError } = found.lhr;
    if (runtimeError) throw new Error(runtimeError.message);
    if (report) await writeFile(`${report}-${run}.json`, found.report);
    tell({
      scores: Object.fromEntries(CATEGORIES.map((name) => [name, categories[name].score * 100])),
      ...Object.fromEntries(Object.entries(TIMES).map(([name, id]) => [name, audits[id].numericValue])),
      bytes: audits['total-byte-weight'].numericValue,
      benchmark: found.lhr.environment.benchmarkIndex, // how fast this machine is just now
      missed: CATEGORIES.slice(1).flatMap((name) =>
        categories[name].auditRefs.filter(({ id, weight }) => weight && audits[id].score !== null && audits[id].score < 1)
          .map(({ id }) => `${id}: ${JSON.stringify(audits[id].details?.items?.slice(0, 3) ?? '')}`)
      )
    });
  }
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
