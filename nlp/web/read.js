// Reading a statement: search in it, the overview, passages by keyboard, and "Ask about this". Nothing of a statement is
// ever put into the page as HTML here: only as text, or as copies of nodes that the sanitizer let through.
"use strict";

(() => {
  const MOST = 2000; // matches that are marked; more are of no use to a reader
  const WORDS = 30; // words of a passage that a question quotes: with fewer, passages that begin alike are found for it
  const HINT = "Click a passage, or press → in the text, to ask about it.";
  const wide = matchMedia("(min-width: 60rem)");
  const roomy = matchMedia("(min-width: 60rem) and (min-height: 45rem)");

  const pages = () => document.querySelector(".sp-pages");
  const isShown = (element) => element.offsetParent !== null;

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  }

  // ---- search

  const search = { root: null, nodes: [], starts: [], text: "", matches: [], at: -1, words: "" };
  const canPaint = typeof Highlight === "function" && "highlights" in CSS;

  // The text of the statement in one string. A line break stands between blocks, so that no match runs across them.
  function index(root) {
    if (search.root === root) return;
    Object.assign(search, { root, nodes: [], starts: [], matches: [], at: -1, words: "" });
    const parts = [];
    let length = 0;
    let before = null;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const block = node.parentElement.closest("p, li, h3, h4, h5, h6, td, th");
      if (before && block !== before) {
        parts.push("\n");
        length += 1;
      }
      before = block;
      search.nodes.push(node);
      search.starts.push(length);
      parts.push(node.data);
      length += node.data.length;
    }
    search.text = parts.join("");
  }

  function pattern(words) {
    const escaped = words.trim().replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&");
    const forgiving = escaped.replace(/\s+/g, "[^\\S\\n]+").replace(/['’‘]/g, "['’‘]").replace(/["“”]/g, '["“”]');
    return new RegExp(forgiving, "giu");
  }

  function rangeOf(start, end) {
    const range = document.createRange();
    range.setStart(...place(start, false));
    range.setEnd(...place(end, true));
    return range;
  }

  function place(offset, isEnd) {
    let low = 0;
    let high = search.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (isEnd ? search.starts[middle] < offset : search.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return [search.nodes[low], Math.min(offset - search.starts[low], search.nodes[low].data.length)];
  }

  function paint() {
    if (!canPaint) return;
    CSS.highlights.delete("sp-found");
    CSS.highlights.delete("sp-found-here");
    if (!search.matches.length) return;
    CSS.highlights.set("sp-found", new Highlight(...search.matches.map(([start, end]) => rangeOf(start, end))));
    if (search.at >= 0) CSS.highlights.set("sp-found-here", new Highlight(rangeOf(...search.matches[search.at])));
  }

  function look(words) {
    const root = pages();
    if (!root || (root === search.root && words === search.words)) return;
    index(root);
    search.words = words;
    search.matches = [];
    search.at = -1;
    if (words.trim()) {
      for (const match of search.text.matchAll(pattern(words))) {
        search.matches.push([match.index, match.index + match[0].length]);
        if (search.matches.length === MOST) break;
      }
    }
    // The first that a filter lets through: to type a letter is not yet to ask for all the others.
    const first = search.matches.findIndex(([start, end]) => isShown(rangeOf(start, end).startContainer.parentElement));
    if (first >= 0) reveal(first);
    paint();
    tell();
  }

  function go(step) {
    const box = document.querySelector(".sp-find input");
    if (!box) return;
    const isNew = search.root !== pages() || box.value !== search.words;
    if (isNew) look(box.value);
    const count = search.matches.length;
    if (!count) return;
    if (search.at < 0) reveal(step > 0 ? 0 : count - 1);
    else if (!isNew) reveal((search.at + step + count) % count);
    paint();
    tell();
  }

  // Scroll to a match; the focus stays where it is.
  function reveal(at) {
    search.at = at;
    const range = rangeOf(...search.matches[at]);
    if (!isShown(range.startContainer.parentElement)) document.querySelector(".sp-chip.sp-all")?.click();
    if (!canPaint) getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    range.startContainer.parentElement.scrollIntoView({ block: "center", inline: "nearest" });
    // The passage may be longer than what is in sight.
    const scroller = search.root.scrollHeight > search.root.clientHeight ? search.root : null;
    const box_ = range.getBoundingClientRect();
    const frame = scroller ? scroller.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    if (box_.top < frame.top || box_.bottom > frame.bottom) {
      const by = box_.top - (frame.top + frame.bottom) / 2;
      if (scroller) scroller.scrollTop += by;
      else scrollBy(0, by);
    }
  }

  function tell() {
    const line = document.querySelector(".sp-find-count");
    if (!line) return;
    const count = search.matches.length;
    const many = count === MOST ? `more than ${MOST - 1}` : String(count);
    const said = !search.words.trim() ? "" : !count ? "Not found" : search.at < 0 ? `${many} hidden` : `${search.at + 1} of ${many}`;
    if (line.textContent !== said) line.textContent = said;
    document.querySelectorAll(".sp-find button").forEach((button) => {
      button.setAttribute("aria-disabled", String(!count));
    });
  }

  function makeSearch() {
    const form = make("form", "sp-find");
    form.setAttribute("role", "search");
    const label = make("label");
    const input = make("input");
    input.type = "search";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.maxLength = 200;
    input.placeholder = "Find in the text";
    label.append(make("span", "sp-unseen", "Find in the text"), input);
    const count = make("span", "sp-find-count");
    count.setAttribute("role", "status");
    const back = make("button", "", "↑");
    back.setAttribute("aria-label", "Previous match");
    const on = make("button", "", "↓");
    on.setAttribute("aria-label", "Next match");
    form.append(label, count, back, on);
    let wait = 0;
    input.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => look(input.value), 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        input.value = "";
        look("");
      } else if (event.key === "Enter") {
        event.preventDefault();
        go(event.shiftKey ? -1 : 1);
      }
    });
    back.addEventListener("click", () => go(-1));
    on.addEventListener("click", () => go(1));
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  }

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
    box.scrollIntoView({ block: "nearest" });
    // The beginning is what a reader may want to put otherwise.
    box.setSelectionRange(0, box.value.indexOf("“"));
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
    if (tools) tools.append(makeSearch());
    const foot = statement.querySelector(".sp-foot");
    if (foot) makeAsk(foot);
    const about = statement.querySelector(".sp-about");
    if (about && !about.textContent) about.textContent = HINT;
    statement.querySelector(".sp-bar")?.setAttribute("aria-label", "Passages in each category");
    statement.querySelector(".sp-toc .sp-drawn")?.setAttribute("aria-label", "Contents");
    const glance = statement.querySelector(".sp-glance");
    glance?.querySelector(".sp-drawn").setAttribute("aria-label", "The statement at a glance");
    if (glance && roomy.matches) glance.open = true;
    tell();
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
      // A drawer is shut when it has led somewhere, or when an answer needs the room.
      if (link) {
        for (const drawer of document.querySelectorAll(".sp-drawer[open]")) {
          if (link.closest(".sp-toc") === drawer || (drawer.matches(".sp-glance") && link.closest("#sp-chat"))) {
            drawer.open = false;
          }
        }
      }
    }, { capture: true });
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
