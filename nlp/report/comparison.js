"use strict";
(() => {
  const changes = [...document.querySelectorAll(".change")];
  const showing = document.getElementById("showing");
  const everything = document.getElementById("everything");
  const substance = document.getElementById("substance");
  if (!showing) return;
  const chosen = showing.closest(".chosen");

  function show(wanted) {
    for (const change of changes) change.hidden = !wanted(change);
  }

  function choose(cell) {
    const { category, kind } = cell.dataset;
    const wanted = (change) =>
      (!kind || change.dataset.kind === kind) &&
      (!category || change.dataset.categories.split(" ").includes(category));
    show(wanted);
    const found = changes.filter((change) => wanted(change) && !change.classList.contains("away"));
    if (substance && found.some((change) => change.classList.contains("wording"))) substance.checked = false;
    document.body.classList.add("filtered");
    showing.textContent = `Showing ${cell.getAttribute("aria-label")}`;
    chosen.hidden = false;
    found[0]?.focus({ preventScroll: true });
    document.getElementById("beside").scrollIntoView();
  }

  function chooseAll() {
    show(() => true);
    document.body.classList.remove("filtered");
    chosen.hidden = true;
  }

  for (const cell of document.querySelectorAll(".cell")) {
    cell.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(cell);
    });
  }
  everything.addEventListener("click", () => {
    chooseAll();
    document.getElementById("table").scrollIntoView();
  });
  // A link to a change that the filter hides would lead nowhere.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a:not(.cell)[href^='#']");
    const change = link && document.querySelector(link.getAttribute("href"));
    if (!change?.classList.contains("change")) return;
    if (change.hidden) chooseAll();
    if (substance && change.classList.contains("wording")) substance.checked = false;
  });
})();
