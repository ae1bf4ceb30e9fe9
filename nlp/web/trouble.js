// What goes otherwise than a visitor thinks: a question while another is answered, a server that is away, a page that was
// loaded anew, a file of another type or too large. Gradio drops the first without a word and says little about the others.
"use strict";

(() => {
  const AGAIN_MS = 150;
  const TAKEN_MS = 1000; // by then a question that was taken has left the box
  const OWN = "smallprint-own"; // in this browser tab: whether a statement of the visitor's own is open
  const WAITS = "Your question waits for the answer to the one before.";
  const ANEW = "This page was loaded anew, and your statement and its chat are gone from it. Paste or upload it again.";
  const HELP = [
    [/connection to the server was lost/i, "The page is loaded anew as soon as the server answers. A statement of your own has to be pasted or uploaded again then."],
    [/connection errored out|failed to fetch/i, "What you sent did not arrive. Check the connection and try again."],
  ];

  const box = () => document.querySelector("#sp-ask textarea");
  const busy = () => document.querySelector("#sp-chat .sp-waiting") !== null;

  function line(id, place) {
    const made = document.createElement("p");
    made.id = id;
    made.setAttribute("role", "status");
    place(made);
    return made;
  }

  // ---- a second question waits

  let timer = null;

  // In the block of the question box, which a phone holds at the bottom of the window.
  function say(words) {
    const here = document.getElementById("sp-waits") ?? line("sp-waits", (made) => document.getElementById("sp-ask").append(made));
    here.textContent = words;
  }

  function wait() {
    say(WAITS);
    timer ??= setInterval(() => {
      if (!box()?.value.trim()) {
        clearInterval(timer);
        timer = null;
        say("");
      } else if (!busy()) {
        // Not taken before Gradio is done with the answer, a little after it shows: the next time, then.
        document.querySelector("#sp-ask .submit-button")?.click();
      }
    }, AGAIN_MS);
  }

  // A question from before another statement was opened is not to be seen, and stands in the way all the same.
  function insist() {
    const words = box().value;
    setTimeout(() => {
      if (words.trim() && box()?.value === words) wait();
    }, TAKEN_MS);
  }

  function hold(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    wait();
  }

  function onKey(event) {
    const asks = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box();
    if (!asks || !box().value.trim()) return;
    if (busy()) hold(event);
    else insist();
  }

  function onClick(event) {
    if (!box()) return;
    if (!busy()) {
      if (event.isTrusted && event.target.closest?.("#sp-ask .submit-button")) insist();
      return;
    }
    const example = event.target.closest?.("#sp-examples button");
    if (example && !box().value.trim()) {
      box().value = example.textContent.trim();
      box().dispatchEvent(new Event("input", { bubbles: true }));
    }
    if ((example || event.target.closest?.("#sp-ask .submit-button")) && box().value.trim()) hold(event);
  }

  // ---- the page is loaded anew

  let was = false;

  function remembered(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(OWN) === "1";
      if (value) sessionStorage.setItem(OWN, "1");
      else sessionStorage.removeItem(OWN);
    } catch {
      // Where a browser keeps nothing, nothing is said.
    }
    return false;
  }

  function watchStatement() {
    const statement = document.getElementById("sp-document");
    if (!statement?.querySelector(".sp-statement")) return;
    // The way back to the bundled statement is there where another one is open.
    const own = document.getElementById("sp-return") !== null;
    const note = document.getElementById("sp-anew");
    if (own) note?.remove();
    else if (was && !note) line("sp-anew", (made) => statement.before(made)).textContent = ANEW;
    was = was && !own;
    remembered(own);
  }

  function helpWithErrors() {
    document.querySelectorAll(".toast-message-text:not([data-helped])").forEach((message) => {
      message.dataset.helped = "";
      const found = HELP.find(([words]) => words.test(message.textContent));
      if (!found) return;
      const help = document.createElement("p");
      help.textContent = found[1];
      message.append(help);
    });
  }

  // Boxes for files offer what can be read. Gradio could say so too, but would then refuse other files with "Error".
  function offerTypes() {
    const types = document.querySelector('meta[name="smallprint-types"]')?.content;
    if (!types) return;
    document.querySelectorAll('input[type="file"]').forEach((input) => {
      if (!input.accept) input.accept = types;
    });
  }

  // ---- a file is too large: Gradio would say so for seconds, in words of its own

  const PLACES = "#sp-open-row, .sp-side-file, #sp-batch-files";

  function tellSize(place, large, most) {
    const here = place.matches(".sp-side-file") ? place : place.parentElement;
    here.querySelectorAll(":scope > .sp-too-large").forEach((old) => old.remove());
    if (!large.length) return;
    const told = make("p", "sp-error sp-too-large");
    told.setAttribute("role", "alert");
    if (here === place) place.append(told);
    else place.after(told);
    const names = large.map((file) => file.name).join(", ");
    told.textContent = `${names} ${large.length > 1 ? "have" : "has"} more than ${most} MB; upload the policy alone.`;
  }

  function sortOut(files, place) {
    const most = Number(document.querySelector('meta[name="smallprint-megabytes"]')?.content) || Infinity;
    const large = files.filter((file) => file.size > most * 1024 ** 2);
    tellSize(place, large, most);
    return files.filter((file) => !large.includes(file));
  }

  function onFiles(event) {
    const place = event.target.matches?.('input[type="file"]') && event.target.closest(PLACES);
    if (!place) return;
    const given = [...event.target.files];
    const kept = sortOut(given, place);
    if (kept.length === given.length) return;
    const rest = new DataTransfer();
    kept.forEach((file) => rest.items.add(file));
    event.target.files = rest.files;
    if (!kept.length) event.stopImmediatePropagation();
  }

  // What is dropped cannot be sorted out: all of it, or nothing.
  function onDrop(event) {
    const place = event.target.closest?.(PLACES);
    const given = [...(event.dataTransfer?.files ?? [])];
    if (!place || sortOut(given, place).length === given.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const plan = oncePerFrame(() => {
    offerTypes();
    watchStatement();
    helpWithErrors();
  });

  was = remembered();
  // Before Gradio hears of it.
  document.addEventListener("keydown", onKey, { capture: true });
  document.addEventListener("click", onClick, { capture: true });
  document.addEventListener("change", onFiles, { capture: true });
  document.addEventListener("drop", onDrop, { capture: true });
  new MutationObserver(plan).observe(document.documentElement, { childList: true, subtree: true });
  plan();
})();
