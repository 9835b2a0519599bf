// A headless Chromium that the latency tool steers: one JSON request a line on
// standard input, one JSON answer a line on standard output, in order.
//
//   {"op":"join","url":…,"watch":ms,"limit":ms,"throttle":1}  open a page, watch, tell
//   {"op":"prepare","url":…}                                  open a page and keep it
//   {"op":"load","src":…,"watch":ms,"limit":ms}               call its loadSource(src), watch, tell
//
// The watch is counted from the first picture, which is waited for up to the limit.
//
// The end of standard input ends it. Arguments: the folder that playwright-core
// is installed in, the browser's path, the probe's path.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';

const [modules, executablePath, probe] = process.argv.slice(2);
const { chromium } = createRequire(path.join(path.resolve(modules), 'driver.js'))('playwright-core');

const browser = await chromium.launch({
  executablePath,
  // --headless=new is given below, so that playwright adds no mode of its own.
  headless: false,
  args: [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--autoplay-policy=no-user-gesture-required',
  ],
});

// open makes a page in a context of its own, so that nothing is cached, and
// counts what it asks for.
async function open(url, throttle) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  await context.addInitScript({ path: probe });
  const page = await context.newPage();
  const seen = { asked: [], failed: [], errors: [] };
  page.on('request', (r) => kind(r.url()) && seen.asked.push({ at: Date.now(), kind: kind(r.url()) }));
  page.on('response', (r) => kind(r.url()) && r.status() >= 400 && seen.failed.push(`${r.status()} ${r.url()}`));
  page.on('pageerror', (e) => seen.errors.length < 5 && seen.errors.push(String(e)));
  if (throttle > 1) {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  }
  await page.goto(url, { waitUntil: 'commit' });
  return { context, page, seen };
}

function kind(url) {
  const name = new URL(url).pathname;
  if (name.endsWith('.m3u8')) return 'playlist';
  return /\.(m4s|mp4|ts)$/.test(name) ? 'media' : '';
}

// watch waits for the first picture, then for the given time, and tells what
// the probe and the network saw.
async function watch({ context, page, seen }, length, limit) {
  try {
    let shown = true;
    try {
      await page.waitForFunction(() => window.__probe?.first != null, undefined, { polling: 50, timeout: limit });
      await page.waitForTimeout(length);
    } catch (error) {
      if (error.name !== 'TimeoutError') throw error;
      shown = false;
    }
    const result = await page.evaluate(() => window.__probe.finish());
    const during = seen.asked.filter((r) => shown && r.at >= result.firstWall);
    return {
      ...result,
      playlists: during.filter((r) => r.kind === 'playlist').length,
      media: during.filter((r) => r.kind === 'media').length,
      failed: seen.failed.length,
      failures: seen.failed.slice(0, 3),
      errors: seen.errors,
    };
  } finally {
    await context.close();
  }
}

let prepared;
const operations = {
  async join({ url, watch: length, limit, throttle }) {
    return watch(await open(url, throttle), length, limit);
  },
  async prepare({ url }) {
    prepared = await open(url, 1);
    await prepared.page.waitForFunction(() => window.loadSource !== undefined);
    return {};
  },
  async load({ src, watch: length, limit }) {
    await prepared.page.evaluate((s) => window.loadSource(s), src);
    return watch(prepared, length, limit);
  },
};

process.stdout.write('{"ready":true}\n');
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const request = JSON.parse(line);
    answer = await operations[request.op](request);
  } catch (error) {
    answer = { error: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
