"use strict";
(() => {
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  };
  const compare = (a, b) => {
    const kind = typeof a === "number";
    if (kind !== (typeof b === "number")) return kind ? -1 : 1;
    return kind ? a - b : a.localeCompare(b, "en", { numeric: true });
  };
  for (const button of document.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      const head = button.parentElement;
      const table = head.closest("table");
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      const column = head.cellIndex;
      rows.sort((a, b) => (up ? 1 : -1) * compare(key(a, column), key(b, column)));
      table.tBodies[0].append(...rows);
    });
  }

  // A table that is wider than its place has a card for each row instead.
  const fit = (boxes) => {
    const shown = boxes.filter((box) => box.clientWidth);
    for (const box of shown) box.classList.remove("stack");
    const wide = shown.map((box) => box.scrollWidth > box.clientWidth + 1);
    shown.forEach((box, i) => box.classList.toggle("stack", wide[i]));
  };
  const sizes = new ResizeObserver((entries) => {
    const boxes = [];
    for (const { target, contentRect } of entries) {
      if (target.dataset.width === String(contentRect.width)) continue;
      target.dataset.width = contentRect.width;
      boxes.push(target);
    }
    fit(boxes);
  });
  const toggled = new Set(); // fitted once for all that opens in a frame
  const later = (box) => {
    if (!toggled.size) {
      requestAnimationFrame(() => {
        fit([...toggled]);
        toggled.clear();
      });
    }
    toggled.add(box);
  };
  for (const box of document.querySelectorAll(".scroll")) {
    sizes.observe(box);
    box.addEventListener("toggle", () => later(box), true);
  }

  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", () => {
      const text = button.parentElement.querySelector("pre");
      getSelection().selectAllChildren(text);
      const done = () => {
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      };
      if (navigator.clipboard) navigator.clipboard.writeText(text.textContent).then(done, () => {});
    });
  }

  // The titles of targets, at once and for fingers too.
  const tip = document.getElementById("tip");
  for (const title of document.querySelectorAll(".target > title")) {
    title.parentElement.dataset.tip = title.textContent;
    title.remove();
  }
  const show = (event) => {
    const target = event.target.closest && event.target.closest(".target");
    tip.hidden = !target;
    if (!target) return;
    tip.textContent = target.dataset.tip;
    const box = target.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = Math.max(8, Math.min(room, box.x + box.width / 2 - tip.offsetWidth / 2)) + "px";
    const above = box.y - tip.offsetHeight - 6;
    tip.style.top = (above < 4 ? box.bottom + 6 : above) + "px";
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("click", show);
  addEventListener("scroll", () => (tip.hidden = true), { passive: true });
})();
