// Look at one page at some widths and in some themes; a line of JSON for each look.
import { needs, person, settled, tell, withBrowser } from './browser.mjs';

const AxeBuilder = needs('@axe-core/playwright').default;
const WIDTHS = { phone: [390, 844], tablet: [820, 1180], desktop: [1440, 900] };
const asked = JSON.parse(process.argv[2]);

await withBrowser(async (browser) => {
  for (const [device, theme] of asked.looks) {
    const [width, height] = WIDTHS[device];
    const { context, page, complaints, foreign } = await person(browser, {
      base: asked.base, as: asked.page.as, password: asked.password,
      viewport: { width, height }, colorScheme: theme,
      serviceWorkers: 'block' // every request is seen here
    });
    await page.goto(asked.page.path);
    await settled(page);
    if (asked.shots) await page.screenshot({ path: `${asked.shots}-${device}-${theme}.png` });
    const axe = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const seen = await page.evaluate(() => ({
      title: document.title,
      theme: document.documentElement.dataset.theme,
      headings: [...document.querySelectorAll('h1')].map((each) => each.textContent.trim()),
      tooWide: document.documentElement.scrollWidth - Math.ceil(document.body.getBoundingClientRect().width)
    }));
    const violations = axe.violations.map(({ id, nodes }) => ({
      id, where: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} — ${node.failureSummary}`)
    }));
    tell({ device, wanted: theme, ...seen, complaints, foreign, violations });
    await context.close();
  }
});
