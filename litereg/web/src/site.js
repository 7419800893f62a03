// What pages gain where scripts run; without them everything works by links and forms.

import htmx from "htmx.org";
import "./site.css";
import "./ended.js";
import "./token.js";

// htmx finds its attributes by itself once it is on the page.
globalThis.htmx = htmx;

/** Prepare what stands in a part of the page, at the start and whenever htmx puts a part in. */
function prepare(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const select of root.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
}

async function copy(button) {
  const label = button.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  // A click elsewhere closes an open menu, as people expect of menus.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector("header .find input")?.focus();
  }
});

// Forms that cannot be undone say what they do before they do it.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// A form that was refused in place leaves the page behind the times: show it anew, refusal and all.
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.elt instanceof HTMLFormElement && detail.requestConfig.verb === "post") location.reload();
});

document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
prepare(document);
