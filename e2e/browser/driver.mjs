// A headless Chromium for the Go tests: reads one JSON command a line from
// standard input, writes one JSON answer a line to standard output, in any
// order. {id, do: "stock" | "open" | "eval" | "close" | "requests", …} gives
// {id, value} or {id, error}. It ends when its input ends.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--autoplay-policy=no-user-gesture-required',
  '--ignore-certificate-errors', // those of the tests are their own
];

// Pages of somebody else's site: stock players, from another origin than the server's.
const files = {
  '/hls': ['text/html', await readFile(here('stock.html'))],
  '/hls.js': ['text/javascript', await readFile(here('node_modules/hls.js/dist/hls.min.js'))],
  '/flv': ['text/html', await readFile(here('flv.html'))],
  '/mpegts.js': ['text/javascript', await readFile(here('node_modules/mpegts.js/dist/mpegts.js'))],
  '/dash': ['text/html', await readFile(here('dash.html'))],
  '/dash.js': ['text/javascript', await readFile(here('node_modules/dashjs/dist/modern/umd/dash.all.min.js'))],
  '/shaka': ['text/html', await readFile(here('shaka.html'))],
  '/shaka.js': ['text/javascript', await readFile(here('node_modules/shaka-player/dist/shaka-player.compiled.js'))],
};
const site = createServer((req, res) => {
  const [type, body] = files[req.url] ?? [];
  res.writeHead(body ? 200 : 404, type ? { 'Content-Type': type } : {}).end(body);
});
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({ executablePath: process.argv[2], headless: false, args: flags });
const contexts = new Map();
const tabs = new Map();
let count = 0;

// Tabs of one context share cookies and connections, as tabs of one person do.
async function open({ url, context, width = 1280, height = 720 }) {
  const number = ++count; // several may be opened at a time
  context ??= `own${number}`;
  if (!contexts.has(context)) {
    const made = await browser.newContext({ viewport: { width, height } });
    await made.addInitScript({ path: here('probe.js') });
    contexts.set(context, made);
  }
  const page = await contexts.get(context).newPage();
  const tab = { page, console: [], requests: [] };
  page.on('console', (m) => m.type() === 'error' && tab.console.length < 50 && tab.console.push(`${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => tab.console.length < 50 && tab.console.push(String(e)));
  page.on('request', (r) => tab.requests.length < 5000 && tab.requests.push(r.url()));
  tabs.set(number, tab);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return number;
}

// What a person can reach of a page: the dialog, while one is open.
async function inFront(tab) {
  const { page } = tabs.get(tab);
  const dialog = page.locator('dialog:modal');
  return (await dialog.count()) > 0 ? dialog : page;
}

const commands = {
  open,
  stock: ({ player }) => open({ url: `http://127.0.0.1:${site.address().port}/${player}` }),
  eval: ({ tab, js }) => tabs.get(tab).page.evaluate(js),
  press: ({ tab, key }) => tabs.get(tab).page.keyboard.press(key),
  // As a person does it: by what is written beside a field and on a button.
  fill: ({ tab, label, text }) => tabs.get(tab).page.getByLabel(label, { exact: true }).fill(text),
  choose: ({ tab, label }) => tabs.get(tab).page.getByLabel(label).check(),
  select: ({ tab, label, option }) => tabs.get(tab).page.getByLabel(label, { exact: true }).selectOption({ label: option }),
  click: async ({ tab, role, text }) => (await inFront(tab)).getByRole(role, { name: text, exact: true }).first().click(),
  see: ({ tab, text }) => tabs.get(tab).page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 60_000 }),
  // A device that keeps passkeys and knows its owner's finger.
  authenticator: async ({ tab }) => {
    const { page } = tabs.get(tab);
    const device = await page.context().newCDPSession(page);
    await device.send('WebAuthn.enable');
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    tabs.get(tab).device = device; // it is there as long as its session
  },
  go: ({ tab, url }) => tabs.get(tab).page.goto(url, { waitUntil: 'domcontentloaded' }).then(() => null),
  requests: ({ tab }) => tabs.get(tab).requests,
  console: ({ tab }) => tabs.get(tab).console,
  close: async ({ tab }) => {
    await tabs.get(tab).page.close();
    tabs.delete(tab);
  },
};

const answer = (a) => process.stdout.write(`${JSON.stringify(a)}\n`);
answer({ id: 0, value: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: name, ...args } = JSON.parse(line);
  Promise.resolve()
    .then(() => commands[name](args))
    .then(
      (value) => answer({ id, value: value ?? null }),
      (e) => answer({ id, error: String(e?.message ?? e) }),
    );
}
await browser.close();
site.close();
process.exit(0);
