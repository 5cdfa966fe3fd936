/** Save each answer as it is given, without leaving the page, and say in words what is saved.
 *  Markup: <form method="post" data-quiz data-time="/quiz/7/time"> with fields sequence, packet, given and, inside,
 *  <p data-save-state>; beside it [data-countdown] (countdown.js).
 *  A save is repeated with the same packet until the server has answered: it answers only what is stored.
 *  Without this file the buttons of the form save the answer and lead on. */

const RETRY = [1_000, 2_000, 5_000, 10_000, 20_000];
const ASK_TIME = 25_000;

/** What is said about so many answers on their way, at a try (counted from 0). */
export function waitingWords(waiting, tries) {
  return tries ? `网络不通，${waiting} 题等待发送，正在重试…` : `正在保存…`;
}

/** Milliseconds before the next try. */
export function pause(tries) {
  return RETRY[Math.min(tries, RETRY.length - 1)];
}

/** Show in the sheet of numbers whether the present question has an answer, and count anew. */
export function tick(form, answered) {
  const sheet = form.querySelector(".sheet-of-numbers");
  const here = sheet.querySelector("[aria-current]");
  here.classList.toggle("answered", answered);
  here.setAttribute("aria-label", `第 ${here.value} 题，${answered ? "已答" : "未答"}`);
  const done = sheet.querySelectorAll(".answered").length;
  const all = sheet.querySelectorAll(".number").length;
  sheet.querySelector("summary").textContent = `全部题目（已答 ${done}，未答 ${all - done}）`;
}

/** Whether something was answered before this file had come over a slow line. */
export function touched(form) {
  const fields = [...form.querySelectorAll("[name=given]")];
  return fields.some((field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue);
}

export function enhance(form) {
  const state = form.querySelector("[data-save-state]");
  let sequence = Number(form.elements.sequence.value) - 1;
  let unsent = null;
  let sending = false;
  let tries = 0;

  const say = (words, loud = false) => {
    state.textContent = words;
    state.classList.toggle("loud", loud);
  };

  const remember = () => {
    sequence += 1;
    form.elements.sequence.value = sequence;
    form.elements.packet.value = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    unsent = new FormData(form);
    tries = 0;
    send();
  };

  const send = async () => {
    if (sending || !unsent) return;
    sending = true;
    say(waitingWords(1, tries), tries > 0);
    const packet = unsent;
    try {
      const answer = await fetch(form.action, { method: "POST", body: packet, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (answer.status >= 500) throw new Error(told.error);
      if (packet === unsent) unsent = null;
      tries = 0;
      if (!answer.ok) say(told.error, true);
      else if (told.newer) say("这道题在另一个页面上改过了，请刷新本页再答。", true);
      else {
        say(`已保存 ${told.saved_at}`);
        tick(form, packet.getAll("given").some((given) => given.trim()));
      }
    } catch {
      tries += 1;
      say(waitingWords(1, tries), true);
    }
    sending = false;
    if (unsent) setTimeout(send, tries ? pause(tries - 1) : 0);
  };

  const askTime = async () => {
    const shown = form.closest("main").querySelector("[data-countdown]");
    try {
      const told = await (await fetch(form.dataset.time, { headers: { Accept: "application/json" } })).json();
      if (told.handed_in) location.reload();
      else if (shown && told.deadline_at) shown.dataset.countdown = told.deadline_at;
    } catch { /* offline: the clock time on the page still stands */ }
  };

  form.addEventListener("change", remember);
  addEventListener("online", () => { tries = 0; send(); });
  addEventListener("beforeunload", (event) => { if (unsent && tries) event.preventDefault(); });
  setInterval(askTime, ASK_TIME);
  if (touched(form)) remember();
}
