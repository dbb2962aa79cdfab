// Looks at pages in Chromium as readers do and prints what it finds as JSON.
// Reads from standard input: {chromium, axe, pages: [file], widths, schemes, pictures}.
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { chromium } = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function look(browser, asked, file, width, scheme) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    reducedMotion: "reduce",
    locale: "vi-VN",
  });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const requests = [];
  const complaints = [];
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) requests.push(request.url());
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready.then(() => true));
  const seen = await page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    innerWidth: window.innerWidth,
    background: getComputedStyle(document.body).backgroundColor,
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
    broken: [...document.querySelectorAll('a[href^="#"]')]
      .map((link) => link.getAttribute("href"))
      .filter((href) => href !== "#" && !document.getElementById(decodeURIComponent(href.slice(1)))),
  }));
  if (asked.pictures && scheme === "light") {
    const name = `${file.replace(/[^\w.-]+/g, "_")}-${width}.png`;
    seen.picture = path.join(asked.pictures, name);
    await page.screenshot({ path: seen.picture, fullPage: true, animations: "disabled" });
  }
  let violations = [];
  if (asked.axe) {
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    violations = result.violations.map((violation) => ({
      id: violation.id,
      help: violation.help,
      nodes: violation.nodes.slice(0, 5).map((node) => `${node.target.join(" ")} ${node.failureSummary}`),
      count: violation.nodes.length,
    }));
  }
  await context.close();
  return { file, width, scheme, requests, complaints, violations, ...seen };
}

// Sorts the first table that can be sorted, as a reader does; tells what each click led to.
async function sort(page) {
  const head = page.locator("th[data-kind=number] button").first();
  if (!(await head.count())) return null;
  const read = () =>
    head.evaluate((button) => {
      const cell = button.closest("th");
      const column = Number(cell.dataset.column);
      const body = button.closest("table").tBodies[0];
      const rows = [...body.rows].filter((row) => !row.matches(".total, .group, .detail"));
      return {
        order: cell.getAttribute("aria-sort") || "",
        texts: rows.map((row) => row.cells[column].textContent.trim()),
        rows: [...body.rows].map((row) => row.textContent.replace(/\s+/g, " ").trim()),
      };
    });
  const seen = [await read()];
  for (let click = 0; click < 3; click++) {
    if (click === 1) await head.press("Enter");
    else await head.click();
    seen.push(await read());
  }
  return seen;
}

// Reads the CSV files that a page carries, each beside the texts of its table's first column.
function carried() {
  return [...document.querySelectorAll("a.csv")].map((link) => {
    const table = link.closest(".table").querySelector("table");
    const bytes = Uint8Array.from(atob(link.href.split(",")[1]), (letter) => letter.charCodeAt(0));
    return {
      name: link.download,
      text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
      rows: table.tBodies[0].rows.length,
    };
  });
}

// Types into the search box of a page and tells which rows of each table are left; null where
// there is no box.
async function search(page, word) {
  const box = page.locator("input[type=search]").first();
  if (!(await box.count())) return null;
  const visible = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("table")].map((table) =>
        [...table.tBodies[0].rows]
          .filter((row) => row.checkVisibility())
          .map((row) => row.textContent.replace(/\s+/g, " ").trim()),
      ),
    );
  const before = await visible();
  await box.fill(word);
  await page.waitForTimeout(300);
  const after = await visible();
  await box.fill("");
  await page.waitForTimeout(300);
  return { before, after, again: await visible() };
}

async function use(browser, file, word) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  const hrefs = (selector) =>
    page.evaluate((s) => [...document.querySelectorAll(s)].map((a) => a.getAttribute("href")), selector);
  const links = (await hrefs("a[href]")).filter((href) => !/^(#|data:)/.test(href));
  const found = {
    file,
    links,
    map: await hrefs(".map a, svg a"),
    carried: await page.evaluate(carried),
    sorted: await sort(page),
    searched: await search(page, word),
  };
  await context.close();
  return found;
}

async function each(tasks, workers) {
  const waiting = tasks.map((task, at) => [task, at]);
  const found = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) found[next[1]] = await next[0]();
  };
  await Promise.all(Array.from({ length: workers }, work));
  return found;
}

async function main() {
  const asked = JSON.parse(fs.readFileSync(0, "utf8"));
  const browser = await chromium.launch({
    executablePath: asked.chromium,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars"],
  });
  try {
    const looks = asked.pages.flatMap((file) =>
      asked.widths.flatMap((width) =>
        asked.schemes.map((scheme) => () => look(browser, asked, file, width, scheme)),
      ),
    );
    const uses = asked.pages.map((file) => () => use(browser, file, asked.word));
    const [looked, used] = [await each(looks, 2), await each(uses, 2)];
    process.stdout.write(JSON.stringify({ looked, used }));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
