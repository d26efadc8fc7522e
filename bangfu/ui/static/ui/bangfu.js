"use strict";
// The little that pages need beyond htmx: keys, the phone's menu, select-all, printing. No data is stored.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const first = (selector, root = document) => root.querySelector(selector);

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-menu],[data-print],[data-reveal-form]");
    if (!target) return;
    if (target.matches("[data-menu]")) {
      const open = document.body.classList.toggle("menu-open");
      target.setAttribute("aria-expanded", String(open));
    }
    if (target.matches("[data-print]")) window.print();
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-select-all]")) {
      all("[data-select]", box.closest("form")).forEach((each) => { each.checked = box.checked; });
    }
    if (box.matches("[data-select-all],[data-select]")) showBatch(box.closest("form"));
    if (box.matches("[data-submit]")) box.form.requestSubmit();
    if (box.matches("[data-shows]")) showParts(box.form);
  });

  // Parts of a form that only one answer needs: data-shown-by="name:value value".
  const showParts = (form) => all("[data-shown-by]", form).forEach((part) => {
    const [name, values] = part.dataset.shownBy.split(":");
    const chosen = form.elements[name] && form.elements[name].value;
    part.hidden = !values.split(" ").includes(chosen);
  });

  const showBatch = (form) => {
    const chosen = all("[data-select]:checked", form).length;
    const bar = first("[data-batch]", form);
    if (!bar) return;
    bar.hidden = chosen === 0;
    first("[data-chosen]", bar).textContent = String(chosen);
    all("tr:has([data-select])", form).forEach((row) => {
      row.setAttribute("aria-selected", String(first("[data-select]", row).checked));
    });
  };

  const typing = (node) => node.matches("input:not([type=checkbox]),textarea,select,[contenteditable]");
  const move = (step) => {
    const rows = all("[data-row] a[href]").filter((link, i, links) =>
      links.findIndex((other) => other.closest("[data-row]") === link.closest("[data-row]")) === i);
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + step))].focus();
  };

  // The work round in one key: "nothing changed" for the row in focus (or the first that waits), then on to the next.
  let nextRow = "";
  const unchanged = () => {
    const waiting = all("[data-row]:has([data-unchanged])");
    const row = document.activeElement.closest("[data-row]:has([data-unchanged])") || waiting[0];
    if (!row) return;
    const next = waiting[waiting.indexOf(row) + 1];
    nextRow = next ? next.id : "";
    first("[data-unchanged]", row).click();
  };
  // Take over in one key: what is selected, else the row in focus.
  const takeOver = () => {
    const go = first("[data-batch] button:not([formaction])");
    const row = document.activeElement.closest("[data-row]");
    const box = row && first("[data-select]", row);
    if (!go || (go.closest("[data-batch]").hidden && !box)) return;
    if (go.closest("[data-batch]").hidden) box.click();
    go.click();
  };

  document.addEventListener("htmx:afterSettle", () => {
    const row = nextRow && document.getElementById(nextRow);
    nextRow = "";
    if (row) first("a[href]", row).focus();
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const find = first("[data-find]");
      if (find) { event.preventDefault(); find.focus(); find.select(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
    if (event.key === "x") {
      const row = document.activeElement.closest("[data-row]");
      const box = row && first("[data-select]", row);
      if (box) box.click();
    }
    if (event.key === "a") takeOver();
    if (event.key === "u") unchanged();
    if (event.key === "?") { const help = first("[data-keys]"); if (help) help.toggleAttribute("open"); }
  });

  document.addEventListener("DOMContentLoaded", () => all("form:has([data-shown-by])").forEach(showParts));
  document.addEventListener("htmx:afterSwap", () => all("form:has([data-shown-by])").forEach(showParts));
})();
