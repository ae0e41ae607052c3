// What each page has drawn when it is settled, put to html-validate; a line of JSON for each page.
import { needs, person, settled, tell, withBrowser } from './browser.mjs';

const { HtmlValidate } = needs('html-validate');
const { base, password, pages, rules } = JSON.parse(process.argv[2]);
const validator = new HtmlValidate(rules);

await withBrowser(async (browser) => {
  for (const { name, path, as } of pages) {
    const { context, page } = await person(browser, { base, as, password, serviceWorkers: 'block' });
    await page.goto(path);
    await settled(page);
    const { results } = await validator.validateString(await page.content());
    const messages = results.flatMap((result) => result.messages);
    tell({
      name,
      messages: messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`)
    });
    await context.close();
  }
});
