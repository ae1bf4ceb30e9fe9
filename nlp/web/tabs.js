// Tabs: each has an address of its own, so that back, forward and reload lead where they should; what the sanitizer
// strips from their contents is put back; and a date of a timeline tells the server that it was followed.
"use strict";

(() => {
  const NAMES = ["ask", "compare", "archive", "batch"];
  let current = null; // the tab that the address names

  function tabOf(hash) {
    if (/^#d-/.test(hash)) return "compare";
    const name = hash.startsWith("#tab-") ? hash.slice(5) : "ask";
    return NAMES.includes(name) ? name : "ask";
  }

  const button = (name) => document.getElementById(`sp-tab-${name}-button`);
  const selected = () => NAMES.find((name) => button(name)?.getAttribute("aria-selected") === "true") ?? null;

  function follow() {
    const name = selected();
    if (!name) return;
    if (current === null) {
      current = tabOf(location.hash);
      if (current !== name) button(current).click();
    } else if (name !== current) {
      current = name;
      if (tabOf(location.hash) !== name) {
        history.pushState(null, "", name === "ask" ? location.pathname + location.search : `#tab-${name}`);
      }
    }
  }

  // Before the listener that shows a clause, which has to be on the page by then.
  window.addEventListener("popstate", () => {
    const name = tabOf(location.hash);
    if (current === null || name === current) return;
    current = name;
    button(name)?.click();
  }, { capture: true });

  // Gradio gives each radio button a name of its own, so that arrow keys do not lead from one to the next.
  function nameRadios() {
    for (const side of document.getElementsByClassName("sp-side-box")) {
      side.querySelectorAll('.sp-ways input[type="radio"]').forEach((radio) => {
        if (radio.name !== side.id) radio.name = side.id;
      });
    }
  }

  function complete() {
    // Not the block around it, in which a clock ticks while something is under way.
    document.querySelectorAll(".prose.sp-live:not([aria-live])").forEach((line) => line.setAttribute("aria-live", "polite"));
    document.querySelectorAll(".sp-scroll[title]").forEach((region) => {
      region.setAttribute("aria-label", region.title);
      region.removeAttribute("title");
    });
    document.querySelectorAll(".sp-change:not([aria-labelledby])").forEach((change) => {
      const head = change.querySelector("h3");
      head.id = `${change.id}-head`;
      change.setAttribute("aria-labelledby", head.id);
    });
    document.querySelectorAll("#sp-chat .bubble-wrap:not([tabindex])").forEach((log) => (log.tabIndex = 0));
    // A table that has just come: what was over it may fill the window.
    document.querySelectorAll(".sp-batch:not([data-come])").forEach((table) => {
      table.dataset.come = "";
      document.getElementById("sp-batch-note")?.scrollIntoView({ block: "start" });
    });
    document.querySelectorAll(".sp-sign:not([aria-hidden])").forEach((sign) => sign.setAttribute("aria-hidden", "true"));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.sp-step");
    const box = document.querySelector("#sp-step :is(textarea, input)");
    if (!link || !box) return;
    event.preventDefault();
    box.value = link.getAttribute("href");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    // The box tells Gradio its value before the next frame.
    requestAnimationFrame(() => setTimeout(() => document.getElementById("sp-follow")?.click()));
  });

  const plan = oncePerFrame(() => {
    follow();
    complete();
  });

  function start() {
    new MutationObserver(() => {
      // Not in the next frame, before which a second key may be pressed: each choice has Gradio name them anew.
      nameRadios();
      plan();
    }).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected", "name"],
    });
    nameRadios();
    plan();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
