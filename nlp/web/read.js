// Reading a statement: the overview, passages by keyboard, and "Ask about this". Nothing of a statement is
// ever put into the page as HTML here: only as text, or as copies of nodes that the sanitizer let through.
"use strict";

(() => {
  const WORDS = 30; // words of a passage that a question quotes: with fewer, passages that begin alike are found for it
  const HINT = "Click a passage, or press → in the text, to ask about it.";
  // Where the overview and a good part of the text are in sight at once.
  const roomy = matchMedia("(min-width: 60rem) and (min-height: 62.5rem)");

  // ---- passages by keyboard, and the question about one

  let chosen = null; // the passage that was clicked, followed or stepped to last

  function choose(clause) {
    if (chosen === clause) return;
    chosen?.classList.remove("sp-chosen");
    chosen = clause;
    chosen?.classList.add("sp-chosen");
    const button = document.querySelector(".sp-ask-this");
    if (button) button.hidden = !chosen;
  }

  // A filter may have taken the passage out of sight.
  function forgetUnseen() {
    const root = pages();
    if (chosen && root && isShown(root) && !isShown(chosen)) choose(null);
  }

  function step(direction) {
    const clauses = [...pages().querySelectorAll(".clause")].filter(isShown);
    if (!clauses.length) return;
    let at = clauses.indexOf(chosen);
    if (at < 0) {
      const top = Math.max(pages().getBoundingClientRect().top, 0);
      at = Math.max(clauses.findIndex((clause) => clause.getBoundingClientRect().bottom > top), 0);
    } else {
      at = Math.min(Math.max(at + direction, 0), clauses.length - 1);
    }
    const clause = clauses[at];
    if (!clause.hasAttribute("tabindex")) clause.tabIndex = -1;
    clause.focus({ preventScroll: true });
    clause.scrollIntoView({ block: "nearest", inline: "nearest" });
    // What follows a click: the line below says what the passage is about.
    clause.click();
  }

  // The name of a passage's main category, as the legend has it; none for those that say nothing of its subject.
  function subjectOf(clause) {
    const name = [...clause.classList].find((one) => one.startsWith("cat-"));
    if (!name || name === "cat-generic" || name === "cat-other") return "";
    return document.querySelector(`.sp-chip.${name}`)?.dataset.name?.toLowerCase() ?? "";
  }

  function askAbout(clause) {
    const box = document.querySelector("#sp-ask textarea");
    if (!box || !clause?.isConnected) return;
    const words = clause.textContent.replace(/["“”]/g, "").trim().split(/\s+/);
    const quoted = words.slice(0, WORDS).join(" ").slice(0, 300) + (words.length > WORDS ? " …" : "");
    const subject = subjectOf(clause);
    box.value = `What does the statement say about ${subject ? `${subject}: ` : ""}“${quoted}”?`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus({ preventScroll: true });
    // Below the statement the box is not held at the edge of the window, and has to be fetched whole.
    box.scrollIntoView({ block: wide.matches ? "nearest" : "center" });
    // The beginning is what a reader may want to put otherwise.
    box.setSelectionRange(0, 0);
    box.scrollTop = 0;
  }

  function makeAsk(foot) {
    const button = make("button", "sp-ask-this", "Ask about this");
    button.hidden = true;
    button.title = "Puts a question about this passage into the question box, for you to change and to ask";
    button.addEventListener("click", () => askAbout(chosen));
    foot.querySelector(".sp-about").after(button);
  }

  // ---- what the server sends is completed

  function complete(statement) {
    statement.dataset.read = "";
    chosen = null;
    const tools = statement.querySelector(".sp-tools");
    if (tools) tools.append(finder.form());
    const foot = statement.querySelector(".sp-foot");
    if (foot) makeAsk(foot);
    const about = statement.querySelector(".sp-about");
    if (about && !about.textContent) about.textContent = HINT;
    statement.querySelector(".sp-bar")?.setAttribute("aria-label", "Passages in each category");
    statement.querySelector(".sp-toc .sp-drawn")?.setAttribute("aria-label", "Contents");
    const glance = statement.querySelector(".sp-glance");
    glance?.querySelector(".sp-drawn").setAttribute("aria-label", "The statement at a glance");
    if (glance && roomy.matches) glance.open = true;
    finder.tell();
  }

  function fillGlance() {
    const source = document.querySelector("#sp-glance .sp-glance-source");
    const statement = document.querySelector(".sp-statement");
    const place = statement?.querySelector(".sp-glance .sp-drawn");
    if (!source || !place || place.dataset.filled !== undefined) return;
    const key = [...statement.classList].find((name) => name.startsWith("key-"))?.slice(4);
    if (!key || !source.classList.contains(`for-${key}`)) return;
    place.dataset.filled = "";
    place.replaceChildren(...[...source.cloneNode(true).childNodes]);
  }

  // A suggestion that was followed may go, and would take the focus along.
  let followed = null;
  function keepFocus() {
    if (!followed || (followed.isConnected && isShown(followed))) return;
    followed = null;
    if (document.activeElement === document.body) document.querySelector("#sp-examples button")?.focus();
  }

  function tidy() {
    keepFocus();
    forgetUnseen();
    measureTop();
    document.querySelectorAll(".sp-statement[data-done]:not([data-read])").forEach(complete);
    fillGlance();
  }

  // Side by side with the chat there is room for one open drawer at a time.
  function shutOthers(opened) {
    if (!opened.open || !wide.matches) return;
    document.querySelectorAll(".sp-drawer[open]").forEach((drawer) => {
      if (drawer !== opened) drawer.open = false;
    });
  }

  // Who has read on past the height of the open drawer gets its room; the words in sight stay where they are.
  function readOn() {
    const root = pages();
    const drawn = document.querySelector(".sp-drawer[open] .sp-drawn");
    if (!drawn || !wide.matches || root.scrollTop < drawn.offsetHeight + 20) return;
    const before = root.getBoundingClientRect().top;
    makeRoom();
    root.scrollTop -= before - root.getBoundingClientRect().top;
  }

  function measureTop() {
    const top = document.getElementById("sp-top");
    if (!top || top.dataset.measured !== undefined) return;
    top.dataset.measured = "";
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--sp-top-height", `${top.offsetHeight}px`);
    }).observe(top);
  }

  function start() {
    document.addEventListener("toggle", (event) => {
      if (event.target.matches?.(".sp-drawer")) shutOthers(event.target);
    }, { capture: true });
    document.addEventListener("click", (event) => {
      const clause = event.target.closest?.(".sp-pages .clause");
      if (clause) choose(clause);
      const link = event.target.closest?.('a[href^="#c-"], a[href^="#s-"]');
      // The overview stays where it led somewhere itself: a reader goes through it line by line.
      if (link && !link.closest(".sp-glance")) makeRoom();
    }, { capture: true });
    for (const kind of ["wheel", "keydown", "pointerdown"]) {
      document.addEventListener(kind, (event) => {
        if (event.target.closest?.(".sp-pages")) readOn();
      }, { capture: true, passive: true });
    }
    document.addEventListener("focusin", (event) => {
      if (event.target.matches?.(".sp-pages .clause")) choose(event.target);
      followed = event.target.closest?.("#sp-examples button") ?? null;
    });
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (!event.target.matches?.(".sp-pages, .sp-pages .clause")) return;
      if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        event.preventDefault();
        step(event.key === "ArrowRight" ? 1 : -1);
      } else if (event.key === "Enter" && event.target.matches(".clause")) {
        event.preventDefault();
        askAbout(event.target);
      }
    });
    new MutationObserver(oncePerFrame(tidy)).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
    tidy();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
