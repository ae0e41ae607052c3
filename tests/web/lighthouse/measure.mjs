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

// Two cores are few: who measures gives way to what is measured.
setPriority(10);
for (let run = 0; run < runs; run++) {
  // Its own word for it: "Please run Lighthouse again."
  for (let tries = 3, told = null; !told; ) {
    told = await measured(run).catch((failed) => {
      if (!--tries || failed.code !== 'NO_NAVSTART') throw failed;
      return null;
    });
    if (told) tell(told);
  }
}

/** One run, in a browser of its own: what runs before have left behind would slow it down. */
async function measured(run) {
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
    // The first answers of a server and of a browser are slower than all others, and are nobody's to wait for.
    const [page] = context.pages();
    await page.goto(base + asked.path);
    await settled(page);
    await page.goto('about:blank');
    // What that has left behind is not the next page's to tidy up.
    await (await context.newCDPSession(page)).send('HeapProfiler.collectGarbage');
    const { lhr, report: told } = await lighthouse(base + asked.path, { port, output: 'json', onlyCategories: CATEGORIES });
    if (lhr.runtimeError) throw Object.assign(new Error(lhr.runtimeError.message), lhr.runtimeError);
    if (report) await writeFile(`${report}-${run}.json`, told);
    return figuresOf(lhr);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

function figuresOf({ categories, audits, environment }) {
  return {
    scores: Object.fromEntries(CATEGORIES.map((name) => [name, categories[name].score * 100])),
    ...Object.fromEntries(Object.entries(TIMES).map(([name, id]) => [name, audits[id].numericValue])),
    bytes: audits['total-byte-weight'].numericValue,
    benchmark: environment.benchmarkIndex, // how fast this machine is just now
    missed: CATEGORIES.slice(1).flatMap((name) =>
      categories[name].auditRefs.filter(({ id, weight }) => weight && audits[id].score !== null && audits[id].score < 1)
        .map(({ id }) => `${id}: ${JSON.stringify(audits[id].details?.items?.slice(0, 3) ?? '')}`)
    )
  };
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
