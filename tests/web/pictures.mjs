// Pictures of the main pages for docs/screens: a desktop by day and a phone by night, side by side.
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { person, settled, withBrowser } from './browser.mjs';

const { base, password, folder, pages } = JSON.parse(process.argv[2]);
const DESKTOP = { viewport: { width: 1360, height: 1060 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', deviceScaleFactor: 1.5, isMobile: true };

mkdirSync(folder, { recursive: true });
await withBrowser(async (browser) => {
  for (const { name, path, as } of pages) {
    const shots = [];
    for (const look of [DESKTOP, PHONE]) {
      const { context, page } = await person(browser, { base, as, password, serviceWorkers: 'block', ...look });
      await page.goto(path);
      await settled(page);
      await page.waitForTimeout(500); // what is drawn a moment later, such as the first calendar
      shots.push((await page.screenshot()).toString('base64'));
      await context.close();
    }
    await writeFile(`${folder}/${name}.webp`, await together(browser, shots));
  }
});

/** Both pictures beside each other on one sheet, as WebP, which Chromium itself packs. */
async function together(browser, shots) {
  const page = await browser.newPage();
  const packed = await page.evaluate(async ([wide, narrow]) => {
    const load = async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      return image;
    };
    const [desktop, phone] = [await load(wide), await load(narrow)];
    const canvas = document.createElement('canvas');
    const [gap, high] = [28, 700];
    const [first, second] = [desktop, phone].map((each) => (each.naturalWidth * high) / each.naturalHeight);
    canvas.width = first + second + 3 * gap;
    canvas.height = high + 2 * gap;
    const pen = canvas.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    pen.fillStyle = '#e9e1d4';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const put = (image, x, width) => {
      pen.save();
      pen.beginPath();
      pen.roundRect(x, gap, width, high, 12);
      pen.clip();
      pen.drawImage(image, x, gap, width, high);
      pen.restore();
    };
    put(desktop, gap, first);
    put(phone, 2 * gap + first, second);
    return canvas.toDataURL('image/webp', 0.86).split(',')[1];
  }, shots);
  await page.close();
  return Buffer.from(packed, 'base64');
}
