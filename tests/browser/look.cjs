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

async function main() {
  const asked = JSON.parse(fs.readFileSync(0, "utf8"));
  const browser = await chromium.launch({
    executablePath: asked.chromium,
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--hide-scrollbars"],
  });
  const found = [];
  try {
    for (const file of asked.pages)
      for (const width of asked.widths)
        for (const scheme of asked.schemes) found.push(await look(browser, asked, file, width, scheme));
  } finally {
    await browser.close();
  }
  process.stdout.write(JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
