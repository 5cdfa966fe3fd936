/** Send a form once: after the first sending its buttons rest and the pressed one says 正在处理…, then how long that takes.
 *  Markup: <form data-busy>.  Without this file a second sending is the server's to refuse. */

/** An answer that is a file leaves the page standing, so the buttons come back after this long (ms). */
const REST = 15_000;
/** From here on (ms) the passing seconds are shown, so that nobody takes a long job for a dead page. */
const LONG = 2_000;

export function enhance(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.busy === "now") return event.preventDefault();
    form.dataset.busy = "now";
    const rested = rest(form, event.submitter);
    const wake = () => {
      form.dataset.busy = "";
      rested();
    };
    setTimeout(wake, REST);
    // A page fetched back from the browser's memory must not stay asleep.
    addEventListener("pageshow", wake, { once: true });
  });
}

/** Let the buttons rest and return the way to wake them. The disabling waits a moment: a disabled button sends no value. */
function rest(form, pressed) {
  const buttons = [...form.querySelectorAll("button")].filter((button) => !button.disabled);
  const words = pressed?.textContent;
  const began = Date.now();
  const counting = setInterval(() => {
    const passed = Date.now() - began;
    if (pressed && passed >= LONG) pressed.textContent = `正在处理… ${Math.round(passed / 1000)} 秒`;
  }, 1000);
  setTimeout(() => {
    for (const button of buttons) button.disabled = true;
    if (pressed) pressed.textContent = "正在处理…";
  });
  return () => {
    clearInterval(counting);
    for (const button of buttons) button.disabled = false;
    if (pressed) pressed.textContent = words;
  };
}
