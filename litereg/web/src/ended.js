// When somebody logs out in one tab, the others stop showing what is theirs.

const GONE = ["logged-out", "account-closed"];
const playground = document.getElementById("playground");
const isKnown = Boolean(document.getElementById("account") ?? playground?.dataset.viewer);
// Other registries may be below other paths of the same host.
const home = document.querySelector("a.brand")?.pathname ?? playground?.dataset.home ?? "/";
const channel = new BroadcastChannel(`litereg ${home}`);

const notice = new URLSearchParams(location.search).get("notice");
// A link from elsewhere may say so too; whoever is still logged in has not logged out.
if (!isKnown && GONE.includes(notice)) channel.postMessage("ended");

channel.addEventListener("message", ({ data }) => {
  // Asked for anew by GET, whatever form brought the page.
  if (isKnown && data === "ended") location.replace(location.pathname + location.search);
});
