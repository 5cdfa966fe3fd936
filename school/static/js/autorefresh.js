/** Read one part of the page again every few seconds, as long as the page is looked at and the part asks for it.
 *  Markup: <section id="job" data-autorefresh="5">: seconds; the same page holds the new part under the same id, and without
 *  the attribute when there is nothing more to wait for.  data-autorefresh-from: an address that answers with the part alone.
 *  Without this file macros/progress.html reads the whole page again. */

export function enhance(part) {
  const seconds = Number(part.dataset.autorefresh);
  if (seconds > 0) setTimeout(() => again(part), seconds * 1000);
}

async function again(part) {
  const fresh = document.visibilityState === "visible" ? await fetched(part.id, part.dataset.autorefreshFrom || location.href) : null;
  if (fresh) {
    part.replaceChildren(...fresh.childNodes);
    if (!fresh.hasAttribute("data-autorefresh")) return part.removeAttribute("data-autorefresh");
  }
  enhance(part);
}

/** The part as it is now, or null where the line is down or the page has become another one. */
async function fetched(id, address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  } catch {
    return null;
  }
}
