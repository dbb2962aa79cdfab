"use strict";
// Finds districts by name, with or without accents, and by how they stand.
(() => {
  const tools = document.getElementById("tools");
  const rows = [...document.querySelectorAll("#districts tbody tr")];
  const tiles = new Map([...document.querySelectorAll(".map li")].map((tile) => [tile.dataset.name, tile]));
  const said = document.getElementById("found");
  const [search, result, region] = ["search", "result", "region"].map((id) => document.getElementById(id));
  const plain = (text) =>
    text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, " ").trim();

  const show = () => {
    const wanted = plain(search.value);
    let shown = 0;
    for (const row of rows) {
      const { name, region: place, look, risk } = row.dataset;
      const fits =
        ` ${name}`.includes(` ${wanted}`) &&
        (!region.value || region.value === place) &&
        (!result.value || result.value === look || (result.value === "risk" && risk));
      row.hidden = !fits;
      tiles.get(name).classList.toggle("off", !fits);
      if (fits) shown += 1;
    }
    said.textContent = `${shown}/${rows.length} đơn vị`;
  };
  for (const tool of [search, result, region]) tool.addEventListener("input", show);
  tools.hidden = false;
  show();
})();
