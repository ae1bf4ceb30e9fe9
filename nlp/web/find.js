// Search in the statement: words as they stand there, the matches marked and counted.
"use strict";

const finder = (() => {
  const MOST = 2000; // matches that are marked; more are of no use to a reader

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
      makeRoom();
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
    select();
    paint();
    tell();
  }

  // Where nothing can be painted, a selection shows the match; it would take the caret from who types.
  function select() {
    if (canPaint || search.at < 0) return;
    const range = rangeOf(...search.matches[search.at]);
    getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }

  // Scroll to a match; the focus stays where it is.
  function reveal(at) {
    search.at = at;
    const range = rangeOf(...search.matches[at]);
    if (!isShown(range.startContainer.parentElement)) document.querySelector(".sp-chip.sp-all")?.click();
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

  function form() {
    const found = make("form", "sp-find");
    found.setAttribute("role", "search");
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
    found.append(label, count, back, on);
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
    found.addEventListener("submit", (event) => event.preventDefault());
    return found;
  }

  return { form, tell };
})();
