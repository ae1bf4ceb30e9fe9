// Behaviour of the page: citations show their clause, the legend filters, and what Gradio's sanitizer strips
// (aria attributes) is put back. Loaded from our own address, because the page's policy runs no inline script.
"use strict";

// Changes of the page come in bursts: what has to be done after them is done once, before the next frame. The other
// scripts call this too, and what follows it.
function oncePerFrame(work) {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      work();
    });
  };
}

const pages = () => document.querySelector(".sp-pages");
const wide = matchMedia("(min-width: 60rem)"); // chat and statement are side by side
const isShown = (element) => element.offsetParent !== null;

// What a reader asks to see needs the room that overview and contents take; they are a click away.
function makeRoom() {
  document.querySelectorAll(".sp-drawer[open]").forEach((drawer) => (drawer.open = false));
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  if (tag === "button") element.type = "button";
  return element;
}

(() => {
  let citation = null; // the link that was followed last, to go back to
  let openKey = null; // which statement is shown
  let arrived = false; // whether the address that the page was opened with has been looked up

  const classed = (element, prefix) =>
    [...element.classList].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));

  function targetOf(hash) {
    let id;
    try {
      id = decodeURIComponent(hash.slice(1));
    } catch {
      return null;
    }
    const target = /^[cs]-/.test(id) ? document.getElementById(id) : null;
    return target && target.closest(".sp-pages") ? target : null;
  }

  // ---- a clause is shown

  function show(target) {
    if (!isShown(target)) filter(null);
    document.querySelectorAll(".sp-marked").forEach((old) => old.classList.remove("sp-marked"));
    if (target.matches(".clause")) target.classList.add("sp-marked");
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: target.matches(".clause") ? "center" : "start", inline: "nearest" });
    about(target);
  }

  function about(clause) {
    const line = document.querySelector(".sp-about");
    if (!line || !clause.matches(".clause")) return;
    line.replaceChildren();
    const names = classed(clause, "in-");
    line.append(names.length ? "This passage is about " : "This passage has no category.");
    names.forEach((name, i) => {
      const chip = document.querySelector(`.sp-chip.cat-${name}`);
      const label = document.createElement("span");
      label.className = `sp-named cat-${name}`;
      const dot = document.createElement("i");
      dot.className = "sp-dot";
      label.append(dot, chip ? chip.dataset.name : name);
      if (i) line.append(" ");
      line.append(label);
    });
  }

  function goBack() {
    const chat = document.getElementById("sp-chat");
    const target = citation && citation.isConnected ? citation : document.querySelector("#sp-ask textarea");
    if (target !== citation && chat) chat.scrollIntoView({ block: "start" });
    if (!target) return;
    target.focus({ preventScroll: true });
    if (target === citation && !wide.matches) questionOver(citation)?.scrollIntoView({ block: "start" });
    else target.scrollIntoView({ block: target === citation ? "center" : "nearest" });
  }

  // The question that an answer with this link answers.
  function questionOver(link) {
    const isBefore = (row) => row.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll("#sp-chat .user-row")].filter(isBefore).at(-1);
  }

  // To the text, past all that is over it: for who goes by keyboard.
  function skip() {
    const root = pages();
    if (!root) return;
    root.focus({ preventScroll: true });
    root.scrollIntoView({ block: wide.matches ? "nearest" : "start" });
  }

  // ---- the legend filters

  function filter(category) {
    const root = pages();
    if (!root) return;
    root.querySelectorAll(".sp-hit, .sp-away").forEach((old) => old.classList.remove("sp-hit", "sp-away"));
    root.classList.toggle("sp-filtered", category !== null);
    classed(root, "cat-").forEach((name) => root.classList.remove(`cat-${name}`));
    if (category !== null) root.classList.add(`cat-${category}`);
    document.querySelectorAll(".sp-chip").forEach((chip) => {
      const name = classed(chip, "cat-")[0] ?? null;
      chip.setAttribute("aria-pressed", String(name === category));
    });
    const line = document.querySelector(".sp-about");
    if (category === null) {
      if (line) line.textContent = "";
      return;
    }
    const hits = [...root.querySelectorAll(`.in-${category}`)];
    hits.forEach((hit) => hit.classList.add("sp-hit"));
    hideOthers(root);
    root.scrollTop = 0;
    const chip = document.querySelector(`.sp-chip.cat-${category}`);
    if (line && chip) line.textContent = `Only passages about: ${chip.dataset.name} (${chip.dataset.count})`;
  }

  function hideOthers(root) {
    const isHit = (element) => element.matches(".sp-hit") || element.querySelector(".sp-hit") !== null;
    root.querySelectorAll("li, tbody tr").forEach((element) => element.classList.toggle("sp-away", !isHit(element)));
    // Read backwards. A heading stays if a hit follows before a heading of its own rank; so does the sentence that
    // introduces a list or table with a hit.
    let rank = 0;
    let introduces = false;
    for (const block of [...root.children].reverse()) {
      const level = /^H[3-6]$/.test(block.tagName) ? Number(block.tagName[1]) : 0;
      let keep;
      if (level) {
        keep = level < rank;
        if (keep) rank = level;
      } else {
        const hit = isHit(block);
        keep = hit || (introduces && block.tagName === "P");
        if (hit) rank = 7;
        introduces = hit && block.tagName !== "P";
      }
      if (level) introduces = false;
      block.classList.toggle("sp-away", !keep);
    }
  }

  // ---- what the server sends is completed

  function complete(statement) {
    statement.dataset.done = "";
    const title = statement.querySelector(".sp-head h2")?.textContent ?? "";
    statement.querySelector(".sp-pages")?.setAttribute("aria-label", `Text of ${title}`);
    statement.querySelector(".sp-legend")?.setAttribute("aria-label", "Show only passages about");
    statement.querySelectorAll(".sp-table").forEach((table) => table.setAttribute("aria-label", "Table"));
    statement.querySelectorAll(".sp-chip").forEach((chip) => {
      const count = chip.querySelector(".sp-count")?.textContent ?? "";
      chip.dataset.count = count;
      chip.dataset.name = chip.textContent.slice(0, chip.textContent.length - count.length).trim();
      chip.setAttribute("aria-pressed", String(chip.matches(".sp-all")));
    });
    statement.querySelectorAll('a[target="_blank"]').forEach((link) => {
      link.rel = "noopener noreferrer nofollow";
    });
    const key = classed(statement, "key-")[0];
    if (openKey !== null && key !== openKey) {
      history.replaceState(history.state, "", location.pathname + location.search);
      arrived = true;
    }
    openKey = key;
    if (!arrived && location.hash) {
      const target = targetOf(location.hash);
      if (target) {
        arrived = true;
        show(target);
      }
    }
  }

  function announceAsText(message) {
    // Gradio labels a message with its HTML source, which is what a screen reader would read out.
    const label = message.getAttribute("aria-label") ?? "";
    if (label.includes("<")) {
      const who = message.dataset.testid === "user" ? "You" : "Answer";
      message.setAttribute("aria-label", `${who}: ${message.textContent.trim().replace(/\s+/g, " ")}`);
    }
  }

  let shown = "";
  function keepQuestionInView() {
    const questions = document.querySelectorAll("#sp-chat .user-row");
    const rows = document.querySelectorAll("#sp-chat .message-row").length;
    const now = `${rows} ${document.querySelectorAll("#sp-chat .sp-answer, #sp-chat .sp-notice").length}`;
    if (now === shown) return;
    shown = now;
    const last = questions[questions.length - 1];
    const scroller = document.querySelector("#sp-chat .bubble-wrap");
    if (last && !wide.matches) {
      // The chat is part of the page; who has gone on to the statement meanwhile stays there.
      const chat = document.getElementById("sp-chat");
      if (isShown(last) && chat.getBoundingClientRect().bottom > innerHeight / 4) last.scrollIntoView({ block: "start" });
    } else if (last && scroller) {
      scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
    }
  }

  function tidy() {
    document.querySelectorAll(".sp-statement:not([data-done])").forEach(complete);
    document.querySelectorAll('#sp-chat [data-testid="user"], #sp-chat [data-testid="bot"]').forEach(announceAsText);
    keepQuestionInView();
  }

  function start() {
    document.documentElement.lang = "en";
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.('a[href^="#"]');
      const chip = event.target.closest?.(".sp-chip");
      if (chip) {
        const name = classed(chip, "cat-")[0] ?? null;
        makeRoom();
        filter(chip.getAttribute("aria-pressed") === "true" ? null : name);
      } else if (link && link.matches(".sp-back")) {
        event.preventDefault();
        goBack();
      } else if (link && link.matches(".sp-skip")) {
        event.preventDefault();
        skip();
      } else if (link) {
        const target = targetOf(link.getAttribute("href"));
        if (!target) return;
        event.preventDefault();
        if (link.matches(".sp-cite")) citation = link;
        if (location.hash !== link.getAttribute("href")) history.pushState(null, "", link.getAttribute("href"));
        show(target);
      } else {
        const clause = event.target.closest?.(".sp-pages .clause");
        if (clause) about(clause);
      }
    });
    window.addEventListener("popstate", () => {
      const target = targetOf(location.hash);
      if (target) show(target);
    });
    new MutationObserver(oncePerFrame(tidy)).observe(document.body, { childList: true, subtree: true, characterData: true });
    tidy();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
