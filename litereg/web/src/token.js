// Links in letters end in `#token=…`, which browsers send to nobody: put it into the page's form.

const TOKEN = /^#token=([\w-]+)$/;

function takeToken() {
  const form = document.querySelector("form[data-with-token]");
  const found = TOKEN.exec(location.hash);
  if (!form || !found) return;
  form.elements.token.value = found[1];
  form.hidden = false;
  for (const other of document.querySelectorAll("[data-without-token]")) other.hidden = true;
}

takeToken();
addEventListener("hashchange", takeToken);
