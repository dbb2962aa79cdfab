"use strict";
// Sorts a table by a click on a column's head: rising, falling, then as it was printed. Its exact
// values are those of the CSV file that the page carries for the table.
(() => {
  const words = new Intl.Collator("vi", { numeric: true });
  const wide = window.matchMedia("(min-width: 75em)");

  const open = () => {
    for (const contents of document.querySelectorAll(".contents details")) contents.open = wide.matches;
  };
  open();
  wide.addEventListener("change", open);

  // A table that fits needs no box of its own to scroll in: its head then stays at the page's top.
  const fit = () => {
    for (const box of document.querySelectorAll(".table .scroll")) {
      box.classList.toggle("fits", box.firstElementChild.scrollWidth <= box.clientWidth);
    }
  };
  fit();
  window.addEventListener("resize", fit);
  if (document.fonts) document.fonts.ready.then(fit);

  const exact = (link) => {
    const bytes = Uint8Array.from(atob(link.href.split(",")[1]), (letter) => letter.charCodeAt(0));
    const rows = [[]];
    for (const [, quoted, bare, end] of new TextDecoder()
      .decode(bytes)
      .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
      rows[rows.length - 1].push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
      if (end !== ",") rows.push([]);
    }
    return rows.slice(1, -1);
  };

  // What stands still parts the rest: total rows, and the rows that head a group. A detail goes with
  // the row that it belongs to.
  const sorted = (rows, before) => {
    const result = [];
    let parts = [];
    const settle = () => {
      result.push(...parts.sort((a, b) => before(a[0], b[0])).flat());
      parts = [];
    };
    for (const row of rows) {
      if (row.matches(".total, .group")) {
        settle();
        result.push(row);
      } else if (row.matches(".detail") && parts.length && !parts.at(-1)[0].matches(".detail")) {
        parts.at(-1).push(row);
      } else parts.push([row]);
    }
    settle();
    return result;
  };

  for (const link of document.querySelectorAll("a.csv")) {
    const table = link.closest(".table").querySelector("table");
    const body = table.tBodies[0];
    const printed = [...body.rows];
    if (printed.length < 3) continue;
    let values;
    const heads = [...table.tHead.querySelectorAll("th[data-column]")];
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        if (!values) {
          const cells = exact(link);
          values = new Map(printed.map((row, at) => [row, cells[at]]));
        }
        const next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")];
        const order = next === undefined ? "ascending" : next;
        for (const other of heads) other.removeAttribute("aria-sort");
        if (order) head.setAttribute("aria-sort", order);
        const column = Number(head.dataset.column);
        const turn = order === "descending" ? -1 : 1;
        const before = (a, b) => {
          // Nothing stands last in either order.
          const [x, y] = [values.get(a)[column], values.get(b)[column]];
          if (head.dataset.kind !== "number") return !x - !y || turn * words.compare(x, y);
          const [m, n] = [parseFloat(x), parseFloat(y)];
          if (Number.isNaN(m) || Number.isNaN(n)) return Number.isNaN(m) - Number.isNaN(n);
          return turn * (m - n);
        };
        body.append(...(order ? sorted(printed, before) : printed));
      });
    }
  }
})();
