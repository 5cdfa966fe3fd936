/** Type a paper answer sheet by keyboard: a mark is put down with one key and the next field has the focus.
 *  Markup: <div data-sheet-entry> around a form whose fields carry data-answer="single|multi|judge|fill|short", those with
 *  letters also data-letters="4"; <output data-count> says how many are typed.
 *  Without this file the same fields are filled with the tab key, and the server reads the same marks. */

const LETTERS = "ABCDEFGH";
const TRUE = "√✓VTY对正是1";
const FALSE = "×✗XFN错否20";

/** A typed text as it is shown: letters for figures, √ and × for the ways to say them; what means nothing is dropped. */
export function marks(kind, letters, typed) {
  const plain = [...typed.normalize("NFKC").toUpperCase()];
  if (plain.includes("-")) return "-";
  if (kind === "judge") {
    const known = plain.filter((one) => TRUE.includes(one) || FALSE.includes(one)).pop();
    return known ? (TRUE.includes(known) ? "√" : "×") : "";
  }
  const known = plain.map((one) => ("12345678".includes(one) ? LETTERS[one - 1] : one));
  const there = known.filter((one) => LETTERS.slice(0, letters).includes(one));
  return kind === "single" ? (there.pop() ?? "") : [...new Set(there)].join("");
}

/** Whether nothing more can be typed into a field. */
export function full(kind, letters, shown) {
  return shown === "-" || (kind === "multi" ? shown.length === letters : shown.length === 1);
}

const hasMarks = (field) => ["single", "multi", "judge"].includes(field.dataset.answer);

export function enhance(around) {
  const form = around.querySelector("form");
  const fields = [...form.querySelectorAll("[data-answer]")];
  const count = form.querySelector("[data-count]");

  const tell = () => {
    count.textContent = `已打 ${fields.filter((field) => field.value.trim()).length} / ${fields.length}`;
  };
  const go = (field) => {
    field.focus();
    field.select();
  };
  /** On to the next field; after the last one back to one that was left out, and else save. */
  const onward = (field, save) => {
    const next = fields[fields.indexOf(field) + 1];
    if (next) return go(next);
    const open = fields.find((one) => hasMarks(one) && !one.value);
    if (open) go(open);
    else if (save) form.requestSubmit();
  };
  const read = (field) => {
    const { answer, letters } = field.dataset;
    field.value = marks(answer, Number(letters), field.value);
    tell();
    if (full(answer, Number(letters), field.value)) onward(field, false);
  };

  for (const field of fields) {
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || (event.key === "Enter" && field.dataset.answer === "short")) return;
      const on = event.key === "Enter" || (event.key === " " && hasMarks(field));
      const back = event.key === "Backspace" && !field.value;
      if (!on && !back) return;
      event.preventDefault();
      if (on) onward(field, event.key === "Enter");
      else if (fields[fields.indexOf(field) - 1]) go(fields[fields.indexOf(field) - 1]);
    });
    if (hasMarks(field)) {
      field.addEventListener("focus", () => field.select());
      field.addEventListener("input", (event) => event.isComposing || read(field));
      field.addEventListener("compositionend", () => read(field));
    } else field.addEventListener("input", tell);
  }
  /** Keys pressed before this file had come all went into one field: put them where they were meant. */
  const spread = (field) => {
    const early = field.value;
    field.value = "";
    let here = field;
    for (const key of early) {
      if (key === " ") onward(here, false);
      else {
        here.value += key;
        read(here);
      }
      here = fields.includes(document.activeElement) ? document.activeElement : here;
      if (!hasMarks(here)) break;
    }
  };
  tell();
  const early = fields.find((field) => hasMarks(field) && field.value !== field.defaultValue);
  if (early) {
    go(early);
    return spread(early);
  }
  const first = fields.find((field) => field.getAttribute("aria-invalid")) ?? fields.find((field) => !field.value);
  if (first) go(first);
}
