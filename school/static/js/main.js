/** Bring a page's behaviours to life: for each attribute data-<name> on the page, load ./<name>.js once and call its enhance(element).
 *  A page without such an attribute loads nothing more than this file; every page works without any of them. */
const BEHAVIOURS = ["busy", "confirm-leave", "countdown", "filter", "autorefresh", "read-aloud", "quiz", "sign-in", "live-preview", "sheet-entry"];

for (const name of BEHAVIOURS) {
  const found = document.querySelectorAll(`[data-${name}]`);
  if (found.length) import(`./${name}.js`).then(({ enhance }) => found.forEach((element) => enhance(element)));
}

/** Answers that an earlier page could not send wait in this browser: whoever signs out is asked. */
function waits() {
  try {
    return localStorage.getItem("waiting") !== null;
  } catch {
    return false;
  }
}
if (waits()) import("./waiting.js").then(({ guardSignOut }) => guardSignOut());
