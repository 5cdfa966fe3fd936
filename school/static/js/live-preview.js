/** Show below a box what would be understood of the text typed or pasted so far.
 *  Markup: <div data-live-preview="/banks/1/import/live" data-of="pasted" aria-live="polite"></div> inside the form of the box;
 *  data-of is the name of the field.  The server answers a piece of a page.
 *  Without this file the box is sent with its form, and the next page shows the same. */

/** Rest after the last key before the server is asked (ms). */
const REST = 600;

export function enhance(shown) {
  const form = shown.closest("form");
  const box = form.elements[shown.dataset.of];
  let timer = 0;
  let asked = 0;

  const ask = async () => {
    const mine = ++asked;
    const fields = new FormData();
    fields.set("csrf_token", form.elements.csrf_token.value);
    fields.set(shown.dataset.of, box.value);
    const fresh = box.value.trim() ? await fetched(shown.dataset.livePreview, fields) : [];
    // An answer that comes late must not cover a newer one; one that fails leaves what stands.
    if (fresh && mine === asked) shown.replaceChildren(...fresh);
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  });
  if (box.value.trim()) ask();
}

/** The piece of a page, or null where the line is down or the server refuses. */
async function fetched(url, body) {
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes;
  } catch {
    return null;
  }
}
