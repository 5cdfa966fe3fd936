/** Narrow a long table already on the page to the rows that hold what is typed, and say how many are left.
 *  Markup: macros/table.html filter_box: <p data-filter="units" data-what="个单位" hidden> with an input and an output;
 *  data-filter is the id of a table.  Without this file the box stays hidden and the whole list is read. */

/** Whether a row's text holds every typed word, capitals and blanks aside. */
export function holds(text, typed) {
  const plain = text.replace(/\s+/g, "").toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => plain.includes(word));
}

/** The count in words. */
export function countWords(shown, total, what) {
  if (shown === total) return `共 ${total} ${what}`;
  return shown ? `共 ${total} ${what}，找到 ${shown} ${what}` : `共 ${total} ${what}，没有找到，请换一个词`;
}

export function enhance(box) {
  const rows = [...document.getElementById(box.dataset.filter).tBodies[0].rows];
  const input = box.querySelector("input");
  const narrow = () => {
    for (const row of rows) row.hidden = !holds(row.textContent, input.value.trim());
    const shown = rows.filter((row) => !row.hidden).length;
    box.querySelector("output").textContent = countWords(shown, rows.length, box.dataset.what);
  };
  input.addEventListener("input", narrow);
  box.hidden = false;
  narrow();
}
