"use strict";
(() => {
  const root = document.documentElement;
  const kept = (key, value) => {
    try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; }
  };
  if (["light", "dark"].includes(kept("medbench-theme"))) root.dataset.theme = kept("medbench-theme");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (name, text, attributes = {}) => {
    const svg = ["svg", "path", "circle"].includes(name);
    const one = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    if (text !== undefined && text !== null) one.textContent = text;
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  };

  const theme = () => {
    const button = document.querySelector("[data-theme-switch]");
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      kept("medbench-theme", root.dataset.theme);
      show();
    });
    show();
  };

  const sorting = (table) => {
    const heads = all("thead tr:last-child th", table);
    const body = table.tBodies[0];
    const value = (row, at) => row.cells[at].dataset.v;
    const order = (at, rising) => {
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [value(one, at), value(other, at)];
        if (a === "" || b === "") return (a === "") - (b === "");
        const apart = at === 0 ? a.localeCompare(b) : Number(a) - Number(b);
        return rising ? apart : -apart;
      });
      body.append(...rows);
    };
    heads.forEach((head, at) => head.querySelector("button").addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const first = at === 0 || head.dataset.better === "lower";
      const rising = now ? now === "descending" : first;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      order(at, rising);
    }));
  };

  const filters = (form) => {
    const table = document.querySelector(`[data-board="${form.dataset.filters}"]`);
    const status = document.querySelector(`[data-status="${form.dataset.filters}"]`);
    const rows = [...table.tBodies[0].rows];
    const columns = all("thead tr:last-child th", table).map((head) => head.dataset.part);
    const parts = () => {
      const off = new Set(all("[data-part]", form).filter((box) => !box.checked).map((box) => box.dataset.part));
      all("thead .part", table).forEach((head) => { head.hidden = off.has(head.textContent); });
      [table.tHead.rows[1], ...rows].forEach((row) => columns.forEach((part, at) => { row.cells[at].hidden = off.has(part); }));
    };
    const run = () => {
      parts();
      const asked = form.elements;
      const text = asked.text.value.trim().toLowerCase();
      const within = (limit, figure, sign) => limit === "" || (figure !== "" && sign * Number(figure) <= sign * Number(limit) + 1e-9);
      rows.forEach((row) => {
        const has = row.dataset;
        row.hidden = !((!text || row.cells[0].textContent.toLowerCase().includes(text))
          && (!asked.backend.value || has.backend === asked.backend.value)
          && (!asked.reversible.checked || has.reversible === "1")
          && within(asked.most.value, has.matches, 1) && within(asked.least.value, has.kept, -1));
      });
      const left = rows.filter((row) => !row.hidden);
      status.textContent = left.length === rows.length ? `${rows.length} methods` : `${left.length} of ${rows.length} methods`;
      const on = new Set(left.map((row) => row.dataset.m));
      all("[data-plot]", form.closest(".suite")).forEach((plot) => {
        plot.classList.toggle("dim", left.length < rows.length);
        all("[data-m]", plot).forEach((mark) => mark.classList.toggle("on", left.length < rows.length && on.has(mark.dataset.m)));
      });
    };
    form.addEventListener("input", run);
    form.addEventListener("reset", () => setTimeout(run));
    form.addEventListener("submit", (event) => event.preventDefault());
  };

  const compare = (form) => {
    const boards = window.medbenchBoards;
    const { board, a, b } = form.elements;
    const fill = (select, texts) => select.replaceChildren(...texts.map(([value, text]) => make("option", text, { value })));
    const cellOf = (row, figure) => {
      const cell = make("td");
      if (!row || row[0] === null) { cell.textContent = "–"; return cell; }
      const [v, low, high] = row.slice(0, 3).map((x) => x === null ? "–" : (x * figure.scale).toFixed(figure.digits));
      cell.append(make("b", v), make("small", `[${low}, ${high}], n ${row[3]}`));
      return cell;
    };
    const drawn = (rows) => {
      const ends = rows.flatMap((row) => row.slice(0, 3)).filter((x) => x !== null);
      const low = Math.min(0, ...ends), high = Math.max(low + 1e-9, ...ends, ends.every((x) => x <= 1) ? 1 : 0);
      const at = (x) => 4 + 168 * (x - low) / (high - low);
      const svg = make("svg", null, { class: "ci", viewBox: "0 0 176 22", "aria-hidden": "true" });
      rows.forEach((row, i) => {
        const y = 6 + 10 * i, kind = i ? "z" : "a";
        svg.append(make("path", null, { class: "t", d: `M4 ${y}H172` }));
        if (row[1] !== null) svg.append(make("path", null, { class: kind, d: `M${at(row[1])} ${y}H${at(row[2])}` }));
        svg.append(make("circle", null, { class: kind, cx: at(row[0]), cy: y, r: 3.5 }));
      });
      return svg;
    };
    const verdict = (one, other, better) => {
      if (one[1] === null || other[1] === null) return "no interval";
      if (one[1] <= other[2] && other[1] <= one[2]) return "intervals overlap";
      if (!better) return "apart";
      return (one[0] > other[0]) === (better === "higher") ? "A is better" : "B is better";
    };
    const show = () => {
      const here = boards[Number(board.value)];
      const pick = (select) => here.methods.find((method) => method.slug === select.value);
      const [one, other] = [pick(a), pick(b)];
      const count = { "A is better": 0, "B is better": 0, "intervals overlap": 0 };
      const lines = [];
      let part = "";
      here.figures.forEach((figure, i) => {
        const rows = [one.figures[i], other.figures[i]];
        if (!rows[0] && !rows[1]) return;
        if (figure.part !== part) {
          part = figure.part;
          const line = make("tr");
          line.append(make("th", part, { colspan: 6, scope: "colgroup", class: "left" }));
          lines.push(line);
        }
        const both = rows.every((row) => row && row[0] !== null);
        const told = both ? verdict(rows[0], rows[1], figure.better) : "not measured with both";
        if (told in count) count[told] += 1;
        const line = make("tr");
        const apart = both ? ((rows[0][0] - rows[1][0]) * figure.scale).toFixed(figure.digits).replace("-", "−") : "–";
        const arrow = { higher: " ↑", lower: " ↓" }[figure.better] || "";
        line.append(make("th", figure.title + arrow, { scope: "row" }), ...rows.map((row) => cellOf(row, figure)), make("td", apart));
        const cell = make("td", null, { class: "left" });
        if (both) cell.append(drawn(rows));
        line.append(cell, make("td", told, { class: "left" }));
        lines.push(line);
      });
      document.querySelector("[data-lines]").replaceChildren(...lines);
      document.querySelector("[data-caption]").textContent = here.caption;
      document.querySelector("[data-told]").textContent = `A = ${one.title}, B = ${other.title}: `
        + `A better in ${count["A is better"]}, B better in ${count["B is better"]}, intervals overlap in ${count["intervals overlap"]} figures.`;
      history.replaceState(null, "", `#${one.slug}/${other.slug}`);
    };
    const load = (first, second) => {
      const methods = boards[Number(board.value)].methods;
      const usual = [...methods].sort((one, other) => one.anchor - other.anchor);
      [[a, first, 0], [b, second, 1]].forEach(([select, slug, place]) => {
        fill(select, methods.map((method) => [method.slug, method.title]));
        select.value = methods.some((method) => method.slug === slug) ? slug : (usual[place] || usual[0]).slug;
      });
      show();
    };
    const [first, second] = decodeURIComponent(location.hash.slice(1)).split("/");
    fill(board, boards.map((one, i) => [String(i), one.caption]));
    const found = boards.findIndex((one) => one.methods.some((method) => method.slug === first));
    board.value = String(Math.max(found, 0));
    board.addEventListener("change", () => load());
    [a, b].forEach((select) => select.addEventListener("change", show));
    form.querySelector("[data-swap]").addEventListener("click", () => load(b.value, a.value));
    load(first, second);
  };

  document.addEventListener("DOMContentLoaded", () => {
    theme();
    all("table.board").forEach(sorting);
    all("[data-filters]").forEach(filters);
    all("[data-compare]").forEach(compare);
  });
})();
