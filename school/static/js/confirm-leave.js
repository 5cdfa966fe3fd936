/** Ask before unsaved changes are left behind.
 *  Markup: <form data-confirm-leave>.  Without this file the page is left without a question. */

/** Whether two lists of [name, value] differ; files count by name and size. */
export function differs(before, after) {
  const plain = (entries) => JSON.stringify(entries.map(([name, value]) => [name, value.name ?? value, value.size]));
  return plain(before) !== plain(after);
}

export function enhance(form) {
  const entries = () => [...new FormData(form)];
  const before = entries();
  let sent = false;
  form.addEventListener("submit", () => (sent = true));
  addEventListener("beforeunload", (event) => {
    if (!sent && differs(before, entries())) event.preventDefault();
  });
}
